// The change log of a database of the in-memory engine. Keeps all changes, with images as their collections ask for
// them. Guarded by the engine's mutex.
#pragma once

#include "base/result.h"
#include "storage/changes.h"

namespace credvault::storage {

class MemoryDatabase;

/// A page of the log. Fails with CHANGES_GONE or INVALID_CURSOR.
Result<ChangesPage> read_changes(const MemoryDatabase& database, const ChangesRequest& request);

}  // namespace credvault::storage
