// One prepared statement of a connection, and the scope in which it runs. A statement that could not be prepared is
// still one: stepping it answers the code of the failure, so that callers look in one place. Columns are views into
// SQLite's memory, good until the next step or reset. Belongs to its connection; one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace credvault::storage {

class Statement {
public:
    Statement() = default;
    Statement(sqlite3* connection, std::string_view text, bool persistent);
    Statement(Statement&& other) noexcept
        : raw_(std::exchange(other.raw_, nullptr)), code_(other.code_), running_(other.running_) {}
    Statement& operator=(Statement&& other) noexcept;
    ~Statement() { sqlite3_finalize(raw_); }

    bool prepared() const { return raw_ != nullptr || code_ != SQLITE_OK; }

    /// Parameters count from 1. Text and bytes must stay until the statement is reset.
    Statement& bind(int at, std::int64_t value);
    Statement& bind_text(int at, std::string_view value);
    Statement& bind_bytes(int at, std::string_view value);
    Statement& bind_null(int at);

    /// SQLITE_ROW, SQLITE_DONE or an extended error code.
    int step();
    /// Steps a statement that gives no rows, then resets it. SQLITE_OK or an extended error code.
    int run();
    void reset();
    bool running() const { return running_; }

    /// Columns count from 0. Precondition: step() answered SQLITE_ROW last.
    std::int64_t integer(int at) const { return sqlite3_column_int64(raw_, at); }
    bool is_null(int at) const { return sqlite3_column_type(raw_, at) == SQLITE_NULL; }
    /// Text or a blob.
    std::string_view bytes(int at) const {
        const auto* begin = static_cast<const char*>(sqlite3_column_blob(raw_, at));
        return {begin, static_cast<std::size_t>(sqlite3_column_bytes(raw_, at))};
    }

private:
    sqlite3_stmt* raw_ = nullptr;
    int code_ = SQLITE_OK;  ///< Why it could not be prepared.
    bool running_ = false;
};

/// Resets a statement when the scope ends.
class StatementScope {
public:
    explicit StatementScope(Statement& statement) : statement_(statement) {}
    ~StatementScope() { statement_.reset(); }
    StatementScope(const StatementScope&) = delete;
    StatementScope& operator=(const StatementScope&) = delete;

private:
    Statement& statement_;
};

}  // namespace credvault::storage
