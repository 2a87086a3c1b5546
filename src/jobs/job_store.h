// The records of jobs in the system database: what users see of a job, its parameters, and its checkpoint, in three
// collections, so that a checkpoint costs no rewriting of the parameters. Thread-safe, no state of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/reply.h"
#include "jobs/job.h"
#include "storage/engine.h"
#include "storage/listing.h"

namespace credvault::jobs {

class JobStore {
public:
    explicit JobStore(storage::Engine& engine) : engine_(engine) {}

    /// Makes the collections where they are missing.
    Reply<void> open();
    /// Jobs that have not ended, in the order of their ids.
    Reply<std::vector<std::shared_ptr<Job>>> unfinished();

    /// A new job; the outcome's first operation is its record, with text.
    Reply<storage::WriteOutcome> insert(std::shared_ptr<const Job> job,
                                        std::optional<storage::Idempotency> idempotency);
    /// The job's facts as they are when the write happens.
    Reply<void> update(const Job& job);
    /// The same with its checkpoint.
    Reply<void> save(const Job& job);
    /// The same, and parameters and checkpoint go.
    Reply<void> finish(const Job& job);

    /// What users see. Fails with JOB_NOT_FOUND, also for another workspace's.
    Reply<std::string> get(std::string workspace, std::string id, std::string actor = {});
    Reply<storage::Listing> list(std::string workspace, storage::ListQuery query, std::string actor);
    /// Removes jobs that ended before the time, some at once. Returns how many.
    Reply<std::size_t> remove_ended(std::int64_t before_ms);

private:
    Reply<void> make_collection(std::string_view name);

    storage::Engine& engine_;
};

/// A job's record without what only the platform needs.
std::string public_text(const json::View& record);

}  // namespace credvault::jobs
