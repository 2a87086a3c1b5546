// The embedded store: every database a SQLite file of its own, with our own indexes, change log, group commit and
// background work (README.md). Owns its threads. Thread-safe; must outlive every reply it gave.
#pragma once

#include <memory>

#include "base/result.h"
#include "storage/engine.h"
#include "storage/sqlite/sqlite_options.h"

namespace credvault::storage {

/// Opens the data directory, making it and its system database if they are not there. Fails with STORAGE_UNAVAILABLE
/// where another process holds it or it can't be used, DATABASE_DAMAGED where the system database is unreadable or
/// was made by a newer version; the message says so and names the directory.
Result<std::unique_ptr<Engine>> open_sqlite_engine(SqliteOptions options);

}  // namespace credvault::storage
