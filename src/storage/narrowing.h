// What a restricted credential sees of one database: some of its collections, and of their records those that a rule
// admits, without some of their fields. RestrictedEngine narrows every call by it. Immutable; thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"
#include "query/filter.h"
#include "query/hidden_fields.h"

namespace credvault::storage {

/// What is seen of one collection's records.
struct RecordNarrowing {
    query::Filter rows;             ///< Only records that match, as they are with all their fields.
    query::HiddenFieldsRef hidden;  ///< Null or not empty.

    bool has_rows() const { return !rows.matches_everything(); }
    bool narrows() const { return hidden || has_rows(); }
    /// Whether the record is there at all. A rule that can't be evaluated admits nothing.
    bool admits(const json::View& record) const;
    /// The record without the hidden fields, in `scratch` where it has some.
    json::View shown(const json::View& record, std::string& scratch) const;
    /// What a filter of the credential means on the stored records: the rule, and the filter on what is shown.
    query::Filter narrowed(const query::Filter& filter) const;
    query::Filter blinded(const query::Filter& filter) const { return query::without(filter, hidden); }
    query::Sort blinded(const query::Sort& sort) const;
};

struct Narrowing {
    std::string database;                                           ///< Its name, for messages.
    std::optional<std::set<std::string, std::less<>>> collections;  ///< Nothing: all.
    std::map<std::string, RecordNarrowing, std::less<>> by_collection;
    RecordNarrowing others;   ///< Of collections that are not listed.
    std::string fingerprint;  ///< Equal for equal narrowings.

    bool allows(std::string_view collection) const;
    const RecordNarrowing& of(std::string_view collection) const;
    /// Fails with FORBIDDEN, in the same words whether there is such a collection or not.
    Status check(std::string_view collection) const;
};

using NarrowingRef = std::shared_ptr<const Narrowing>;

}  // namespace credvault::storage
