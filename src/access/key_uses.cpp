#include "access/key_uses.h"

#include <chrono>
#include <memory>
#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/run_loop.h"
#include "json/value.h"

namespace credvault::access {
namespace {

constexpr std::chrono::seconds pause{15};
constexpr std::size_t keys_at_once = 1'000;

class UseChange final : public storage::RecordChange {
public:
    explicit UseChange(std::int64_t used_ms) : used_ms_(used_ms) {}
    Result<std::string> apply(const json::View& current) const override {
        json::Value record(current);
        record.set("last_used_at", json::Value(format_time(used_ms_)));
        return record.text();
    }

private:
    std::int64_t used_ms_;
};

}  // namespace

void KeyUses::start() {
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void KeyUses::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void KeyUses::run() {
    RunLoop loop;
    bool stopping = false;
    while (!stopping) {
        {
            std::unique_lock lock(mutex_);
            stopping = wake_.wait_for(lock, pause, [this] { return stopping_; });
        }
        const Status written = loop.wait(write());
        if (!written.ok()) {
            log::warning("when keys were last used could not be written",
                         {{"reason", written.error().message}, {"cause", written.error().cause}});
        }
    }
}

Reply<void> KeyUses::write() {
    const std::vector<KeyRegistry::Used> used = registry_.used();
    for (std::size_t from = 0; from < used.size(); from += keys_at_once) {
        std::vector<std::unique_ptr<UseChange>> changes;
        storage::WriteBatch batch;
        batch.database = system_database;
        batch.want_records = true;
        // A key that was removed meanwhile is no reason to leave the others.
        batch.on_failure = storage::OnFailure::Skip;
        for (std::size_t i = from; i < std::min(from + keys_at_once, used.size()); ++i) {
            changes.push_back(std::make_unique<UseChange>(used[i].used_ms));
            batch.operations.push_back(
                storage::ModifyRecord{api_keys_collection, used[i].id, changes.back().get(), {}});
        }
        CO_TRY(const storage::WriteOutcome outcome, co_await engine_.write(batch));
        for (const storage::OperationOutcome& one : outcome.operations) {
            if (one.effect != storage::Effect::Changed) continue;
            if (auto key = KeyRecord::parse(json::View(one.record))) registry_.put(*std::move(key));
        }
    }
    co_return Status();
}

}  // namespace credvault::access
