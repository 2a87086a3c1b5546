#include "access/key_table.h"

#include <utility>

namespace credvault::access {

void KeyTable::publish(Keys keys) {
    std::lock_guard lock(mutex_);
    keys_ = std::make_shared<const Keys>(std::move(keys));
    generation_.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<const Principal> KeyTable::find(const Digest& digest) const {
    Copy& table = copies_.mine();
    if (table.generation != generation_.load(std::memory_order_acquire)) {
        std::lock_guard lock(mutex_);
        table.generation = generation_.load(std::memory_order_relaxed);
        table.all = keys_;
        table.met.clear();
    }
    if (const auto known = table.met.find(digest); known != table.met.end() && equal(known->first, digest)) {
        return known->second;
    }
    const auto found = table.all->find(digest);
    if (found == table.all->end() || !equal(found->first, digest)) return nullptr;
    return table.met.emplace(digest, std::make_shared<const Principal>(found->second)).first->second;
}

}  // namespace credvault::access
