// The change log of a database: what was written, in the order of the commits, and how it is read. Every write of a
// record, of a collection and of an index appends to it in its own transaction. Positions are
// sequence numbers, which have gaps; reading goes on behind one. Value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/read.h"

namespace credvault::storage {

/// As stored; the numbers are part of the file format.
enum class ChangeKind : std::uint8_t {
    Inserted = 1,
    Changed = 2,
    Removed = 3,
    Dropped = 4,
    Replaced = 5,
    // Of the catalogue, shown to those who ask for it.
    Created = 6,       ///< A collection is there that was not.
    Altered = 7,       ///< A collection's options are others.
    IndexCreated = 8,  ///< It may not be built yet. Change::id is its name.
    IndexDropped = 9,  ///< By itself, not with its collection. Change::id is its name.
    IndexReady = 10,   ///< It is built. Change::id is its name.
    IndexFailed =
        11,  ///< It can't be built. Change::id is its name, Change::after says why: {"message": "…"}.
};
/// Whether the change is one of a record, not of its collection.
constexpr bool is_of_record(ChangeKind kind) { return kind < ChangeKind::Dropped; }
constexpr bool is_of_index(ChangeKind kind) { return kind >= ChangeKind::IndexCreated; }
/// Whether only those who ask for the catalogue's changes are told.
constexpr bool is_of_catalogue(ChangeKind kind) { return kind >= ChangeKind::Created; }

/// Which images of a record its changes keep (the collection option `change_images`).
enum class ChangeImages : std::uint8_t { Off, After, Both };

/// What the engine itself reads in a collection's options: `change_images`, "after" or "both". Precondition: canonical
/// text of an object.
ChangeImages change_images(std::string_view options);

/// A record as it stands now.
struct CurrentRecord {
    std::string text;
    Revision revision;
};

struct Change {
    std::uint64_t sequence = 0;
    ChangeKind kind = ChangeKind::Inserted;
    std::string collection;  ///< Its name, also where it was dropped since.
    std::string id;  ///< Of the record, or an index's name; empty where the change is one of the collection.
    Revision revision;  ///< Of the record afterwards (before, where removed); zeros where there is none.
    std::int64_t time_ms = 0;
    std::string actor;
    std::optional<std::string> before;  ///< The record before and after, as far as the collection kept it and
    std::optional<std::string> after;   ///< the request wants it.
    std::optional<CurrentRecord>
        current;  ///< The record under this id now, where the request wants it and it exists.
};

constexpr std::uint64_t max_changes_page = 10'000;
constexpr std::size_t max_changes_page_bytes = 4 * 1024 * 1024;

struct ChangesRequest {
    std::string_view database;
    std::string_view collection;         ///< Only changes of collections of this name; empty: all.
    std::optional<std::uint64_t> after;  ///< Only later changes; nothing: from the oldest that is kept.
    std::uint64_t limit =
        1'000;  ///< Changes to give, at most max_changes_page; 0: just where the log stands.
    std::size_t max_bytes = max_changes_page_bytes;  ///< The page ends once its texts are so large.
    bool images = false;
    bool current = false;
    bool catalogue = false;  ///< With those of which is_of_catalogue says so.
};

/// A page: fewer changes than the limit do not mean that there are no more.
struct ChangesPage {
    std::vector<Change> changes;
    std::uint64_t position = 0;  ///< Where to go on: everything up to here was looked at.
    std::uint64_t oldest = 0;    ///< The least position that can be gone on from.
    std::uint64_t horizon =
        0;  ///< No change at or before it will appear any more; the log ends here for now.

    bool has_more() const { return position < horizon; }
};

/// Is told of commits. Implementations must only take note: the writer waits.
class CommitListener {
public:
    virtual ~CommitListener() = default;
    /// Something was appended to the database's change log and can be read, or the database was dropped. From any
    /// thread.
    virtual void committed(std::string_view database) = 0;
    /// Which images this listener needs of the collection's changes, beside those that the collection keeps anyway.
    /// Asked on writers' threads for each change.
    virtual ChangeImages images(std::string_view /*database*/, std::string_view /*collection*/) const {
        return ChangeImages::Off;
    }
};

}  // namespace credvault::storage
