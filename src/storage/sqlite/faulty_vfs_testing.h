// For tests: a file layer of SQLite that behaves as the one that the engine uses, until it is told to fail. Its flushes
// do nothing, so that tests are fast. One for the process, registered as "faulty"; thread-safe.
#pragma once

#include <cstdint>

namespace credvault::storage::testing {

enum class Fault : std::uint8_t {
    WriteFails,  ///< SQLITE_IOERR_WRITE
    NoSpace,     ///< SQLITE_FULL
    FlushFails,  ///< SQLITE_IOERR_FSYNC
};

/// Registers the layer. Call before it is named.
void register_faulty_vfs();
/// From now on the `nth` operation of the kind fails (from 1), and with `lasting` all after it.
void fail_at(Fault fault, std::int64_t nth, bool lasting);
void stop_failing();
/// How many operations have failed since fail_at().
std::int64_t failures();

}  // namespace credvault::storage::testing
