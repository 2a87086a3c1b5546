// Positions in a database's change log as users see them: opaque, with gaps, of use in the database that gave them.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "documents/place.h"

namespace credvault::documents {

std::string change_token(const DatabaseEntry& database, std::uint64_t position);
/// Fails with INVALID_CURSOR, field "since", where the token is no position of this database.
Result<std::uint64_t> parse_change_token(const DatabaseEntry& database, std::string_view token);

}  // namespace credvault::documents
