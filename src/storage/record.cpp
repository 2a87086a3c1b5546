#include "storage/record.h"

#include <simdjson.h>

#include <charconv>
#include <optional>

#include "base/clock.h"
#include "json/writer.h"
#include "storage/errors.h"

namespace credvault::storage {
namespace {

constexpr std::string_view id_opening = "{\"id\":";
constexpr std::string_view created_opening = ",\"created_at\":\"";
constexpr std::string_view updated_opening = ",\"updated_at\":\"";
constexpr std::string_view version_opening = ",\"_version\":";
constexpr std::size_t time_bytes = 24;
/// `,"created_at":"2026-01-31T12:00:00.000Z"`; that of updated_at is as long.
constexpr std::size_t time_member_bytes = created_opening.size() + time_bytes + 1;
/// What the platform's fields take at most, with the longest id fully escaped.
constexpr std::size_t platform_bytes = 2 * time_member_bytes + max_id_bytes * 2 + 64;

/// A stored record taken apart. The parts are adjacent.
struct Parts {
    std::string_view head;    ///< `{"id":"…"`
    std::string_view fields;  ///< `,"a":1,"b":2`, or nothing.
    std::string_view times;   ///< created_at, then updated_at, with their commas.
    std::uint64_t version;
};

Parts take_apart(std::string_view record) {
    std::size_t digits = record.size() - 1;
    while (record[digits - 1] >= '0' && record[digits - 1] <= '9') --digits;
    std::uint64_t version = 0;
    std::from_chars(record.data() + digits, record.data() + record.size() - 1, version);
    const std::size_t times = digits - version_opening.size() - 2 * time_member_bytes;
    const char* const end = record.data() + record.size();
    const auto head =
        static_cast<std::size_t>(json::skip_value(record.data() + id_opening.size(), end) - record.data());
    return {record.substr(0, head), record.substr(head, times - head),
            record.substr(times, 2 * time_member_bytes), version};
}

/// Appends `,"name":value` for each of the user's members, in runs as they stand in the text.
void append_user_fields(std::string& out, const json::View& fields) {
    const char* run = nullptr;
    const char* run_end = nullptr;
    const auto flush = [&] {
        if (run != nullptr) out.append(1, ',').append(run, run_end);
        run = nullptr;
    };
    for (const json::Member& member : fields.members()) {
        if (is_platform_field(member.name)) {
            flush();
            continue;
        }
        if (run == nullptr) run = member.name.data() - 1;
        const std::string_view value = member.value.text();
        run_end = value.data() + value.size();
    }
    flush();
}

void append_time_member(std::string& out, std::string_view opening, std::int64_t ms) {
    out += opening;
    append_time(out, ms);
    out += '"';
}

void append_version(std::string& out, std::uint64_t version) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, version).ptr;
    out += version_opening;
    out.append(digits, end);
    out += '}';
}

/// The time that the client gave, where it is one.
std::optional<std::int64_t> given_time(const json::View& fields, std::string_view name) {
    const auto value = fields.find(name);
    if (!value || !value->is_string()) return {};
    return parse_time(value->escaped());
}

}  // namespace

bool is_platform_field(std::string_view name) {
    switch (name.size()) {
        case 2: return name == "id";
        case 8: return name == "_version";
        case 10: return name == "created_at" || name == "updated_at";
        default: return false;
    }
}

Status check_id(std::string_view id) {
    const auto wrong = [](std::string_view what) {
        return Error(ErrorCode::INVALID_RECORD, "A record's id " + std::string(what), "id");
    };
    if (id.empty() || id.size() > max_id_bytes) {
        return wrong("is a string of 1 to " + std::to_string(max_id_bytes) + " bytes");
    }
    if (id == "." || id == "..") return wrong("can't be '.' or '..'");
    if (!simdjson::validate_utf8(id.data(), id.size())) return wrong("must be valid UTF-8");
    for (std::size_t i = 0; i < id.size(); ++i) {
        const auto c = static_cast<unsigned char>(id[i]);
        // U+0080 to U+009F are control characters too.
        const bool high_control = c == 0xc2 && static_cast<unsigned char>(id[i + 1]) < 0xa0;
        if (c < 0x20 || c == 0x7f || high_control) return wrong("can't hold control characters");
    }
    return {};
}

Result<std::string> new_record(const json::View& fields, std::string_view id, std::int64_t now_ms,
                               bool keep_times) {
    std::string out;
    out.reserve(fields.text().size() + platform_bytes);
    out += id_opening;
    json::append_string(out, id);
    append_user_fields(out, fields);
    const auto created = keep_times ? given_time(fields, "created_at") : std::nullopt;
    const auto updated = keep_times ? given_time(fields, "updated_at") : std::nullopt;
    append_time_member(out, created_opening, created.value_or(now_ms));
    append_time_member(out, updated_opening, updated.value_or(now_ms));
    append_version(out, 1);
    if (out.size() > max_record_bytes) return record_too_large();
    return out;
}

Result<std::string> changed_record(const json::View& current, const json::View& fields, std::int64_t now_ms) {
    const Parts parts = take_apart(current.text());
    std::string out;
    out.reserve(fields.text().size() + platform_bytes);
    out += parts.head;
    append_user_fields(out, fields);
    if (std::string_view(out).substr(parts.head.size()) == parts.fields) return std::string();
    out += parts.times.substr(0, time_member_bytes);
    append_time_member(out, updated_opening, now_ms);
    append_version(out, parts.version + 1);
    if (out.size() > max_record_bytes) return record_too_large();
    return out;
}

std::string_view record_id_escaped(const json::View& record) {
    const std::string_view head = take_apart(record.text()).head;
    return head.substr(id_opening.size() + 1, head.size() - id_opening.size() - 2);
}

std::uint64_t record_version(const json::View& record) { return take_apart(record.text()).version; }

}  // namespace credvault::storage
