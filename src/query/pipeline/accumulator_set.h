// The accumulators of one stage together: their states lie one behind the other in memory that the caller gives.
// Immutable; the fields that it reads from each document are the caller's (DocumentFields).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "query/pipeline/accumulator.h"
#include "query/pipeline/document_fields.h"
#include "query/pipeline/run.h"

namespace credvault::query {

class AccumulatorSet {
public:
    AccumulatorSet() = default;
    explicit AccumulatorSet(std::vector<AccumulatorRef> accumulators);

    /// Of all states; a multiple of alignof(std::max_align_t).
    std::size_t bytes() const { return bytes_; }
    const std::vector<AccumulatorRef>& all() const { return accumulators_; }

    /// Makes the states. `key`: the group's, whose fields may give `n`. On failure nothing is left to destroy.
    Status create(char* states, const json::View& key, Run& run) const;
    void destroy(char* states) const;
    /// Appends `,"name":result` for each.
    Status append(std::string& out, const char* states) const;

private:
    friend class AccumulatorInputs;

    struct One {
        std::size_t offset;
        const Item* constant;  ///< The argument where it is one, or null.
    };

    std::vector<AccumulatorRef> accumulators_;
    std::vector<One> ones_;
    std::size_t bytes_ = 0;
};

/// What the accumulators of a set take from each document. One step's.
class AccumulatorInputs {
public:
    AccumulatorInputs(const AccumulatorSet& set, DocumentFields& fields);

    /// Adds the document, whose fields have been read. `begun` tells whether the evaluation's root is the document.
    Status add(char* states, const json::View& document, bool begun, Run& run, MemoryShare& memory) const;

private:
    const AccumulatorSet& set_;
    const DocumentFields& fields_;
    std::vector<std::size_t> places_;
};

/// States in memory of their own, for where there is one group at a time.
class AccumulatorStates {
public:
    explicit AccumulatorStates(const AccumulatorSet& set) : set_(set) {}
    ~AccumulatorStates() { clear(); }
    AccumulatorStates(const AccumulatorStates&) = delete;
    AccumulatorStates& operator=(const AccumulatorStates&) = delete;

    Status begin(const json::View& key, Run& run);
    void clear();
    char* at() { return reinterpret_cast<char*>(memory_.data()); }
    const char* at() const { return reinterpret_cast<const char*>(memory_.data()); }

private:
    const AccumulatorSet& set_;
    std::vector<StateCell> memory_;
    bool made_ = false;
};

}  // namespace credvault::query
