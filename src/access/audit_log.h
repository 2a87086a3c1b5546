// The audit log: every change of configuration, every sign-in, every refusal, and, where it is asked for, access to
// data. Append-only, chained by hashes within a workspace (audit_store.h), removed by age alone. Thread-safe between
// open() and stop().
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "access/audit_store.h"
#include "base/reply.h"
#include "base/run_loop.h"
#include "storage/engine.h"

namespace credvault::access {

enum class DataAccess : std::uint8_t { Off, Writes, All };

struct AuditSettings {
    std::int64_t keep_ms = std::int64_t{365} * 24 * 60 * 60 * 1'000;  ///< 0: for ever.
    std::int64_t upkeep_ms = 60'000;  ///< Between two looks for entries that are too old.
    std::string data_access = "off";  ///< "off", "writes" or "all": calls on records that are noted too.
    std::size_t max_notes = 10'000;   ///< Notes that wait to be written; beyond it they are only counted.
    std::size_t refusals_per_minute =
        600;  ///< Different ones that are noted; beyond it they are only counted.
};

struct AuditVerification {
    std::uint64_t entries = 0;
    std::vector<std::string> problems;
};

class AuditLog {
public:
    /// `engine` must outlive the service.
    AuditLog(storage::Engine& engine, AuditSettings settings);
    /// Stops.
    ~AuditLog();

    /// Call once. Entries of no known workspace go to `first_workspace`, whose owner runs the server.
    Reply<void> open(std::string first_workspace);
    /// Writes what waits. Safe to call twice.
    void stop();

    /// Before a change is tried: durable when answered. Returns what finish() takes.
    Reply<std::string> begin(AuditEntry entry);
    Reply<void> finish(std::string id, AuditEntry entry);
    /// Of what has been done already: durable when answered.
    Reply<void> add(AuditEntry entry);
    /// Of refusals and access to data: written within a second, so that a crash may lose it. Like ones (the same actor,
    /// address, action and code) become one entry with their count. Takes a lock; allocates.
    void note(AuditEntry entry);
    DataAccess data_access() const { return data_access_; }
    /// As open() was told: whose members run the server.
    const std::string& first_workspace() const { return first_workspace_; }

    /// A page of a workspace's entries, everything that was answered before included.
    Reply<storage::Listing> list(std::string workspace, storage::ListQuery query);
    Reply<AuditVerification> verify(std::string workspace);

private:
    using NoteKey = std::string;

    void run();
    void write_out(RunLoop& loop);
    std::vector<AuditEntry> take_notes();
    /// Waits until everything that was answered is chained.
    Reply<void> settled();
    AuditEntry placed(AuditEntry entry) const;

    AuditStore store_;
    const AuditSettings settings_;
    const DataAccess data_access_;
    std::string first_workspace_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    bool work_ = false;     ///< Something was finished since the writer last looked.
    bool writing_ = false;  ///< What it saw then is on its way.
    std::map<NoteKey, AuditEntry> notes_;
    AuditEntry dropped_;  ///< Stands for notes beyond the bounds; count 0: none.
    std::size_t refusals_this_minute_ = 0;
    std::int64_t minute_ = 0;
    std::vector<Completer<void>> waiting_;
    std::thread writer_;
};

}  // namespace credvault::access
