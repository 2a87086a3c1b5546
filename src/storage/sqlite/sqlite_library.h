// Settings of the SQLite library as a whole. Thread-safe.
#pragma once

namespace credvault::storage {

/// Call before the first use of the library in a process; further calls do nothing.
void configure_sqlite();

}  // namespace credvault::storage
