#include "storage/sqlite/sqlite_library.h"

#include <sqlite3.h>

#include <mutex>

#include "base/log.h"

namespace credvault::storage {
namespace {

void log_from_sqlite(void*, int code, const char* message) {
    if ((code & 0xff) == SQLITE_NOTICE || (code & 0xff) == SQLITE_SCHEMA) return;
    log::debug("sqlite", {{"code", code}, {"message", message}});
}

}  // namespace

void configure_sqlite() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // Statistics cost a lock for each allocation.
        sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0,
                       0);  // No pages allocated ahead for each connection.
        sqlite3_config(SQLITE_CONFIG_LOG, log_from_sqlite, nullptr);
        sqlite3_initialize();
    });
}

}  // namespace credvault::storage
