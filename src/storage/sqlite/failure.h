// What SQLite's result codes mean to us. Pure functions.
#pragma once

#include <string>

#include "base/error.h"

struct sqlite3;

namespace credvault::storage {

/// The error for an extended result code: STORAGE_FULL, DATABASE_DAMAGED, STORAGE_UNAVAILABLE (input/output and locks),
/// OVERLOADED (no memory) or INTERNAL. `doing` goes into the cause, with SQLite's own message.
Error sqlite_error(int code, sqlite3* connection, const std::string& doing);
/// The error for a failed system call (errno).
Error system_error(int number, const std::string& doing);

/// Whether a write failed by the store's fault and not by its own, so that everything in its transaction may be lost.
bool is_store_fault(const Error& error);

}  // namespace credvault::storage
