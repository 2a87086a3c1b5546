#include "storage/sqlite/statement.h"

namespace credvault::storage {
namespace {

/// Null pointers would be bound as NULL.
const char* begin_of(std::string_view text) { return text.empty() ? "" : text.data(); }

}  // namespace

Statement::Statement(sqlite3* connection, std::string_view text, bool persistent) {
    const unsigned flags = persistent ? SQLITE_PREPARE_PERSISTENT : 0;
    code_ = sqlite3_prepare_v3(connection, text.data(), static_cast<int>(text.size()), flags, &raw_, nullptr);
    if (code_ != SQLITE_OK) code_ = sqlite3_extended_errcode(connection);
}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(raw_, other.raw_);
    std::swap(code_, other.code_);
    std::swap(running_, other.running_);
    return *this;
}

Statement& Statement::bind(int at, std::int64_t value) {
    if (raw_ != nullptr) sqlite3_bind_int64(raw_, at, value);
    return *this;
}

Statement& Statement::bind_text(int at, std::string_view value) {
    if (raw_ != nullptr) {
        sqlite3_bind_text64(raw_, at, begin_of(value), value.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    return *this;
}

Statement& Statement::bind_bytes(int at, std::string_view value) {
    if (raw_ != nullptr) sqlite3_bind_blob64(raw_, at, begin_of(value), value.size(), SQLITE_STATIC);
    return *this;
}

Statement& Statement::bind_null(int at) {
    if (raw_ != nullptr) sqlite3_bind_null(raw_, at);
    return *this;
}

int Statement::step() {
    if (raw_ == nullptr) return code_ != SQLITE_OK ? code_ : SQLITE_MISUSE;
    running_ = true;
    return sqlite3_step(raw_);
}

int Statement::run() {
    const int code = step();
    reset();
    return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

void Statement::reset() {
    if (!running_) return;
    running_ = false;
    sqlite3_reset(raw_);
}

}  // namespace credvault::storage
