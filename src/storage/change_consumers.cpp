#include "storage/change_consumers.h"

#include <algorithm>
#include <mutex>

namespace credvault::storage {

ChangeConsumers::ChangeConsumers(Engine& engine) : engine_(engine) { engine_.set_commit_listener(this); }

ChangeConsumers::~ChangeConsumers() { engine_.set_commit_listener(nullptr); }

void ChangeConsumers::add(CommitListener& consumer) {
    const std::unique_lock lock(mutex_);
    consumers_.push_back(&consumer);
}

void ChangeConsumers::remove(CommitListener& consumer) {
    {
        const std::unique_lock lock(mutex_);
        std::erase(consumers_, &consumer);
    }
    const std::lock_guard lock(holding_);
    std::vector<std::string> freed;
    std::erase_if(held_, [&](const auto& one) {
        if (one.first.second != &consumer) return false;
        freed.push_back(one.first.first);
        return true;
    });
    for (const std::string& database : freed) engine_.hold_changes(database, least(database));
}

void ChangeConsumers::hold(const CommitListener& consumer, std::string_view database,
                           std::optional<std::uint64_t> position) {
    const std::lock_guard lock(holding_);
    Holder holder(database, &consumer);
    if (position) {
        held_.insert_or_assign(holder, *position);
    } else {
        held_.erase(holder);
    }
    engine_.hold_changes(database, least(holder.first));
}

/// Under the lock of what is held.
std::optional<std::uint64_t> ChangeConsumers::least(const std::string& database) const {
    std::optional<std::uint64_t> found;
    for (auto at = held_.lower_bound(Holder(database, nullptr));
         at != held_.end() && at->first.first == database; ++at) {
        if (!found || at->second < *found) found = at->second;
    }
    return found;
}

void ChangeConsumers::committed(std::string_view database) {
    const std::shared_lock lock(mutex_);
    for (CommitListener* const consumer : consumers_) consumer->committed(database);
}

ChangeImages ChangeConsumers::images(std::string_view database, std::string_view collection) const {
    const std::shared_lock lock(mutex_);
    ChangeImages most = ChangeImages::Off;
    for (const CommitListener* const consumer : consumers_)
        most = std::max(most, consumer->images(database, collection));
    return most;
}

}  // namespace credvault::storage
