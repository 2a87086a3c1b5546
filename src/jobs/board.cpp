#include "jobs/board.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace credvault::jobs {
namespace {

/// Below the readers' workers.
constexpr int job_nice = 10;
constexpr unsigned watching_threads = 2;
constexpr std::int64_t retry_ms = 1'000;
constexpr std::int64_t tidy_ms = 60'000;

Error interrupted() { return Error(ErrorCode::SHUTTING_DOWN, "The server stopped before the job was done"); }

Error too_many_jobs() {
    Error error(ErrorCode::OVERLOADED, "Too many jobs are waiting; try again when some have ended");
    error.retry_after_seconds = 10;
    return error;
}

}  // namespace

/// What a runner is given; lives on the job's thread.
class Jobs::Board::Run final : public JobRun {
public:
    Run(Board& board, Job& job, RunLoop& loop) : board_(board), job_(job), loop_(loop) {
        const JobFacts facts = job.facts();
        workspace_ = facts.workspace;
        actor_ = facts.actor;
    }

    const std::string& id() const override { return job_.id; }
    const std::string& workspace() const override { return workspace_; }
    const std::string& actor() const override { return actor_; }
    json::View parameters() const override { return json::View(job_.parameters); }
    json::View checkpoint() const override {
        return job_.checkpoint.empty() ? json::View() : json::View(job_.checkpoint);
    }
    const std::atomic<bool>& stop_asked() const override { return job_.stop_asked; }
    bool cancelled() const override { return job_.cancelled; }
    RunLoop& loop() override { return loop_; }

    void report(Progress progress, std::string_view result_so_far) override {
        note(progress, result_so_far);
        const std::int64_t now = monotonic_ns();
        if (now - written_ns_ < board_.settings_.report_ms * 1'000'000) return;
        written_ns_ = now;
        // What is not written now will be with the next report.
        (void)loop_.wait(board_.store_.update(job_));
    }
    Status save(std::string checkpoint, Progress progress, std::string_view result_so_far) override {
        note(progress, result_so_far);
        job_.checkpoint = std::move(checkpoint);
        written_ns_ = monotonic_ns();
        return loop_.wait(board_.store_.save(job_));
    }

private:
    void note(Progress progress, std::string_view result_so_far) {
        job_.change([&](JobFacts& facts) {
            facts.progress = progress;
            if (!result_so_far.empty()) facts.result = result_so_far;
        });
    }

    Board& board_;
    Job& job_;
    RunLoop& loop_;
    std::string workspace_;
    std::string actor_;
    std::int64_t written_ns_ = monotonic_ns();
};

Jobs::Board::Board(storage::Engine& engine, JobSettings settings) : store_(engine), settings_(settings) {}

void Jobs::Board::add(JobType type) {
    ended_[type.name].type = type.name;
    types_.insert_or_assign(type.name, std::move(type));
}

std::string Jobs::Board::new_id() { return "job_" + ids_.next(now_ms()); }

const JobType* Jobs::Board::type_of(const std::string& name) const {
    const auto found = types_.find(name);
    return found == types_.end() ? nullptr : &found->second;
}

Reply<void> Jobs::Board::open() {
    CO_TRY_VOID(co_await store_.open());
    CO_TRY(const std::vector<JobRef> left, co_await store_.unfinished());
    pool_ = std::make_unique<WorkerPool>(
        WorkerPool::Options{"jobs", settings_.threads, std::numeric_limits<std::size_t>::max(), job_nice});
    watchers_ = std::make_unique<WorkerPool>(WorkerPool::Options{
        "job watchers", watching_threads, std::numeric_limits<std::size_t>::max(), job_nice});
    tidier_ = std::thread([this] { keep_tidy(); });
    for (const JobRef& job : left) {
        ids_.observe(std::string_view(job->id).substr(std::min<std::size_t>(job->id.size(), 4)));
        const JobFacts facts = job->facts();
        const JobType* const type = type_of(facts.type);
        const bool watches = type != nullptr && type->watches;
        const bool goes_on = watches || (type != nullptr && !facts.cancel_requested &&
                                         (facts.state == State::Queued || type->resumable));
        {
            std::lock_guard lock(mutex_);
            live_.emplace(job->id, job);
        }
        if (goes_on) {
            job->change([](JobFacts& f) { f.state = State::Queued; });
            job->cancelled = facts.cancel_requested;
            job->stop_asked = facts.cancel_requested;
            submit(job);
            continue;
        }
        job->change([](JobFacts& f) {
            f.state = f.cancel_requested ? State::Cancelled : State::Failed;
            if (!f.cancel_requested) f.error = interrupted();
            f.finished_ms = now_ms();
        });
        CO_TRY_VOID(co_await finish_waiting(job));
    }
    co_return Status();
}

void Jobs::Board::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const auto& [id, job] : live_) job->stop_asked = true;
    }
    wake_.notify_all();
    pool_.reset();
    watchers_.reset();
    if (tidier_.joinable()) tidier_.join();
}

bool Jobs::Board::stopping() const {
    std::lock_guard lock(mutex_);
    return stopping_;
}

bool Jobs::Board::take(const JobRef& job) {
    std::lock_guard lock(mutex_);
    if (stopping_ || live_.size() >= settings_.max_queued + settings_.threads) return false;
    live_.emplace(job->id, job);
    return true;
}

void Jobs::Board::forget(const JobRef& job) {
    std::lock_guard lock(mutex_);
    live_.erase(job->id);
}

Jobs::Board::JobRef Jobs::Board::find(const std::string& workspace, const std::string& id) const {
    std::lock_guard lock(mutex_);
    const auto found = live_.find(id);
    if (found == live_.end() || found->second->facts().workspace != workspace) return nullptr;
    return found->second;
}

void Jobs::Board::submit(JobRef job) {
    const JobType* const type = type_of(job->facts().type);
    WorkerPool& pool = type != nullptr && type->watches ? *watchers_ : *pool_;
    pool.submit([this, job = std::move(job)] { run(job); });
}

Reply<StartedJob> Jobs::Board::start(JobRequest request, std::optional<storage::Idempotency> idempotency) {
    const JobType* const type = type_of(request.type);
    if (type == nullptr) co_return Error(ErrorCode::INTERNAL, {}, {}, "no job type " + request.type);
    JobFacts facts;
    facts.type = std::move(request.type);
    facts.workspace = std::move(request.workspace);
    facts.actor = std::move(request.actor);
    facts.target = std::move(request.target);
    facts.unit = type->unit;
    facts.progress.total = request.total;
    const auto job = std::make_shared<Job>(request.id.empty() ? new_id() : std::move(request.id),
                                           std::move(facts), std::move(request.parameters), std::string());
    if (!take(job)) co_return too_many_jobs();
    Result<storage::WriteOutcome> written = co_await store_.insert(job, std::move(idempotency));
    if (!written.ok() || written->replayed) forget(job);
    if (!written.ok()) co_return std::move(written).error();
    StartedJob started{job->id, {}, written->replayed, std::move(written->answer)};
    if (!written->replayed) {
        started.text = public_text(json::View(written->operations.front().record));
        submit(job);
    }
    co_return started;
}

Reply<std::string> Jobs::Board::cancel(std::string workspace, std::string id) {
    const JobRef job = find(workspace, id);
    if (job) {
        const JobType* const type = type_of(job->facts().type);
        const bool watches = type != nullptr && type->watches;
        bool waits = false;
        bool ended = false;  // It is told so before it leaves the board.
        job->change([&](JobFacts& facts) {
            waits = facts.state == State::Queued && !watches;
            ended = facts.state != State::Queued && facts.state != State::Running;
            if (ended) return;
            facts.cancel_requested = true;
            if (!waits) return;
            facts.state = State::Cancelled;
            facts.finished_ms = now_ms();
        });
        if (!ended) {
            job->cancelled = true;
            job->stop_asked = true;
        }
        if (waits) {
            CO_TRY_VOID(co_await finish_waiting(job));
        } else if (!ended) {
            CO_TRY_VOID(co_await store_.update(*job));
        }
    }
    co_return co_await store_.get(std::move(workspace), std::move(id));
}

/// Ends a job that no thread has begun.
Reply<void> Jobs::Board::finish_waiting(JobRef job) {
    CO_TRY_VOID(co_await store_.finish(*job));
    count_end(job->facts());
    discard(*job);
    forget(job);
    co_return Status();
}

void Jobs::Board::discard(const Job& job) const {
    const JobType* const type = type_of(job.facts().type);
    if (type != nullptr && type->discard && !job.parameters.empty())
        type->discard(json::View(job.parameters));
}

void Jobs::Board::run(const JobRef& job) {
    if (stopping()) return;
    bool begins = false;
    job->change([&](JobFacts& facts) {
        begins = facts.state == State::Queued;
        if (!begins) return;
        facts.state = State::Running;
        if (facts.started_ms == 0) facts.started_ms = now_ms();
    });
    if (!begins) return;
    RunLoop loop;
    (void)loop.wait(store_.update(*job));
    const JobType& type = *type_of(job->facts().type);
    Result<std::string> result = Error();
    try {
        Run seen(*this, *job, loop);
        result = type.run(seen);
    } catch (const std::exception& thrown) {
        result = Error(ErrorCode::INTERNAL, {}, {}, thrown.what());
    }
    settle(*job, std::move(result), type);
    finish(job, loop);
}

/// What a job's end means. One that was interrupted and can go on later stays as it is.
void Jobs::Board::settle(Job& job, Result<std::string> result, const JobType& type) {
    const bool stopped = job.stop_asked && !job.cancelled;
    if (!result.ok() && stopped && type.resumable) return;
    if (!result.ok() && !job.cancelled && !result.error().cause.empty()) {
        log::error("a job failed", {{"job", job.id}, {"cause", result.error().cause}});
    }
    job.change([&](JobFacts& facts) {
        facts.finished_ms = now_ms();
        if (result.ok()) {
            facts.state = State::Succeeded;
            facts.result = std::move(result).value();
        } else if (job.cancelled) {
            facts.state = State::Cancelled;
        } else {
            facts.state = State::Failed;
            facts.error = stopped ? interrupted() : std::move(result).error();
        }
    });
}

void Jobs::Board::finish(const JobRef& job, RunLoop& loop) {
    const State state = job->facts().state;
    if (state == State::Running) return;
    while (true) {
        const Status written = loop.wait(store_.finish(*job));
        if (written.ok()) break;
        log::error("the end of a job can't be written",
                   {{"job", job->id}, {"reason", written.error().message}});
        // Left as running, it goes on or fails at the next start.
        if (!pause(retry_ms)) return;
    }
    count_end(job->facts());
    discard(*job);
    forget(job);
}

void Jobs::Board::count_end(const JobFacts& facts) {
    std::lock_guard lock(mutex_);
    EndedJobs& ended = ended_[facts.type];
    ended.succeeded += facts.state == State::Succeeded ? 1 : 0;
    ended.failed += facts.state == State::Failed ? 1 : 0;
    ended.cancelled += facts.state == State::Cancelled ? 1 : 0;
}

std::vector<EndedJobs> Jobs::Board::ended() const {
    std::lock_guard lock(mutex_);
    std::vector<EndedJobs> all;
    for (const auto& [type, ended] : ended_) all.push_back(ended);
    return all;
}

bool Jobs::Board::pause(std::int64_t ms) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

void Jobs::Board::keep_tidy() {
    RunLoop loop;
    const std::int64_t wait_ms = std::clamp<std::int64_t>(settings_.keep_ms, 100, tidy_ms);
    do {
        while (!stopping()) {
            const auto removed = loop.wait(store_.remove_ended(now_ms() - settings_.keep_ms));
            if (!removed.ok() || *removed == 0) break;
        }
    } while (pause(wait_ms));
}

JobCounts Jobs::Board::counts() const {
    std::lock_guard lock(mutex_);
    JobCounts counts;
    for (const auto& [id, job] : live_) {
        const State state = job->facts().state;
        counts.queued += state == State::Queued ? 1 : 0;
        counts.running += state == State::Running ? 1 : 0;
    }
    return counts;
}

}  // namespace credvault::jobs
