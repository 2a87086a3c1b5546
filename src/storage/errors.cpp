#include "storage/errors.h"

#include <algorithm>
#include <utility>

#include "query/text/text_source.h"
#include "storage/expiry.h"
#include "storage/record.h"

namespace credvault::storage {
namespace {

constexpr std::size_t longest_shown = 128;

/// The text, cut where a code point begins.
std::string shown(std::string_view text) {
    if (text.size() <= longest_shown) return std::string(text);
    std::size_t end = longest_shown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

std::string quoted(std::string_view name) { return "'" + shown(name) + "'"; }

/// The value at a path through objects only, which is all that a message needs.
std::optional<json::View> value_at(json::View record, const query::Path& path) {
    for (const query::PathPart& part : path.parts) {
        const auto member = record.find(part.escaped);
        if (!member) return {};
        record = *member;
    }
    return record;
}

/// "email = \"a@b.c\", age = 3"
std::string values_text(const IndexSpec& index, const json::View& record) {
    std::string text;
    for (const query::SortKey& key : index.keys.fields) {
        if (!text.empty()) text += ", ";
        const auto value = value_at(record, key.path);
        text += key.path.text;
        text += value && value->is_array() ? " in " : " = ";
        text += value ? shown(value->text()) : "null";
    }
    return text;
}

Error unavailable(ErrorCode code, std::string_view message, std::string cause, std::int64_t retry_seconds) {
    Error error(code, std::string(message), {}, std::move(cause));
    error.retry_after_seconds = retry_seconds;
    return error;
}

bool contains(const std::vector<Revision>& revisions, const Revision& revision) {
    return std::find(revisions.begin(), revisions.end(), revision) != revisions.end();
}

}  // namespace

Error database_not_found(std::string_view name) {
    return Error(ErrorCode::DATABASE_NOT_FOUND, name.empty() ? "This database does not exist"
                                                             : "There is no database named " + quoted(name));
}

Error database_exists(std::string_view name) {
    return Error(ErrorCode::ALREADY_EXISTS, name.empty()
                                                ? "This database exists already"
                                                : "A database named " + quoted(name) + " exists already");
}

Error collection_not_found(std::string_view name) {
    return Error(ErrorCode::COLLECTION_NOT_FOUND, "There is no collection named " + quoted(name));
}

Error collection_exists(std::string_view name) {
    return Error(ErrorCode::ALREADY_EXISTS, "A collection named " + quoted(name) + " exists already", "name");
}

Error index_not_found(std::string_view name) {
    return Error(ErrorCode::INDEX_NOT_FOUND, "There is no index named " + quoted(name));
}

Error index_exists(std::string_view name) {
    return Error(ErrorCode::ALREADY_EXISTS, "An index named " + quoted(name) + " exists already", "name");
}

Error record_not_found(std::string_view id) {
    return Error(ErrorCode::RECORD_NOT_FOUND, "There is no record with the id " + quoted(id));
}

Error record_exists(std::string_view id) {
    return Error(ErrorCode::ALREADY_EXISTS, "A record with the id " + quoted(id) + " exists already", "id");
}

Error duplicate_key(const IndexSpec& index, const json::View& record) {
    return Error(
        ErrorCode::DUPLICATE_KEY,
        "The unique index " + quoted(index.name) + " has another record with " + values_text(index, record),
        index.keys.fields.front().path.text);
}

std::string duplicate_in_build(const IndexSpec& index, const json::View& record) {
    return "Several records have " + values_text(index, record) + ", so that a unique index can't be built";
}

std::string unindexable_in_build(std::string_view id, const Error& why) {
    return "The record " + quoted(id) + " can't be indexed: " + why.message;
}

Status check_precondition(const Precondition& condition, std::string_view id,
                          const std::optional<Row>& stored) {
    const auto failed = [&](const std::string& why, const char* field) {
        return Error(ErrorCode::PRECONDITION_FAILED, "The record " + quoted(id) + why, field);
    };
    if (condition.if_absent && stored) return failed(" exists already", "If-None-Match");
    if ((condition.if_exists || condition.if_match) && !stored) return failed(" does not exist", "If-Match");
    if (condition.if_match && !contains(*condition.if_match, stored->revision)) {
        return failed(" has changed: its ETag is not the one given; read it again", "If-Match");
    }
    if (stored && contains(condition.if_none_match, stored->revision)) {
        return failed(" still has the ETag given", "If-None-Match");
    }
    if (condition.if_version && (!stored || stored->revision.version != *condition.if_version)) {
        return failed(stored ? " has the version " + std::to_string(stored->revision.version) + ", not " +
                                   std::to_string(*condition.if_version)
                             : " does not exist",
                      "if_version");
    }
    if (condition.if_matches == nullptr) return {};
    if (!stored) return failed(" does not exist", "if_matches");
    TRY(const bool matching, condition.if_matches->test(stored->record));
    return matching ? Status() : Status(failed(" does not match the filter", "if_matches"));
}

Result<bool> guard_holds(const Guard& guard, std::string_view id, const std::optional<json::View>& stored) {
    if (guard.filter == nullptr) return true;
    if (stored) {
        TRY(const bool matching, guard.filter->test(*stored));
        if (matching) return true;
    }
    if (!guard.required) return false;
    return Error(ErrorCode::WRITE_CONFLICT,
                 "The record " + quoted(id) + " was changed meanwhile so that the filter no longer finds it");
}

Error matches_exist(std::string_view collection, bool exist) {
    return Error(ErrorCode::PRECONDITION_FAILED,
                 (exist ? "A record of " : "No record of ") + quoted(collection) + " matches the filter",
                 "if_exists");
}

namespace {

/// As query::advised_index has it.
std::string index_advice(std::string_view advised) {
    constexpr std::string_view geo = "geo:";
    if (advised.starts_with(geo)) return "create a geo index on " + quoted(advised.substr(geo.size()));
    return "create an index on " + quoted(advised);
}

}  // namespace

Status check_matches(const CheckMatches& operation, std::size_t found) {
    const bool counted = operation.fewer_than > 0;
    if (counted ? found < operation.fewer_than : (found > 0) == operation.exists) return {};
    if (operation.otherwise != nullptr) return *operation.otherwise;
    return matches_exist(operation.collection, counted || !operation.exists);
}

Error write_examines_too_many(std::uint64_t limit, std::string_view advice) {
    std::string message =
        "Finding what to write takes looking at more than " + std::to_string(limit) + " records; ";
    message += advice.empty() ? "narrow the filter" : index_advice(advice);
    return Error(ErrorCode::QUERY_TOO_LARGE, std::move(message));
}

Error too_many_matches(std::uint64_t limit) {
    return Error(ErrorCode::LIMIT_EXCEEDED, "One operation may write at most " + std::to_string(limit) +
                                                " records at once; narrow the filter");
}

namespace {

/// What text and geo indexes can't be, and what belongs to them.
Status check_search_index(const IndexSpec& index) {
    const bool text = index.keys.type == query::IndexType::Text;
    const auto wrong = [&](std::string message, const char* field) {
        return Error(ErrorCode::INVALID_INDEX, (text ? "A text index " : "A geo index ") + message, field);
    };
    if (index.unique) return wrong("can't be unique", "unique");
    if (index.ttl_seconds) return wrong("has no 'ttl_seconds'", "ttl_seconds");
    if (index.keys.sparse) {
        return wrong("can't be told to be sparse: it holds what it finds and nothing else", "sparse");
    }
    for (const query::SortKey& key : index.keys.fields) {
        if (key.descending) return wrong("has no direction: name its fields without '-'", "fields");
    }
    if (!text) {
        if (index.keys.fields.size() != 1) return wrong("has one field", "fields");
        return {};
    }
    if (query::Language::find(index.keys.language) == nullptr) {
        return wrong("has a language that is known: " + query::Language::names(), "language");
    }
    const auto allowed = [](std::uint32_t weight) { return weight >= 1 && weight <= query::max_text_weight; };
    const std::vector<std::uint32_t>& weights = index.keys.weights;
    if (weights.size() != index.keys.fields.size() || !std::all_of(weights.begin(), weights.end(), allowed)) {
        return wrong("has a weight from 1 to " + std::to_string(query::max_text_weight) + " for each field",
                     "weights");
    }
    return {};
}

}  // namespace

Status check_index(const IndexSpec& index) {
    const query::Sort& fields = index.keys.fields;
    if (fields.empty() || fields.size() > 32) {
        return Error(ErrorCode::INVALID_INDEX, "An index has 1 to 32 fields", "fields");
    }
    for (std::size_t i = 1; i < fields.size(); ++i) {
        for (std::size_t earlier = 0; earlier < i; ++earlier) {
            if (!(fields[i].path == fields[earlier].path)) continue;
            return Error(ErrorCode::INVALID_INDEX,
                         "The field " + quoted(fields[i].path.text) + " is named twice",
                         "fields." + std::to_string(i));
        }
    }
    if (index.keys.type != query::IndexType::Value) return check_search_index(index);
    if (!index.ttl_seconds) return {};
    if (*index.ttl_seconds < 0 || *index.ttl_seconds > max_ttl_seconds) {
        return Error(ErrorCode::INVALID_INDEX, "'ttl_seconds' is 0 to 2147483647", "ttl_seconds");
    }
    if (fields.size() > 1) {
        return Error(ErrorCode::INVALID_INDEX,
                     "An index with 'ttl_seconds' has one field, which holds a time", "fields");
    }
    return {};
}

Error second_text_index(std::string_view other) {
    return Error(ErrorCode::INVALID_INDEX,
                 "A collection has one text index at most, and there is " + quoted(other) +
                     " already; give it all fields that are to be searched",
                 "type");
}

Error idempotency_key_reused() {
    return Error(ErrorCode::IDEMPOTENCY_KEY_REUSED,
                 "This idempotency key was used with another request; use a new key for each request",
                 "Idempotency-Key");
}

Error record_too_large() {
    return Error(ErrorCode::PAYLOAD_TOO_LARGE,
                 "A record may have at most " + std::to_string(max_record_bytes) + " bytes");
}

Error too_many_operations() {
    return Error(ErrorCode::LIMIT_EXCEEDED,
                 "One request may write at most " + std::to_string(max_batch_operations) + " records");
}

Error too_many(std::string_view what, std::uint64_t limit) {
    return Error(ErrorCode::LIMIT_EXCEEDED,
                 "There may be at most " + std::to_string(limit) + " " + std::string(what));
}

Error changes_gone() {
    return Error(
        ErrorCode::CHANGES_GONE,
        "Changes behind this position are no longer kept. Read the records anew and go on from 'now', or "
        "take 'oldest' for what is left of the log",
        "since");
}

Error position_ahead() {
    return Error(
        ErrorCode::INVALID_CURSOR,
        "The position lies beyond the end of the change log, as after restoring an older copy of the "
        "database; begin at 'oldest' or 'now'",
        "since");
}

Error query_timeout(std::int64_t timeout_ms) {
    return Error(ErrorCode::QUERY_TIMEOUT, "The query took longer than " + std::to_string(timeout_ms) +
                                               " ms; narrow its filter, add an index or raise timeout_ms");
}

Error query_cancelled() { return Error(ErrorCode::QUERY_TIMEOUT, "The query was cancelled"); }

Error query_too_large(std::size_t memory_bytes, std::string_view advice) {
    std::string message =
        "Sorting the matches needs more than " + std::to_string(memory_bytes) + " bytes of memory; ";
    message += "narrow the filter";
    if (!advice.empty()) message += " or " + index_advice(advice);
    return Error(ErrorCode::QUERY_TOO_LARGE, std::move(message));
}

Error shutting_down() {
    return unavailable(ErrorCode::SHUTTING_DOWN, "The server is shutting down; try again shortly", {}, 1);
}

Error storage_full(std::string cause) {
    return unavailable(ErrorCode::STORAGE_FULL, "The disk is full: nothing was written; reading goes on",
                       std::move(cause), 30);
}

Error storage_unavailable(std::string cause) {
    return unavailable(ErrorCode::STORAGE_UNAVAILABLE,
                       "The store can't be reached at present; try again shortly", std::move(cause), 5);
}

Error database_damaged(std::string cause) {
    return unavailable(ErrorCode::DATABASE_DAMAGED,
                       "This database is damaged and has to be restored; others work", std::move(cause), 60);
}

Error overloaded(std::string cause) {
    return unavailable(ErrorCode::OVERLOADED, "The server has too much queued work; try again shortly",
                       std::move(cause), 1);
}

Error at_operation(Error error, std::size_t position, std::size_t operations) {
    if (operations > 1)
        error.field = std::to_string(position) + (error.field.empty() ? "" : "." + error.field);
    return error;
}

}  // namespace credvault::storage
