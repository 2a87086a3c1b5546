#include "documents/record_input.h"

#include <algorithm>

#include "base/clock.h"
#include "storage/record.h"

namespace credvault::documents {
namespace {

Error immutable(std::string_view prefix, std::string_view name) {
    return Error(ErrorCode::IMMUTABLE_FIELD,
                 "The field '" + std::string(name) + "' is set by the platform; leave it out",
                 std::string(prefix) + std::string(name));
}

Status check_object(const json::View& record, std::string_view prefix) {
    std::string field(prefix.substr(0, prefix.empty() ? 0 : prefix.size() - 1));
    if (!record.is_object())
        return Error(ErrorCode::INVALID_RECORD, "A record is a JSON object", std::move(field));
    if (depth_of(record) > max_record_depth) {
        return Error(ErrorCode::INVALID_RECORD,
                     "A record has at most " + std::to_string(max_record_depth) + " levels of nesting",
                     std::move(field));
    }
    return {};
}

Status check_time(const json::Member& member, std::string_view prefix) {
    if (member.value.is_string() && parse_time(member.value.as_string())) return {};
    return Error(ErrorCode::INVALID_RECORD, "'" + std::string(member.name) + "' must be an RFC 3339 time",
                 std::string(prefix) + std::string(member.name));
}

Status check_id_member(const json::View& id, std::string_view prefix) {
    Status checked =
        id.is_string() ? storage::check_id(id.as_string())
                       : Status(Error(ErrorCode::INVALID_RECORD, "The record's 'id' must be a string", "id"));
    if (checked.ok()) return {};
    Error error = std::move(checked).error();
    error.field.insert(0, prefix);
    return error;
}

}  // namespace

std::size_t depth_of(const json::View& value) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool quoted = false;
    for (const char *at = value.text().data(), *end = at + value.text().size(); at != end; ++at) {
        if (quoted) {
            if (*at == '\\') {
                ++at;
            } else if (*at == '"') {
                quoted = false;
            }
        } else if (*at == '"') {
            quoted = true;
        } else if (*at == '{' || *at == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (*at == '}' || *at == ']') {
            --depth;
        }
    }
    return deepest;
}

Status check_insert(const json::View& record, bool may_set_times, std::string_view prefix) {
    TRY_VOID(check_object(record, prefix));
    for (const json::Member& member : record.members()) {
        if (!storage::is_platform_field(member.name)) continue;
        if (member.name == "id") {
            TRY_VOID(check_id_member(member.value, prefix));
        } else if (member.name == "_version" || !may_set_times) {
            return immutable(prefix, member.name);
        } else {
            TRY_VOID(check_time(member, prefix));
        }
    }
    return {};
}

Status check_import(const json::View& record) {
    for (const json::Member& member : record.members()) {
        if (member.name == "_version" || !storage::is_platform_field(member.name)) continue;
        if (member.name == "id") {
            TRY_VOID(check_id_member(member.value, {}));
        } else {
            TRY_VOID(check_time(member, {}));
        }
    }
    return {};
}

Status check_put(const json::View& record, std::string_view id) {
    TRY_VOID(check_object(record, {}));
    const auto given = record.find("id");
    if (!given || (given->is_string() && given->as_string() == id)) return {};
    return Error(ErrorCode::IMMUTABLE_FIELD, "The body's 'id' must be the one in the path, or be left out",
                 "id");
}

Status check_upsert(const json::View& record) {
    TRY_VOID(check_object(record, {}));
    const auto id = record.find("id");
    return id ? check_id_member(*id, {}) : Status();
}

Status check_merge(const json::View& patch) {
    if (!patch.is_object())
        return Error(ErrorCode::INVALID_PATCH, "A merge patch of a record is a JSON object");
    if (depth_of(patch) > max_record_depth) {
        return Error(ErrorCode::INVALID_PATCH,
                     "A patch has at most " + std::to_string(max_record_depth) + " levels of nesting");
    }
    for (const json::Member& member : patch.members()) {
        if (storage::is_platform_field(member.name)) return immutable({}, member.name);
    }
    return {};
}

}  // namespace credvault::documents
