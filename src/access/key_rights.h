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
/// Whether the key has no more scopes, no longer a life and no fewer restrictions than the holder. Fails with
/// FORBIDDEN, `field` being "scopes", "expiry" or "restrictions".
Status check_gift(const Principal& holder, const KeyRecord& key);

}  // namespace credvault::access
