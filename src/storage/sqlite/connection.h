// One SQLite connection to one database file, with its prepared statements. Connections take no locks of their own
// (SQLITE_OPEN_NOMUTEX): each is used by one thread at a time. Statements are prepared when they are first used.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/sqlite/statement.h"

namespace credvault::storage {

struct SqliteOptions;

enum class Sql : std::uint8_t {
#define CREDVAULT_STATEMENT(name, text) name,
#include "storage/sqlite/statements.def"
#undef CREDVAULT_STATEMENT
};

class Connection {
public:
    enum class Mode : std::uint8_t { Read, Write, Create };

    /// Opens the file; Create makes an empty one with the page size of the options and fails where there is one.
    static Result<std::unique_ptr<Connection>> open(const std::string& path, Mode mode,
                                                    const SqliteOptions& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Statement& operator[](Sql which);
    /// Runs SQL text that is needed once, throwing its rows away.
    Status execute(const std::string& text);
    /// The integer that this text (a PRAGMA) answers; 0 where it answers none.
    Result<std::int64_t> integer(const std::string& text);

    /// The error for a code that this connection's statement answered; `doing` says what it was for.
    Error error(int code, std::string_view doing) const;
    /// OK for SQLITE_OK and SQLITE_DONE.
    Status check(int code, std::string_view doing) const;
    bool in_transaction() const { return sqlite3_get_autocommit(raw_) == 0; }
    std::int64_t changes() const { return sqlite3_changes64(raw_); }
    void set_cache(std::size_t bytes);
    std::size_t cache_used() const;
    sqlite3* raw() { return raw_; }
    /// The same for all connections to a file, and very likely another one for another file.
    std::uint64_t number() const { return number_; }

private:
    static constexpr std::size_t statement_count = 0
#define CREDVAULT_STATEMENT(name, text) +1
#include "storage/sqlite/statements.def"
#undef CREDVAULT_STATEMENT
        ;

    Connection(sqlite3* raw, std::uint64_t number) : raw_(raw), number_(number) {}
    Status configure(Mode mode, const SqliteOptions& options);

    sqlite3* raw_;
    const std::uint64_t number_;
    std::array<Statement, statement_count> statements_;
};

}  // namespace credvault::storage
