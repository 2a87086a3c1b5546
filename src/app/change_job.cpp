#include "app/change_job.h"

#include <utility>

#include "base/clock.h"
#include "documents/mass_change.h"

namespace credvault::app {
namespace {

constexpr std::int64_t checkpoint_ns = 2'000'000'000;

/// One run of an update's or delete's job.
class ChangeRun {
public:
    ChangeRun(storage::Engine& engine, documents::ChangeOrder order, jobs::JobRun& run)
        : run_(run), change_(engine, std::move(order), "job/" + run.id(), run.actor(), run.stop_asked()) {}

    Result<std::string> finish() {
        TRY_VOID(run_.loop().wait(change_.begin(run_.checkpoint())));
        // Where it ends must hold after a crash as well.
        TRY_VOID(save());
        const Status done = all();
        run_.report(progress(), change_.result());
        if (done.ok()) return change_.result();
        if (run_.stop_asked()) (void)save();
        return done.error();
    }

private:
    jobs::Progress progress() const { return {change_.done(), change_.total()}; }

    Status save() { return run_.save(change_.checkpoint(), progress(), change_.result()); }

    Status all() {
        std::int64_t saved_ns = monotonic_ns();
        while (true) {
            if (run_.stop_asked()) return Error(ErrorCode::SHUTTING_DOWN);
            TRY(const bool more, run_.loop().wait(change_.next()));
            if (!more) return {};
            if (monotonic_ns() - saved_ns < checkpoint_ns) {
                run_.report(progress(), change_.result());
                continue;
            }
            TRY_VOID(save());
            saved_ns = monotonic_ns();
        }
    }

    jobs::JobRun& run_;
    documents::MassChange change_;
};

}  // namespace

void add_change_jobs(jobs::Jobs& jobs, storage::Engine& engine, const api::JobDatabases& databases) {
    for (const char* const name : {"update", "delete"}) {
        jobs::JobType type;
        type.name = name;
        type.unit = "records";
        type.resumable = true;
        type.run = [&engine, &databases](jobs::JobRun& run) -> Result<std::string> {
            TRY(documents::ChangeOrder order, documents::ChangeOrder::parse(run.parameters()));
            TRY(const documents::DatabaseRef database,
                databases.open(run.actor(), run.workspace(), order.database));
            order.database = database->id;
            return ChangeRun(engine, std::move(order), run).finish();
        };
        jobs.add(std::move(type));
    }
}

}  // namespace credvault::app
