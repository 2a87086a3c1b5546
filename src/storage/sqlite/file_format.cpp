#include "storage/sqlite/file_format.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iterator>

#include "storage/errors.h"
#include "storage/sqlite/data_directory.h"
#include "storage/sqlite/failure.h"

namespace credvault::storage {
namespace {

constexpr int application_id = 0x43726456;  // "CrdV"

// Definitions as sqlite_schema keeps them, in the order of their creation.
constexpr std::string_view definitions[] = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    // Collections and indexes draw their numbers here. A collection's rows and bytes are its records', an index's rows
    // its entries; a text index's bytes are the length of all texts. Number 0 is the change log.
    "CREATE TABLE counts (number INTEGER PRIMARY KEY AUTOINCREMENT, rows INTEGER NOT NULL, bytes INTEGER NOT "
    "NULL) "
    "STRICT",
    "CREATE TABLE collections (number INTEGER PRIMARY KEY, name TEXT NOT NULL, options TEXT NOT NULL, "
    "created_ms INTEGER NOT NULL, dropped INTEGER NOT NULL) STRICT",
    // While an index is built: `position` is the rid up to which records were entered, `last` where that ends.
    "CREATE TABLE indexes (number INTEGER PRIMARY KEY, collection INTEGER NOT NULL, name TEXT NOT NULL, "
    "spec TEXT NOT NULL, state INTEGER NOT NULL, failure TEXT NOT NULL, created_ms INTEGER NOT NULL, "
    "multikey INTEGER NOT NULL, cut INTEGER NOT NULL, position INTEGER NOT NULL, last INTEGER NOT NULL, "
    "done INTEGER NOT NULL, total INTEGER NOT NULL) STRICT",
    "CREATE TABLE records (rid INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id TEXT NOT NULL, "
    "version INTEGER NOT NULL, doc TEXT NOT NULL) STRICT",
    "CREATE UNIQUE INDEX records_by_id ON records (collection, id)",
    "CREATE TABLE entries (number INTEGER NOT NULL, key BLOB NOT NULL, rid INTEGER NOT NULL, mark INTEGER "
    "NOT NULL, "
    "PRIMARY KEY (number, key)) STRICT, WITHOUT ROWID",
    "CREATE TABLE changes (seq INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id TEXT NOT NULL, "
    "operation INTEGER NOT NULL, ms INTEGER NOT NULL, actor TEXT NOT NULL, rid INTEGER NOT NULL, "
    "version INTEGER NOT NULL, bytes INTEGER NOT NULL, before TEXT, after TEXT) STRICT",
    // Names of dropped collections, as long as the change log speaks of them; `seq` is the change that dropped one.
    "CREATE TABLE former_collections (number INTEGER PRIMARY KEY, name TEXT NOT NULL, seq INTEGER NOT NULL) "
    "STRICT",
    "CREATE TABLE idempotency (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, answer TEXT NOT NULL, "
    "expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX idempotency_by_expiry ON idempotency (expires_ms)",
};

Status write_schema(Connection& connection) {
    TRY_VOID(connection.execute("BEGIN EXCLUSIVE"));
    for (const std::string_view definition : definitions) {
        TRY_VOID(connection.execute(std::string(definition)));
    }
    TRY_VOID(connection.execute("INSERT INTO counts (number, rows, bytes) VALUES (0, 0, 0)"));
    TRY_VOID(connection.execute("PRAGMA application_id=" + std::to_string(application_id) +
                                ";PRAGMA user_version=" + std::to_string(format_version) + ";COMMIT"));
    return connection.execute("PRAGMA journal_mode=WAL");
}

Status make_file(const std::string& path, const SqliteOptions& options) {
    {
        TRY(const auto connection, Connection::open(path, Connection::Mode::Create, options));
        TRY_VOID(write_schema(*connection));
    }
    return sync_path(path);
}

}  // namespace

Status create_file(const std::string& path, const SqliteOptions& options) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0) return database_exists();
    const std::string unfinished = path + std::string(unfinished_suffix);
    remove_files(unfinished);
    Status made = make_file(unfinished, options);
    if (!made.ok()) {
        remove_files(unfinished);
        return made;
    }
    ::unlink((unfinished + "-wal").c_str());
    if (std::rename(unfinished.c_str(), path.c_str()) != 0) return system_error(errno, "naming " + path);
    return sync_directory_of(path);
}

Status check_format(Connection& connection) {
    TRY(const std::int64_t application, connection.integer("PRAGMA application_id"));
    if (application != application_id) return database_damaged("this is no database file of CredVault");
    TRY(const std::int64_t version, connection.integer("PRAGMA user_version"));
    if (version > format_version) {
        Error newer = database_damaged("format " + std::to_string(version));
        newer.message = "This database was written by a newer version of CredVault (format " +
                        std::to_string(version) + ", this one reads up to " + std::to_string(format_version) +
                        "); use that version";
        return newer;
    }
    if (version != format_version) return database_damaged("unknown format " + std::to_string(version));
    Statement schema(
        connection.raw(),
        "SELECT sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
        false);
    std::size_t found = 0;
    int code = SQLITE_ROW;
    while ((code = schema.step()) == SQLITE_ROW) {
        if (found == std::size(definitions) || schema.bytes(0) != definitions[found]) {
            return database_damaged("unexpected definition: " + std::string(schema.bytes(0)));
        }
        ++found;
    }
    TRY_VOID(connection.check(code, "reading the schema"));
    if (found != std::size(definitions)) return database_damaged("tables are missing");
    return {};
}

}  // namespace credvault::storage
