// What the stages of one explained run did: documents, time, disk, what they asked the store. Time is charged to one
// stage at a time, the one that is running now. Belongs to the run; one thread at a time, as the run itself.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "query/pipeline/stage.h"

namespace credvault::query {

/// The questions of one stage to one collection, added up; plan, index and advice are those of the latest.
struct FindProfile {
    std::string collection;
    std::uint64_t count = 0;
    std::string plan;
    std::string index;   ///< Empty where none was used.
    std::string advice;  ///< Fields of an index that would help.
    std::uint64_t entries_examined = 0;
    std::uint64_t records_examined = 0;
    std::uint64_t returned = 0;
    bool sorted = false;  ///< In memory.
};

struct StageProfile {
    const Stage* stage = nullptr;  ///< None: the find that a pipeline begins with.
    std::string_view name;
    bool pushed_down = false;  ///< The find does it.
    bool skipped = false;      ///< It would write.
    std::uint64_t documents_out = 0;
    std::int64_t elapsed_ns = 0;  ///< Its own, without that of others.
    std::uint64_t spilled_bytes = 0;
    std::vector<FindProfile> finds;
};

class Profile {
public:
    /// The next stage in the pipeline's order; addresses stay.
    StageProfile& add(const Stage* stage, std::string_view name);
    /// Nothing for stages of pipelines within stages: what those do counts for the stage around them.
    StageProfile* of(const Stage* stage);
    const std::deque<StageProfile>& stages() const { return stages_; }

    /// From now on time, disk and questions are this stage's; returns whose they were.
    StageProfile* switch_to(StageProfile* stage);
    void note_spill(std::size_t bytes);
    void note_find(FindProfile find);

private:
    std::deque<StageProfile> stages_;
    StageProfile* current_ = nullptr;
    std::int64_t since_ns_ = 0;
};

/// A stretch of work for a stage. Does nothing without a profile, or for what is in none.
class ProfileScope {
public:
    ProfileScope(Profile* profile, StageProfile* stage) : profile_(stage == nullptr ? nullptr : profile) {
        if (profile_ != nullptr) before_ = profile_->switch_to(stage);
    }
    ProfileScope(const ProfileScope&) = delete;
    ProfileScope& operator=(const ProfileScope&) = delete;
    ~ProfileScope() {
        if (profile_ != nullptr) profile_->switch_to(before_);
    }

private:
    Profile* profile_;
    StageProfile* before_ = nullptr;
};

}  // namespace credvault::query
