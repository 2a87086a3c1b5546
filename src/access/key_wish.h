// What users ask of a key, checked and put into its record. Pure functions.
#pragma once

#include "access/api_keys.h"
#include "access/key_record.h"
#include "access/principal.h"
#include "base/result.h"

namespace credvault::access {

/// Puts what the wish names into the record: restrictions together with the holder's. Fails with INVALID_PARAMETER
/// naming the field, with FORBIDDEN as check_gift does.
Status apply_wish(const KeyWish& wish, const Principal& holder, std::int64_t now_ms, KeyRecord& key);
/// From "30d", "90d", "1y", "never" (0) or a time to come. Fails with INVALID_PARAMETER.
Result<std::int64_t> expiry_ms(std::string_view text, std::int64_t now_ms);

}  // namespace credvault::access
