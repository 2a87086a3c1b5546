// What a client may send as a record: the checks that come before the engine.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"

namespace credvault::documents {

constexpr std::size_t max_record_depth = 100;

/// A record to insert: an object of at most max_record_depth levels, `id` a string that may be one, no `_version`, and
/// created_at and updated_at only with `may_set_times`, as valid times. `prefix` ("3." or empty) goes before `field`.
/// Fails with INVALID_RECORD or IMMUTABLE_FIELD.
Status check_insert(const json::View& record, bool may_set_times, std::string_view prefix);
/// A record to import: as an insert that may set times, and `_version`, which exports have, is ignored. The message
/// does not tell the line.
Status check_import(const json::View& record);
/// A record to put: an object whose `id`, where it has one, is the path's.
Status check_put(const json::View& record, std::string_view id);
/// A record that an upsert inserts: an object of at most max_record_depth levels whose `id`, if any, is a string that
/// may be one. The platform's other fields are ignored.
Status check_upsert(const json::View& record);
/// A merge patch: an object without the platform's fields.
Status check_merge(const json::View& patch);

/// Levels of nesting: a scalar has 0, {} has 1.
std::size_t depth_of(const json::View& value);

}  // namespace credvault::documents
