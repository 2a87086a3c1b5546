// One SQLite connection to one database file, with its prepared statements. Connections take no locks of their own
// (SQLITE_OPEN_NOMUTEX): each is used by one thread at a time. Statements are prepared when they are first used.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/sqlite/record_cache.h"
#include "storage/sqlite/statement.h"

namespace credvault::storage {

struct SqliteOptions;

enum class Sql : std::uint8_t {
#define CREDVAULT_STATEMENT(name, text) name,
#include "storage/sqlite/statements.def"
#undef CREDVAULT_STATEMENT
};

/// What a connection that reads may use of the cache of records, as long as its transaction lasts.
class CachedRecords {
public:
    CachedRecords() = default;
    /// `database`: its number, `begun`: the cache's time, both taken before the transaction began.
    CachedRecords(RecordCache& cache, std::uint64_t database, std::uint64_t begun)
        : cache_(&cache), database_(database), begun_(begun) {}

    explicit operator bool() const { return cache_ != nullptr; }
    /// What the transaction would read, or nothing; see RecordCache.
    std::optional<std::uint64_t> find(std::int64_t rid, std::string& text) const {
        return cache_->find({database_, rid}, text, begun_);
    }
    void keep(std::int64_t rid, std::int64_t version, std::string_view text) const {
        cache_->keep({database_, rid}, static_cast<std::uint64_t>(version), text, begun_);
    }

private:
    RecordCache* cache_ = nullptr;
    std::uint64_t database_ = 0;
    std::uint64_t begun_ = 0;
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
    /// None where it writes, or where it reads too much for its records to be kept.
    const CachedRecords& cached() const { return cached_; }
    void set_cached(const CachedRecords& cached) { cached_ = cached; }
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

    CachedRecords cached_;
    sqlite3* raw_;
    const std::uint64_t number_;
    std::array<Statement, statement_count> statements_;
};

}  // namespace credvault::storage
