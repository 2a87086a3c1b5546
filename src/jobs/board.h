// The jobs that have not ended, the threads that run them, and the thread that removes old ones: what is behind Jobs.
// Thread-safe as Jobs is.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/worker_pool.h"
#include "jobs/job_store.h"
#include "jobs/jobs.h"

namespace credvault::jobs {

class Jobs::Board {
public:
    Board(storage::Engine& engine, JobSettings settings);

    void add(JobType type);
    Reply<void> open();
    void stop();
    Reply<StartedJob> start(JobRequest request, std::optional<storage::Idempotency> idempotency);
    Reply<std::string> cancel(std::string workspace, std::string id);
    JobStore& store() { return store_; }
    JobCounts counts() const;
    std::vector<EndedJobs> ended() const;
    std::string new_id();
    const JobSettings& settings() const { return settings_; }

private:
    class Run;
    using JobRef = std::shared_ptr<Job>;

    const JobType* type_of(const std::string& name) const;
    /// Takes it among those that have not ended. False where there are too many.
    bool take(const JobRef& job);
    void forget(const JobRef& job);
    JobRef find(const std::string& workspace, const std::string& id) const;
    void submit(JobRef job);
    bool stopping() const;
    void count_end(const JobFacts& facts);

    // On the job's thread.
    void run(const JobRef& job);
    void settle(Job& job, Result<std::string> result, const JobType& type);
    void finish(const JobRef& job, RunLoop& loop);
    /// Waits, but not while the server stops. False where it does.
    bool pause(std::int64_t ms);

    Reply<void> finish_waiting(JobRef job);
    void discard(const Job& job) const;
    void keep_tidy();

    JobStore store_;
    const JobSettings settings_;
    UlidGenerator ids_;
    std::map<std::string, JobType, std::less<>> types_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::unordered_map<std::string, JobRef> live_;
    std::map<std::string, EndedJobs> ended_;  ///< By type.
    std::unique_ptr<WorkerPool> pool_;
    std::unique_ptr<WorkerPool> watchers_;
    std::thread tidier_;
};

}  // namespace credvault::jobs
