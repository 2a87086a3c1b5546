#include "api/endpoints/operation_lists.h"

#include <utility>

#include "api/endpoints/written.h"
#include "api/operation.h"

namespace credvault::api {
namespace {

std::string violations_in(const json::View& results) {
    std::uint64_t records = 0;
    std::size_t position = 0, first = 0;
    std::string_view violations;
    for (const json::View result : results.elements()) {
        if (const auto count = result.find("violating_count")) {
            if (records == 0) {
                first = position;
                violations = result.find("violations")->text();
            }
            records += static_cast<std::uint64_t>(count->as_int());
        }
        ++position;
    }
    return records == 0 ? std::string() : violations_text(records, first, violations);
}

}  // namespace

documents::BulkOptions bulk_options(Context& context, KeyedWrite& keyed) {
    documents::BulkOptions options;
    options.actor = context.actor();
    options.may_set_times = context.principal.scopes.has(Scope::DatabaseManage);
    options.idempotency = std::move(keyed.write);
    return options;
}

std::vector<ErrorCode> errors_of_operations() {
    return {
        ErrorCode::DATABASE_NOT_FOUND,    ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::RECORD_NOT_FOUND,
        ErrorCode::INVALID_FILTER,        ErrorCode::INVALID_SORT,         ErrorCode::INVALID_UPDATE,
        ErrorCode::INVALID_RECORD,        ErrorCode::IMMUTABLE_FIELD,      ErrorCode::SCHEMA_VIOLATION,
        ErrorCode::INVALID_EXPRESSION,    ErrorCode::INVALID_PIPELINE,     ErrorCode::UNSUPPORTED_OPERATOR,
        ErrorCode::ALREADY_EXISTS,        ErrorCode::DUPLICATE_KEY,        ErrorCode::PRECONDITION_FAILED,
        ErrorCode::PRECONDITION_REQUIRED, ErrorCode::LIMIT_EXCEEDED,       ErrorCode::QUOTA_EXCEEDED,
        ErrorCode::QUERY_TOO_LARGE};
}

OperationsDone operations_done(std::string data) {
    OperationsDone done;
    done.violations = violations_in(*json::View(data).find("results"));
    done.value.text = std::move(data);
    return done;
}

}  // namespace credvault::api
