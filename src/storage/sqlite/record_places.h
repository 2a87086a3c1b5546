// Where records lay when they were last met: a table of bounded size from database, collection and id to the rid. Only
// a hint, which whoever uses it checks against the row: it is never emptied, and a wrong place costs a look more. It
// spares a read by id the walk down the tree of ids. One for all databases; thread-safe without locks.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/sqlite/connection.h"

namespace credvault::storage {

class RecordPlaces {
public:
    /// Takes at most so many bytes, and those only as it fills. 0: remembers nothing.
    explicit RecordPlaces(std::size_t bytes);
    ~RecordPlaces();
    RecordPlaces(const RecordPlaces&) = delete;
    RecordPlaces& operator=(const RecordPlaces&) = delete;

    /// What the other calls name a record by; `database` is any number that tells databases apart.
    static std::uint64_t key_of(std::uint64_t database, std::int64_t collection, std::string_view id);
    std::optional<std::int64_t> find(std::uint64_t key) const;
    void note(std::uint64_t key, std::int64_t rid) const;

private:
    struct Place {
        std::uint64_t rid;
        std::uint64_t
            seal;  ///< The key and the rid, so that half of another thread's writing is seen as none.
    };
    static constexpr std::size_t ways = 4;  ///< Places that a key may take: those of one cache line.

    Place* bucket(std::uint64_t key) const { return places_ + (key & mask_) * ways; }

    Place* places_ = nullptr;
    std::size_t bytes_ = 0;
    std::uint64_t mask_ = 0;
};

/// Looks for one record by its id: where it lay, then by the tree of ids. The statement is reset when the scope ends.
class RecordLookup {
public:
    RecordLookup(const RecordPlaces& places, Connection& connection, std::int64_t collection,
                 std::string_view id)
        : places_(places), connection_(connection), collection_(collection), id_(id) {}
    ~RecordLookup() { end(); }
    RecordLookup(const RecordLookup&) = delete;
    RecordLookup& operator=(const RecordLookup&) = delete;

    /// SQLITE_ROW, SQLITE_DONE or an extended error code. Once.
    int step();
    /// Precondition of these: SQLITE_ROW.
    std::int64_t rid() const { return statement_->integer(0); }
    std::int64_t version() const { return statement_->integer(1); }
    std::string_view record() const { return statement_->bytes(2); }

private:
    int step_at(std::int64_t rid);
    void end();

    const RecordPlaces& places_;
    Connection& connection_;
    const std::int64_t collection_;
    const std::string_view id_;
    Statement* statement_ = nullptr;
};

}  // namespace credvault::storage
