#include "query/pipeline/profile.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"

namespace credvault::query {

StageProfile& Profile::add(const Stage* stage, std::string_view name) {
    StageProfile& added = stages_.emplace_back();
    added.stage = stage;
    added.name = name;
    return added;
}

StageProfile* Profile::of(const Stage* stage) {
    const auto found = std::ranges::find(stages_, stage, &StageProfile::stage);
    return found == stages_.end() ? nullptr : &*found;
}

StageProfile* Profile::switch_to(StageProfile* stage) {
    const std::int64_t now = monotonic_ns();
    if (current_ != nullptr) current_->elapsed_ns += now - since_ns_;
    since_ns_ = now;
    return std::exchange(current_, stage);
}

void Profile::note_spill(std::size_t bytes) {
    if (current_ != nullptr) current_->spilled_bytes += bytes;
}

void Profile::note_find(FindProfile find) {
    if (current_ == nullptr) return;
    const auto known = std::ranges::find(current_->finds, find.collection, &FindProfile::collection);
    if (known == current_->finds.end()) {
        current_->finds.push_back(std::move(find));
        return;
    }
    find.count += known->count;
    find.entries_examined += known->entries_examined;
    find.records_examined += known->records_examined;
    find.returned += known->returned;
    find.sorted = find.sorted || known->sorted;
    *known = std::move(find);
}

}  // namespace credvault::query
