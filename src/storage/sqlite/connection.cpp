#include "storage/sqlite/connection.h"

#include <algorithm>
#include <functional>

#include "storage/sqlite/failure.h"
#include "storage/sqlite/read_ahead.h"
#include "storage/sqlite/sqlite_options.h"

namespace credvault::storage {
namespace {

constexpr std::string_view texts[] = {
#define CREDVAULT_STATEMENT(name, text) text,
#include "storage/sqlite/statements.def"
#undef CREDVAULT_STATEMENT
};

constexpr int write_lock_wait_ms = 10'000;
constexpr int read_lock_wait_ms = 1'000;

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode,
                                                     const SqliteOptions& options) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (mode == Mode::Create) flags |= SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const std::string vfs = mode == Mode::Read ? reading_ahead(options.vfs) : options.vfs;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
    if (raw == nullptr) return sqlite_error(SQLITE_NOMEM, nullptr, "opening " + path);
    std::unique_ptr<Connection> connection(new Connection(raw, std::hash<std::string>()(path)));
    if (code != SQLITE_OK) return connection->error(code, "opening " + path);
    TRY_VOID(connection->configure(mode, options));
    return connection;
}

Connection::~Connection() {
    for (Statement& statement : statements_) statement = Statement();
    sqlite3_close_v2(raw_);
}

Status Connection::configure(Mode mode, const SqliteOptions& options) {
    sqlite3_db_config(raw_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // Closing must neither wait for a checkpoint nor remove a log that belongs to a newer file of this name.
    sqlite3_db_config(raw_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(raw_, mode == Mode::Read ? read_lock_wait_ms : write_lock_wait_ms);
    std::string pragmas =
        "PRAGMA temp_store=MEMORY;PRAGMA synchronous=FULL;PRAGMA mmap_size=0;"
        "PRAGMA wal_autocheckpoint=0;";
    if (mode == Mode::Create) {
        pragmas +=
            "PRAGMA page_size=" + std::to_string(options.page_bytes) + ";PRAGMA auto_vacuum=INCREMENTAL;";
    }
    if (mode == Mode::Read) {
        pragmas += "PRAGMA query_only=ON;";
    } else {
        pragmas += std::string("PRAGMA secure_delete=") + (options.secure_delete ? "ON;" : "OFF;");
        pragmas += "PRAGMA journal_size_limit=" + std::to_string(options.checkpoint_bytes) + ";";
    }
    return execute(pragmas);
}

Statement& Connection::operator[](Sql which) {
    Statement& statement = statements_[static_cast<std::size_t>(which)];
    if (!statement.prepared()) statement = Statement(raw_, texts[static_cast<std::size_t>(which)], true);
    return statement;
}

Status Connection::execute(const std::string& text) {
    const int code = sqlite3_exec(raw_, text.c_str(), nullptr, nullptr, nullptr);
    return check(code, text);
}

Result<std::int64_t> Connection::integer(const std::string& text) {
    Statement statement(raw_, text, false);
    const int code = statement.step();
    if (code == SQLITE_ROW) return statement.integer(0);
    TRY_VOID(check(code, text));
    return std::int64_t{0};
}

Error Connection::error(int code, std::string_view doing) const {
    return sqlite_error(code, raw_, std::string(doing));
}

Status Connection::check(int code, std::string_view doing) const {
    if (code == SQLITE_OK || code == SQLITE_DONE) return {};
    return error(code, doing);
}

void Connection::set_cache(std::size_t bytes) {
    // Negative: KiB. Failing to resize a cache is no error.
    const std::string text = "PRAGMA cache_size=-" + std::to_string(std::max<std::size_t>(bytes / 1024, 16));
    sqlite3_exec(raw_, text.c_str(), nullptr, nullptr, nullptr);
}

std::size_t Connection::cache_used() const {
    int current = 0;
    int highest = 0;
    sqlite3_db_status(raw_, SQLITE_DBSTATUS_CACHE_USED, &current, &highest, 0);
    return static_cast<std::size_t>(current);
}

}  // namespace credvault::storage
