// What a narrowed read gives: rows without what is hidden, facts about the work and errors that tell nothing of it, and
// definitions. Internal to RestrictedEngine. The sink belongs to one call; the rest are pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "storage/engine.h"
#include "storage/narrowing.h"

namespace credvault::storage {

/// Hands rows on as they are shown; rows that the rule does not admit are dropped.
class NarrowingSink final : public RowSink {
public:
    NarrowingSink(const RecordNarrowing& narrowing, RowSink& sink) : narrowing_(narrowing), sink_(sink) {}

    bool row(const Row& row) override;
    void restart() override;
    std::uint64_t given() const { return given_; }

private:
    const RecordNarrowing& narrowing_;
    RowSink& sink_;
    std::string scratch_;
    std::uint64_t given_ = 0;
};

/// An error of a question or write: what names a hidden field, its value, or what would help the rule is left out.
Error discreet(Error error, const RecordNarrowing& narrowing);
/// The same for how a question was answered. `seen` stands for what was examined where a rule hides records.
void make_discreet(WorkStats& stats, const RecordNarrowing& narrowing, std::uint64_t seen);
/// Drops indexes and the schema that speak of hidden fields, and counts of hidden records.
void hide_definitions(CollectionInfo& info, const RecordNarrowing& narrowing);
/// Whether an index has a hidden field.
bool names_hidden(const IndexSpec& spec, const RecordNarrowing& narrowing);

}  // namespace credvault::storage
