#include "access/audit_log.h"

#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/run_loop.h"

namespace credvault::access {
namespace {

constexpr std::chrono::seconds between_writes{1};

DataAccess data_access_named(std::string_view name) {
    if (name == "all") return DataAccess::All;
    return name == "writes" ? DataAccess::Writes : DataAccess::Off;
}

std::string note_key(const AuditEntry& entry) {
    std::string key;
    for (const std::string* part :
         {&entry.workspace, &entry.actor, &entry.address, &entry.action, &entry.code, &entry.target}) {
        key.append(*part).push_back('\n');
    }
    return key;
}

}  // namespace

AuditLog::AuditLog(storage::Engine& engine, AuditSettings settings)
    : store_(engine), settings_(std::move(settings)), data_access_(data_access_named(settings_.data_access)) {
    dropped_.count = 0;
}

AuditLog::~AuditLog() { stop(); }

Reply<void> AuditLog::open(std::string first_workspace) {
    first_workspace_ = std::move(first_workspace);
    CO_TRY_VOID(co_await store_.open());
    CO_TRY_VOID(co_await store_.settle_interrupted());
    work_ = true;
    writer_ = std::thread([this] { run(); });
    co_return Status();
}

void AuditLog::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (writer_.joinable()) writer_.join();
}

AuditEntry AuditLog::placed(AuditEntry entry) const {
    if (entry.workspace.empty()) entry.workspace = first_workspace_;
    return entry;
}

Reply<std::string> AuditLog::begin(AuditEntry entry) { return store_.begin(placed(std::move(entry))); }

Reply<void> AuditLog::finish(std::string id, AuditEntry entry) {
    CO_TRY_VOID(co_await store_.finish(std::move(id), placed(std::move(entry))));
    std::lock_guard lock(mutex_);
    work_ = true;
    co_return Status();
}

Reply<void> AuditLog::add(AuditEntry entry) {
    CO_TRY_VOID(co_await store_.add(placed(std::move(entry))));
    std::lock_guard lock(mutex_);
    work_ = true;
    co_return Status();
}

void AuditLog::note(AuditEntry entry) {
    entry = placed(std::move(entry));
    const std::string key = note_key(entry);
    std::lock_guard lock(mutex_);
    work_ = true;
    if (const auto known = notes_.find(key); known != notes_.end()) {
        known->second.count += 1;
        return;
    }
    if (const std::int64_t minute = entry.at_ms / 60'000; minute != minute_) {
        minute_ = minute;
        refusals_this_minute_ = 0;
    }
    const bool refused = entry.outcome == "refused";
    if (notes_.size() < settings_.max_notes &&
        (!refused || refusals_this_minute_ < settings_.refusals_per_minute)) {
        if (refused) ++refusals_this_minute_;
        notes_.emplace(key, std::move(entry));
        return;
    }
    if (dropped_.count++ == 0) {
        dropped_.at_ms = entry.at_ms;
        dropped_.workspace = first_workspace_;
        dropped_.action = "omittedEntries";
        dropped_.actor_kind = "none";
        dropped_.outcome = entry.outcome;
    }
}

std::vector<AuditEntry> AuditLog::take_notes() {
    std::vector<AuditEntry> notes;
    std::lock_guard lock(mutex_);
    work_ = false;
    writing_ = true;
    for (auto& [key, entry] : notes_) notes.push_back(std::move(entry));
    notes_.clear();
    if (dropped_.count > 0) {
        notes.push_back(dropped_);
        dropped_.count = 0;
    }
    return notes;
}

void AuditLog::write_out(RunLoop& loop) {
    std::vector<Completer<void>> waiting;
    {
        std::lock_guard lock(mutex_);
        waiting.swap(waiting_);
        if (!work_ && waiting.empty()) return;
    }
    const auto chained = loop.wait(store_.chain(take_notes()));
    {
        std::lock_guard lock(mutex_);
        writing_ = false;
        work_ = work_ || !chained.ok();
    }
    if (!chained.ok()) {
        log::error("the audit log could not be written; what was written ahead is kept",
                   {{"reason", chained.error().message}, {"cause", chained.error().cause}});
    }
    for (const Completer<void>& one : waiting)
        one.complete(chained.ok() ? Status() : Status(chained.error()));
}

void AuditLog::run() {
    RunLoop loop;
    std::int64_t removed_ms = 0;
    for (bool last = false; !last;) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, between_writes, [this] { return stopping_ || !waiting_.empty(); });
            last = stopping_;
        }
        write_out(loop);
        if (settings_.keep_ms == 0 || last || now_ms() - removed_ms < settings_.upkeep_ms) continue;
        removed_ms = now_ms();
        const auto removed = loop.wait(store_.remove_before(removed_ms - settings_.keep_ms));
        if (!removed.ok())
            log::warning("old audit entries could not be removed", {{"reason", removed.error().message}});
    }
}

Reply<void> AuditLog::settled() {
    const Completer<void> done;
    {
        std::lock_guard lock(mutex_);
        if (stopping_) return Error(ErrorCode::SHUTTING_DOWN, "The server is shutting down");
        if (!work_ && !writing_) return Status();
        waiting_.push_back(done);
    }
    wake_.notify_all();
    return done.reply();
}

Reply<storage::Listing> AuditLog::list(std::string workspace, storage::ListQuery query) {
    CO_TRY_VOID(co_await settled());
    co_return co_await store_.list(std::move(workspace), std::move(query));
}

Reply<AuditVerification> AuditLog::verify(std::string workspace) {
    CO_TRY_VOID(co_await settled());
    AuditVerification seen;
    CO_TRY(seen.problems, co_await store_.verify(std::move(workspace), seen.entries));
    co_return seen;
}

}  // namespace credvault::access
