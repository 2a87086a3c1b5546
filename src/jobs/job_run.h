// What the runner of a job sees of it: what it was asked, where it left off, how it tells how far it is, and whether it
// should stop. Used on the job's thread only; `stop_asked` may be read from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/run_loop.h"
#include "json/view.h"

namespace credvault::jobs {

/// How far a job is, in units of its type (records, bytes).
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0: not known.
};

class JobRun {
public:
    virtual ~JobRun() = default;

    virtual const std::string& id() const = 0;
    virtual const std::string& workspace() const = 0;
    virtual const std::string& actor() const = 0;  ///< Who asked for it: a key's or user's id.
    /// As given to Jobs::start.
    virtual json::View parameters() const = 0;
    /// What save() was given last, perhaps by a run before the server was started anew; null where there is none.
    virtual json::View checkpoint() const = 0;

    /// Set when the job is cancelled or the server stops: return soon, with any error (it is not kept), or with the
    /// result where the work is done all the same. Fits WorkLimits::cancelled.
    virtual const std::atomic<bool>& stop_asked() const = 0;
    /// Whether it was cancelled; a job that is asked to stop without that may go on after the next start.
    virtual bool cancelled() const = 0;
    /// For the thread's calls of the engine and of services: run.loop().wait(…).
    virtual RunLoop& loop() = 0;

    /// Tells how far the job is and, where it is not empty, what it has done so far (a canonical object, replaced by
    /// the result when the job ends, and kept where it fails). Cheap: written at most once a second.
    virtual void report(Progress progress, std::string_view result_so_far = {}) = 0;
    /// The same together with where to go on, durable when it returns. Fails as Engine::write does.
    virtual Status save(std::string checkpoint, Progress progress, std::string_view result_so_far = {}) = 0;
};

}  // namespace credvault::jobs
