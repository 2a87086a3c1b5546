// Background jobs: work that takes longer than a request may. Jobs are records of the system database, so that they
// outlive the server: one that a stop or a crash interrupted goes on from its checkpoint where its type can, and ends
// as failed otherwise. Runners of registered types run on a few threads of low priority. Thread-safe between open() and
// stop(); types are registered before open().
//
//     jobs.add({.name = "update", .unit = "records", .run = [&](JobRun& run) -> Result<std::string> { … }});
//     CO_TRY(const StartedJob job, co_await jobs.start(std::move(request), {}));
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "jobs/job_run.h"
#include "storage/engine.h"
#include "storage/listing.h"

namespace credvault::jobs {

struct JobType {
    std::string name;  ///< "import"; what `type` says.
    std::string unit;  ///< Of its progress: "records".
    bool resumable =
        false;  ///< Whether a run that was interrupted may be begun again, with its last checkpoint.
    /// Does the work and returns the result, a canonical object.
    std::function<Result<std::string>(JobRun& run)> run;
    /// Frees what the parameters name (a spooled file), once, when the job has ended in whatever way.
    std::function<void(json::View parameters)> discard = {};
    /// Whether it only waits for what others do. Then it takes no thread from jobs that work, and its runner is told of
    /// a cancellation however early that comes, so that it can end what it watches.
    bool watches = false;
};

struct JobRequest {
    std::string id;  ///< Of Jobs::new_id; empty: a new one.
    std::string type;
    std::string workspace;
    std::string actor;
    std::string target;             ///< For people and filters: "shop/users".
    std::string parameters = "{}";  ///< Canonical object, for the runner; at most 16 MiB.
    std::uint64_t total = 0;        ///< Of the progress, where it is known.
};

struct StartedJob {
    std::string id;
    std::string text;  ///< As get() gives it.
    bool replayed =
        false;  ///< The idempotency key had been used: nothing was started, `answer` is the first answer.
    std::string answer;  ///< With an idempotency key.
};

struct JobSettings {
    unsigned threads = 2;            ///< Jobs that run at once.
    std::size_t max_queued = 1'000;  ///< Waiting jobs; beyond it OVERLOADED.
    std::int64_t keep_ms =
        std::int64_t{7} * 24 * 60 * 60 * 1'000;  ///< Jobs that ended, before they are removed.
    std::int64_t report_ms = 1'000;              ///< Between writes of progress.
};

struct JobCounts {
    std::uint64_t queued = 0;
    std::uint64_t running = 0;
};

/// Jobs of one type that have ended since the server started.
struct EndedJobs {
    std::string type;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;
};

class Jobs {
public:
    /// `engine` must outlive the service.
    Jobs(storage::Engine& engine, JobSettings settings);
    /// Stops.
    ~Jobs();

    /// Before open().
    void add(JobType type);
    /// Makes the collections where they are missing and takes up the jobs that were left. Call once.
    Reply<void> open();
    /// Asks all runs to stop and waits for them; what can be resumed is left for the next start. Safe to call twice.
    void stop();

    /// For a job that is to be named before it is started.
    std::string new_id();
    /// Queues a job; durable when answered. The idempotency's answer may use WriteOutcome::operations.front().id, the
    /// job's id. Fails with OVERLOADED, INVALID_RECORD where the parameters are too large, and the idempotency errors.
    Reply<StartedJob> start(JobRequest request, std::optional<storage::Idempotency> idempotency);
    /// A job of the workspace, canonical text. Fails with JOB_NOT_FOUND.
    /// With an actor: one that he asked for.
    Reply<std::string> get(std::string workspace, std::string id, std::string actor = {});
    Reply<storage::Listing> list(std::string workspace, storage::ListQuery query, std::string actor = {});
    /// Asks a job to end: at once where it waits, soon where it runs; one that has ended stays as it is. Durable when
    /// answered. The value is the job's text. Fails with JOB_NOT_FOUND.
    Reply<std::string> cancel(std::string workspace, std::string id);

    JobCounts counts() const;
    std::vector<EndedJobs> ended() const;  ///< Of every type.
    const JobSettings& settings() const;

private:
    class Board;
    std::unique_ptr<Board> board_;
};

}  // namespace credvault::jobs
