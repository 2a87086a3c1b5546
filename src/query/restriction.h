// What a filter says of single paths that an index can use, read off the predicates that all must hold. A restriction
// never excludes a record that matches; `exact` tells whether it admits others. Internal to the planner. Refers to the
// filter, which must outlive it.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "query/bounds.h"
#include "query/filter.h"
#include "query/path.h"

namespace credvault::query {

/// Some value that the record has for the path (key_walk.h) lies within the intervals.
struct Restriction {
    const Path* path = nullptr;
    const FilterNode* node = nullptr;  ///< What says so, for describe.
    std::size_t conjunct = 0;          ///< The predicate of the filter's conjunction that it is read off.
    Intervals intervals;
    bool exact = false;            ///< Conversely the predicate holds, given that no array is on the path.
    bool exact_in_arrays = false;  ///< … even through arrays.
    bool present = false;          ///< A record without the field can't match.
    bool only_presence =
        false;  ///< It says no more than that ($exists); exact means: where the field is present.
};

class Restrictions {
public:
    explicit Restrictions(const Filter& filter);
    Restrictions(const Restrictions&) = delete;
    Restrictions& operator=(const Restrictions&) = delete;

    const std::vector<Restriction>& all() const { return all_; }
    /// How many predicates must hold.
    std::size_t conjuncts() const { return conjuncts_; }
    /// One of them never does.
    bool never() const { return never_; }

private:
    void read_conjunction(const FilterNode& node);
    void read(const FilterNode& node, const Path& path);
    void read_element_filter(const FilterNode& node, const Path& path);
    void add(Restriction restriction, const FilterNode& node, const Path& path);

    std::vector<Restriction> all_;
    std::deque<Path> joined_;  ///< Paths that continue another, below $elemMatch.
    std::size_t conjuncts_ = 0;
    std::size_t elements_ = 0;  ///< Depth of $elemMatch and $all around what is read.
    bool never_ = false;
};

}  // namespace credvault::query
