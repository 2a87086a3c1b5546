// Changes as users see them: which of them a consumer wants, and their JSON. Value types and pure functions; several
// threads may use a selection at once.
#pragma once

#include <cstdint>
#include <string>

#include "documents/place.h"
#include "query/filter.h"
#include "storage/changes.h"

namespace credvault::documents {

/// Bits of ChangeSelection::kinds.
constexpr unsigned kind_bit(storage::ChangeKind kind) { return 1U << static_cast<unsigned>(kind); }
constexpr unsigned all_kinds = ~0U;

/// What a consumer wants to be told.
struct ChangeSelection {
    std::string collection;  ///< Empty: all of the database.
    unsigned kinds = all_kinds;
    query::Filter
        filter;  ///< On the record; a change passes where it is not known or an expression fails on it.
    bool record = false;  ///< With the record after the change.
    bool before = false;  ///< With the record before it.

    /// Whether images and the current record have to be read.
    bool needs_records() const { return record || before || !filter.matches_everything(); }
};

/// The beginning of a change's JSON, which is the same for everyone; finish_event completes it.
std::string event_head(const DatabaseEntry& database, const storage::Change& change);
std::string_view kind_name(storage::ChangeKind kind);

/// Appends the whole JSON of the change where the selection takes it; false where it does not. `head` is its
/// event_head. Records larger than `max_record_bytes` are left out and said to be.
bool append_event(std::string& out, std::string_view head, const storage::Change& change,
                  const ChangeSelection& selection, std::size_t max_record_bytes);

}  // namespace credvault::documents
