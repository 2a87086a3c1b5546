#include "storage/sqlite/failure.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

#include "storage/errors.h"

namespace credvault::storage {
namespace {

bool is_no_space(int number) { return number == ENOSPC || number == EDQUOT || number == EFBIG; }

}  // namespace

Error sqlite_error(int code, sqlite3* connection, const std::string& doing) {
    const int number = connection != nullptr ? sqlite3_system_errno(connection) : 0;
    std::string cause = doing + ": " + sqlite3_errstr(code) + " (" + std::to_string(code) + ")";
    if (connection != nullptr) cause += std::string(": ") + sqlite3_errmsg(connection);
    switch (code & 0xff) {
        case SQLITE_FULL: return storage_full(std::move(cause));
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return database_damaged(std::move(cause));
        case SQLITE_IOERR:
            if (is_no_space(number)) return storage_full(std::move(cause));
            if (code == SQLITE_IOERR_SHORT_READ || code == SQLITE_IOERR_CORRUPTFS ||
                code == SQLITE_IOERR_DATA) {
                return database_damaged(std::move(cause));
            }
            return storage_unavailable(cause + ", errno " + std::to_string(number));
        case SQLITE_CANTOPEN:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_PROTOCOL: return storage_unavailable(cause + ", errno " + std::to_string(number));
        case SQLITE_NOMEM: return overloaded(std::move(cause));
        default: return Error(ErrorCode::INTERNAL, {}, {}, std::move(cause));
    }
}

Error system_error(int number, const std::string& doing) {
    const std::string cause = doing + ": " + std::strerror(number);
    return is_no_space(number) ? storage_full(cause) : storage_unavailable(cause);
}

bool is_store_fault(const Error& error) {
    switch (error.code) {
        case ErrorCode::STORAGE_FULL:
        case ErrorCode::STORAGE_UNAVAILABLE:
        case ErrorCode::DATABASE_DAMAGED:
        case ErrorCode::OVERLOADED:
        case ErrorCode::INTERNAL: return true;
        default: return false;
    }
}

}  // namespace credvault::storage
