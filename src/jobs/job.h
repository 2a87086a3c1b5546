// A job that has not ended, in memory: its state, which is the truth, and the record's text, which is made from it.
// Shared by the thread that runs it, threads that cancel it and the store's writers; everything that changes is behind
// its mutex.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/jobs.h"

namespace credvault::jobs {

enum class State : std::uint8_t { Queued, Running, Succeeded, Failed, Cancelled };

std::string_view state_name(State state);
std::optional<State> state_named(std::string_view name);

/// What the record of a job says, `id` and `created_at` aside.
struct JobFacts {
    std::string type, workspace, actor, target, unit;
    State state = State::Queued;
    Progress progress;
    std::string result;  ///< Canonical object; empty for none.
    std::optional<Error> error;
    bool cancel_requested = false;
    std::int64_t started_ms = 0;
    std::int64_t finished_ms = 0;

    /// A canonical object; `id` is left out where it is empty.
    std::string text(std::string_view id) const;
    /// From a record that text() made.
    static JobFacts parse(const json::View& record);
};

/// Writes the newest facts, whichever write comes first: it is asked on a writer's thread.
class Job final : public storage::RecordChange {
public:
    Job(std::string id, JobFacts facts, std::string parameters, std::string checkpoint);

    Result<std::string> apply(const json::View& current) const override;

    template <class F>
    void change(F change) {
        std::lock_guard lock(mutex_);
        change(facts_);
    }
    JobFacts facts() const {
        std::lock_guard lock(mutex_);
        return facts_;
    }

    const std::string id;
    // Owned by the thread that runs the job.
    const std::string parameters;
    std::string checkpoint;

    std::atomic<bool> stop_asked = false;
    std::atomic<bool> cancelled = false;

private:
    mutable std::mutex mutex_;
    JobFacts facts_;
};

}  // namespace credvault::jobs
