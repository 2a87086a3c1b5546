// Runs questions: the first slice on the asking thread, in the read transaction that it holds; what takes longer goes
// on in the pool of workers, slice by slice in short transactions, so that questions share the workers fairly and
// none keeps the write-ahead log from starting anew. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "base/worker_pool.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/read_ahead.h"
#include "storage/sqlite/work_guard.h"

namespace credvault::storage {

/// Keeps a session's transaction open for a scope.
class Reading {
public:
    /// Fails where the database can't be read. Precondition: the session is not busy.
    static Status begin(Database& database, ReadSession& session);
    explicit Reading(ReadSession& session) : session_(session) { session_.set_busy(true); }
    ~Reading() {
        session_.set_busy(false);
        session_.leave();
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    ReadSession& session_;
};

class Reader {
public:
    explicit Reader(Context& context);

    /// Run is FindRun or CountRun.
    template <class Run>
    Reply<typename Run::Answer> run(std::shared_ptr<Database> database, Run run);
    /// Does something small later, on a worker.
    template <class T, class F>
    Reply<T> run_on_worker(F work) {
        return workers_.run<T>(std::move(work));
    }
    std::size_t queued() const { return workers_.queued(); }

private:
    enum class Slices : bool { Inline, Worker };

    /// One slice. True: done.
    template <class Run>
    Result<bool> work(Database& database, Run& run, Slices slices);
    template <class Run>
    void work_on(std::shared_ptr<Database> database, std::shared_ptr<Run> run,
                 Completer<typename Run::Answer> done);

    Context& context_;
    WorkerPool workers_;
};

template <class Run>
Reply<typename Run::Answer> Reader::run(std::shared_ptr<Database> database, Run run) {
    TRY(const bool done, work(*database, run, Slices::Inline));
    if (done) {
        ++context_.counters.inline_reads;
        return run.take();
    }
    ++context_.counters.pool_reads;
    Completer<typename Run::Answer> completer;
    auto moved = std::make_shared<Run>(std::move(run));
    const bool queued =
        workers_.submit([this, database, moved, completer] { work_on(database, moved, completer); });
    if (!queued) return overloaded("the queue of reads is full");
    return completer.reply();
}

template <class Run>
void Reader::work_on(std::shared_ptr<Database> database, std::shared_ptr<Run> run,
                     Completer<typename Run::Answer> done) {
    for (;;) {
        const Result<bool> finished = work(*database, *run, Slices::Worker);
        if (!finished.ok()) return done.complete(finished.error());
        if (*finished) return done.complete(run->take());
        // Others that wait get their turn; where the queue is full or closing this one simply goes on.
        if (workers_.queued() == 0) continue;
        if (workers_.submit([this, database, run, done] { work_on(database, run, done); })) return;
    }
}

template <class Run>
Result<bool> Reader::work(Database& database, Run& run, Slices slices) {
    constexpr int most_restarts = 16;
    for (int restarts = 0; restarts < most_restarts; ++restarts) {
        if (context_.stopping) return shutting_down();
        TRY(ReadSession* const session, database.session());
        if (session->busy())
            return false;  // A sink asks while it is given rows: a worker has a session of its own.
        TRY_VOID(Reading::begin(database, *session));
        const Reading reading(*session);
        std::optional<ReadAhead> ahead;
        if (slices == Slices::Worker) {
            ahead.emplace(session->connection().raw());
            session->connection().set_cached({});  // What reads much would drive out what is asked for often.
        }
        const Slice slice = slices == Slices::Inline ? Slice::inline_of(context_.options)
                                                     : Slice::worker_of(context_.options);
        if (!run.holds_in(*session->catalog())) run.restart();  // Changed since the last slice.
        Result<bool> done = run.advance(*session, slice);
        if (!done.ok() && done.error().code == ErrorCode::DATABASE_DAMAGED)
            return database.note(done.error());
        if (session->catalog_is_current() || run.holds_in(*database.catalog())) return done;
        run.restart();
    }
    return overloaded("the indexes change too often");
}

}  // namespace credvault::storage
