// The format of a database file: its tables, its marks (application_id, user_version), how one is made and what is
// checked when one is opened. Pure functions on connections and paths.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "storage/changes.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/sqlite_options.h"

namespace credvault::storage {

constexpr int format_version = 2;

// A record's rid carries its collection's number above the change sequence of its insertion: a collection's records lie
// together in the order of their insertion, and no rid comes twice.
constexpr int sequence_bits = 40;
constexpr std::int64_t max_sequence = (std::int64_t{1} << sequence_bits) - 1;
constexpr std::int64_t max_number = (std::int64_t{1} << (62 - sequence_bits)) - 1;

constexpr std::int64_t rid_of(std::int64_t collection, std::int64_t sequence) {
    return (collection << sequence_bits) | sequence;
}

// As stored in indexes.state and entries.mark.
enum class StoredState : std::int64_t { Building = 0, Ready = 1, Failed = 2, Dropped = 3 };
/// In changes.operation, beside the ChangeKind: made while the collection was hidden, and shown to nobody.
constexpr std::int64_t hidden_change = 16;
/// The row of the change log itself in `counts`.
constexpr std::int64_t change_log_number = 0;
constexpr std::int64_t least_mark = 1;
constexpr std::int64_t greatest_mark = 2;

/// Makes an empty database file that is durably there under `path` when this returns: all of it or nothing. Fails with
/// ALREADY_EXISTS, STORAGE_FULL or STORAGE_UNAVAILABLE.
Status create_file(const std::string& path, const SqliteOptions& options);
/// Fails with DATABASE_DAMAGED where the file is no database of ours, has other tables than it should or was made by a
/// newer version. Reads the header and the schema only.
Status check_format(Connection& connection);

}  // namespace credvault::storage
