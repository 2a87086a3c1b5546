// The platform's four fields of a record (id, created_at, updated_at, _version) and the checks on ids: one definition
// for all engines. A stored record is one canonical object: id first, the user's fields in their order, then
// created_at, updated_at and _version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"

namespace credvault::storage {

constexpr std::size_t max_record_bytes = 16 * 1024 * 1024;
constexpr std::size_t max_id_bytes = 128;

/// Whether the name is one of the four (decoded or escaped: they need no escape).
bool is_platform_field(std::string_view name);
/// 1 to 128 bytes of UTF-8 without control characters, not "." or "..". Fails with INVALID_RECORD, field "id".
Status check_id(std::string_view id);

/// The stored form of a new record. `fields` is a canonical object; its platform fields are dropped, but with
/// `keep_times` valid created_at and updated_at are kept, normalised. Fails with PAYLOAD_TOO_LARGE.
Result<std::string> new_record(const json::View& fields, std::string_view id, std::int64_t now_ms,
                               bool keep_times);
/// The stored form of `current` with its user fields replaced by those of `fields`; the version is raised by one. Empty
/// where the user fields are the same text as before: nothing to write. Fails with PAYLOAD_TOO_LARGE.
Result<std::string> changed_record(const json::View& current, const json::View& fields, std::int64_t now_ms);

/// Of a stored record, without a search: they stand at its ends.
std::string_view record_id_escaped(const json::View& record);
std::uint64_t record_version(const json::View& record);

}  // namespace credvault::storage
