#include "storage/contract_checks.h"

#include <algorithm>
#include <array>
#include <variant>

#include "json/canonical.h"
#include "query/key.h"
#include "storage/hidden.h"
#include "storage/record.h"

namespace credvault::storage {
namespace {

constexpr std::size_t max_idempotency_key_bytes = 1024;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string wrong_id(std::string_view id) {
    const Status checked = check_id(id);
    return checked.ok() ? std::string() : "an id that check_id refuses: " + checked.error().message;
}

/// What is wrong with one operation of a batch.
struct OperationCheck {
    std::string operator()(const InsertRecord& operation) const {
        if (std::string wrong = wrong_object(operation.record); !wrong.empty()) return wrong;
        const auto id = json::View(operation.record).find("id");
        if (!id) return {};
        return id->is_string() ? wrong_id(id->as_string()) : "an id that is no string";
    }
    std::string operator()(const PutRecord& operation) const {
        if (std::string wrong = wrong_id(operation.id); !wrong.empty()) return wrong;
        return wrong_object(operation.record);
    }
    std::string operator()(const ModifyRecord& operation) const {
        return operation.change == nullptr ? "a modification without a change" : "";
    }
    std::string operator()(const RemoveRecord&) const { return {}; }
    std::string operator()(const ModifyMatches& operation) const {
        if (operation.change == nullptr) return "a modification without a change";
        return operation.limit == 1 || operation.limit == no_limit ? ""
                                                                   : "a limit that is neither 1 nor none";
    }
    std::string operator()(const RemoveMatches& operation) const {
        return operation.limit == 1 || operation.limit == no_limit ? ""
                                                                   : "a limit that is neither 1 nor none";
    }
    std::string operator()(const CheckRecord&) const { return {}; }
    std::string operator()(const CheckMatches&) const { return {}; }
    std::string operator()(const CreateCollection& operation) const {
        std::string wrong = is_hidden(operation.name) ? "" : wrong_name(operation.name);
        return wrong.empty() ? wrong_object(operation.options) : wrong;
    }
    std::string operator()(const AlterCollection& operation) const { return wrong_object(operation.options); }
    std::string operator()(const DropCollection&) const { return {}; }
    std::string operator()(const PublishCollection& operation) const {
        return is_hidden(operation.hidden) ? wrong_name(operation.name)
                                           : "a publication of what is not hidden";
    }
    std::string operator()(const CreateIndex& operation) const { return wrong_name(operation.spec.name); }
    std::string operator()(const DropIndex&) const { return {}; }
};

/// Whether an outcome fits its operation: which effects there are, and whether it is about a record.
struct OutcomeCheck {
    const OperationOutcome& outcome;

    std::string of_record(std::initializer_list<Effect> effects) const {
        if (std::find(effects.begin(), effects.end(), outcome.effect) == effects.end())
            return "an impossible effect";
        if (outcome.id.empty()) return "an outcome without the record's id";
        const bool numbered = outcome.revision.incarnation > 0 && outcome.revision.version > 0;
        return numbered ? "" : "an outcome without a revision";
    }
    std::string of_schema(Effect effect) const {
        return outcome.effect == effect ? "" : "an impossible effect";
    }

    bool may_be_skipped(const Guard& guard) const {
        return outcome.effect == Effect::Skipped && guard.filter != nullptr && !guard.required;
    }
    std::string wrong_counts(std::uint64_t most) const {
        const bool good = outcome.matched <= most && outcome.modified <= outcome.matched;
        return good ? "" : "counts that do not fit the effect";
    }

    std::string operator()(const InsertRecord&) const { return of_record({Effect::Created}); }
    std::string operator()(const PutRecord&) const {
        return of_record({Effect::Created, Effect::Changed, Effect::Unchanged});
    }
    std::string operator()(const ModifyRecord& operation) const {
        if (may_be_skipped(operation.guard)) return {};
        return of_record({Effect::Changed, Effect::Unchanged});
    }
    std::string operator()(const RemoveRecord& operation) const {
        if (may_be_skipped(operation.guard)) return {};
        return of_record({Effect::Removed});
    }
    std::string operator()(const ModifyMatches& operation) const {
        if (outcome.effect == Effect::Skipped)
            return operation.upsert ? "an upsert that did nothing" : wrong_counts(0);
        if (outcome.effect == Effect::Created) return operation.upsert ? "" : "an unwanted insertion";
        if (operation.limit != 1) return wrong_counts(no_limit);
        return of_record({Effect::Changed, Effect::Unchanged});
    }
    std::string operator()(const RemoveMatches& operation) const {
        if (outcome.effect == Effect::Skipped) return wrong_counts(0);
        return operation.limit == 1 ? of_record({Effect::Removed}) : wrong_counts(no_limit);
    }
    std::string operator()(const CheckRecord&) const { return of_schema(Effect::Checked); }
    std::string operator()(const CheckMatches&) const { return of_schema(Effect::Checked); }
    std::string operator()(const CreateCollection&) const { return of_schema(Effect::Created); }
    std::string operator()(const AlterCollection&) const { return of_schema(Effect::Changed); }
    std::string operator()(const DropCollection&) const { return of_schema(Effect::Removed); }
    std::string operator()(const PublishCollection&) const { return of_schema(Effect::Changed); }
    std::string operator()(const CreateIndex&) const { return of_schema(Effect::Created); }
    std::string operator()(const DropIndex&) const { return of_schema(Effect::Removed); }
};

std::string wrong_written_record(const OperationOutcome& outcome) {
    const json::View record(outcome.record);
    if (std::string wrong = wrong_record(record); !wrong.empty()) return wrong;
    if (record.find("id")->as_string() != outcome.id) return "a record that is not the outcome's";
    return record_version(record) == outcome.revision.version ? ""
                                                              : "a record that is not the outcome's version";
}

bool is_time(const json::View& value) { return value.is_string() && value.text().size() == 26; }

}  // namespace

std::string wrong_database_id(std::string_view database) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; };
    const bool good =
        !database.empty() && database.size() <= 64 && std::all_of(database.begin(), database.end(), allowed);
    return good ? "" : "a database id that is none";
}

std::string wrong_name(std::string_view name) {
    const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; };
    const bool good = !name.empty() && name.size() <= 64 && is_letter(name[0]) &&
                      std::all_of(name.begin(), name.end(), allowed);
    return good ? "" : "a name that is none";
}

std::string wrong_object(std::string_view text) {
    json::ParseLimits limits;
    limits.max_bytes = std::max(limits.max_bytes, text.size());
    const auto canonical = json::canonicalize(text, limits);
    if (!canonical.ok()) return "text that is no JSON: " + canonical.error().message;
    if (*canonical != text) return "text that is not canonical";
    return json::View(text).is_object() ? "" : "text that is no object";
}

std::string wrong_record(const json::View& record) {
    if (std::string wrong = wrong_object(record.text()); !wrong.empty()) return wrong;
    std::vector<json::Member> members;
    for (const json::Member& member : record.members()) members.push_back(member);
    const std::size_t n = members.size();
    const bool placed = n >= 4 && members[0].name == "id" && members[n - 3].name == "created_at" &&
                        members[n - 2].name == "updated_at" && members[n - 1].name == "_version";
    if (!placed) return "a record without the platform's fields in their places";
    if (!members[0].value.is_string() || !is_time(members[n - 3].value) || !is_time(members[n - 2].value)) {
        return "a record with a platform field of the wrong type";
    }
    const json::View version = members[n - 1].value;
    return version.type() == json::Type::Int && version.as_int() >= 1 ? ""
                                                                      : "a record whose version is below 1";
}

std::string wrong_position(std::string_view position, const query::Sort& sort) {
    if (position.empty()) return {};
    for (const query::SortKey& key : sort) {
        const auto length = query::key_length(position, key.descending);
        if (!length.ok()) return "a position that does not fit the sort";
        position.remove_prefix(*length);
    }
    return query::decode_id_key(position, query::id_descending(sort)).ok() ? "" : "a position without an id";
}

std::string wrong_request(const FindRequest& request) {
    if (std::string wrong = wrong_database_id(request.database); !wrong.empty()) return wrong;
    if (request.any_order && !request.after.empty()) return "a position where any order will do";
    const bool has_rank = request.filter.text() != nullptr || request.filter.near() != nullptr;
    if (request.needs_rank() && !has_rank) return "a rank of a filter that has none";
    return wrong_position(request.after, request.sort);
}

std::string wrong_batch(const WriteBatch& batch) {
    if (std::string wrong = wrong_database_id(batch.database); !wrong.empty()) return wrong;
    const bool is_empty = batch.operations.empty() && !batch.idempotency;
    if (is_empty || batch.operations.size() > max_batch_operations) {
        return "a batch of " + std::to_string(batch.operations.size()) + " operations";
    }
    if (const auto& once = batch.idempotency) {
        if (once->key.empty() || once->key.size() > max_idempotency_key_bytes) return "a bad idempotency key";
        if (once->only_look && !batch.operations.empty()) return "a look at a key with operations";
        if (!once->answer && !once->only_look) return "an idempotency key without an answer";
    }
    for (const Operation& operation : batch.operations) {
        if (std::string wrong = std::visit(OperationCheck{}, operation); !wrong.empty()) return wrong;
    }
    return {};
}

std::string wrong_answer(const WriteBatch& batch, const WriteOutcome& outcome) {
    if (outcome.replayed) {
        if (!batch.idempotency) return "a replay without an idempotency key";
        return outcome.operations.empty() ? "" : "a replay with outcomes";
    }
    const bool stopped = batch.on_failure == OnFailure::Stop && !outcome.operations.empty() &&
                         outcome.operations.back().effect == Effect::Failed;
    if (outcome.operations.size() > batch.operations.size() ||
        (outcome.operations.size() < batch.operations.size() && !stopped)) {
        return "another number of outcomes than of operations";
    }
    if (outcome.time_ms <= 0) return "an outcome without a time";
    for (std::size_t i = 0; i < outcome.operations.size(); ++i) {
        const OperationOutcome& one = outcome.operations[i];
        if ((one.effect == Effect::Failed) != one.error.has_value()) return "a failure without its error";
        if (one.effect == Effect::Failed) {
            if (batch.on_failure == OnFailure::Undo)
                return "a failure in a batch that is done whole or not at all";
            continue;
        }
        if (std::string wrong = std::visit(OutcomeCheck{one}, batch.operations[i]); !wrong.empty())
            return wrong;
        const bool shown = batch.want_records && !one.id.empty() && one.effect != Effect::Removed &&
                           one.effect != Effect::Skipped && one.effect != Effect::Checked;
        if (shown != !one.record.empty())
            return "a record in the outcome that is not wanted, or none where it is";
        if (!shown) continue;
        if (std::string wrong = wrong_written_record(one); !wrong.empty()) return wrong;
    }
    return {};
}

std::string wrong_answer(const CollectionInfo& info) {
    if (std::string wrong = wrong_object(info.options); !wrong.empty()) return wrong;
    const auto by_name = [](const IndexInfo& a, const IndexInfo& b) { return a.spec.name < b.spec.name; };
    if (!std::is_sorted(info.indexes.begin(), info.indexes.end(), by_name))
        return "indexes that are not sorted by name";
    for (const IndexInfo& index : info.indexes) {
        if ((index.state == IndexState::Failed) == index.failure.empty())
            return "a state that does not fit the failure";
    }
    return {};
}

std::string undeclared(const Error& error, std::initializer_list<ErrorCode> declared) {
    constexpr std::array always{ErrorCode::STORAGE_UNAVAILABLE, ErrorCode::STORAGE_FULL,
                                ErrorCode::DATABASE_DAMAGED,    ErrorCode::OVERLOADED,
                                ErrorCode::SHUTTING_DOWN,       ErrorCode::INTERNAL};
    const auto among = [&](const auto& codes) {
        return std::find(codes.begin(), codes.end(), error.code) != codes.end();
    };
    if (!among(always) && !among(declared))
        return "the undeclared error " + std::string(error_name(error.code));
    return error.message.empty() ? "an error without a message" : "";
}

std::string wrong_place(const Error& error, std::size_t operations) {
    switch (error.code) {
        case ErrorCode::COLLECTION_NOT_FOUND:
        case ErrorCode::RECORD_NOT_FOUND:
        case ErrorCode::INDEX_NOT_FOUND:
        case ErrorCode::ALREADY_EXISTS:
        case ErrorCode::DUPLICATE_KEY:
        case ErrorCode::PRECONDITION_FAILED:
        case ErrorCode::INVALID_RECORD:
        case ErrorCode::SCHEMA_VIOLATION:
        case ErrorCode::INVALID_INDEX:
        case ErrorCode::INVALID_PATCH:
        case ErrorCode::INVALID_UPDATE:
        case ErrorCode::IMMUTABLE_FIELD:
        case ErrorCode::INVALID_EXPRESSION:
        case ErrorCode::INVALID_PIPELINE:
        case ErrorCode::QUERY_TOO_LARGE:
        case ErrorCode::WRITE_CONFLICT: break;
        default: return {};
    }
    if (operations == 1) return {};
    const std::size_t digits = std::min(error.field.find('.'), error.field.size());
    const std::string_view place = std::string_view(error.field).substr(0, digits);
    const bool numbered = !place.empty() && std::all_of(place.begin(), place.end(), is_digit);
    return numbered ? "" : "an error that does not name its operation";
}

}  // namespace credvault::storage
