#include "access/audit_log.h"
#include "api/endpoints.h"
#include "api/endpoints/audit_shapes.h"
#include "api/endpoints/import_parameters.h"
#include "http/media.h"
#include "json/view.h"

namespace credvault::api {
namespace {

struct ExportAuditLogs {
    std::optional<json::View> filter;

    static Fields fields() {
        return {query(&ExportAuditLogs::filter, "filter",
                      {.description = "A filter in the filter language; all entries where it is left out.",
                       .example = R"({"outcome":"refused"})",
                       .json = JsonKind::Object})};
    }
};

/// Page after page by cursor, so that memory does not grow with the log.
class AuditSource final : public http::BodySource {
public:
    AuditSource(access::AuditLog& audit, std::string workspace, std::string filter)
        : audit_(audit), workspace_(std::move(workspace)), filter_(std::move(filter)) {}

    /// The first page, so that a bad filter is told by a status.
    Reply<void> begin() {
        CO_TRY(ahead_, co_await page());
        co_return Status();
    }
    Reply<std::string> next() override {
        if (!ahead_.empty()) co_return std::exchange(ahead_, {});
        if (ended_) co_return std::string();
        co_return co_await page();
    }

private:
    Reply<std::string> page() {
        storage::ListQuery query;
        query.limit = storage::max_page;
        query.filter = filter_;
        query.cursor = cursor_;
        query.count = storage::CountMode::None;
        CO_TRY(storage::Listing listing, co_await audit_.list(workspace_, std::move(query)));
        cursor_ = listing.pagination.next_cursor;
        ended_ = !listing.pagination.has_more;
        std::string lines;
        for (const json::View entry : json::View(listing.rows).elements())
            lines.append(entry.text()).push_back('\n');
        co_return lines;
    }

    access::AuditLog& audit_;
    const std::string workspace_;
    const std::string filter_;
    std::string cursor_;
    std::string ahead_;
    bool ended_ = false;
};

Reply<Streamed> run(Context& context, const ExportAuditLogs& request) {
    auto source =
        std::make_unique<AuditSource>(context.services.audit, std::string(context.workspace()),
                                      request.filter ? std::string(request.filter->text()) : std::string());
    CO_TRY_VOID(co_await source->begin());
    co_return Streamed{std::move(source), ndjson_type};
}

}  // namespace

const Endpoint export_audit_logs = Operation<ExportAuditLogs, Streamed>{
    .id = "exportAuditLogs",
    .method = http::Method::Get,
    .path = "/v1/audit-logs/export",
    .tag = "Audit log",
    .summary = "Export the audit log",
    .description = "All entries that match, one a line, the oldest first.",
    .scope = Scope::LogsRead,
    .rate = RateClass::Scan,
    .produces = ndjson_type,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
