// Who may see which key, and what may be given to one: nobody gives more than he has (API.md, "Credentials"). Pure
// functions.
#pragma once

#include "access/key_record.h"
#include "access/principal.h"
#include "base/result.h"

namespace credvault::access {

/// Keys of the workspace; a restricted credential sees itself and those that descend from it, since the restrictions of
/// others name what it may not know of.
bool may_see(const Principal& holder, const KeyRecord& key);
/// How long a key that the holder gives may live, in milliseconds since 1970; zero: for ever. A user's rights do not
/// end with his session.
std::int64_t gives_until_ms(const Principal& holder);
/// Whether the key has no more scopes, no longer a life and no fewer restrictions than the holder. Fails with
/// FORBIDDEN, `field` being "scopes", "expiry" or "restrictions".
Status check_gift(const Principal& holder, const KeyRecord& key);

}  // namespace credvault::access
