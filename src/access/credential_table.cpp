#include "access/credential_table.h"

#include <map>
#include <utility>

namespace credvault::access {

CredentialTable::CredentialTable() {
    for (Shard& shard : shards_) shard.entries = std::make_shared<const Entries>();
}

void CredentialTable::replace(Shard& shard, std::shared_ptr<const Entries> entries) {
    std::lock_guard lock(shard.mutex);
    shard.entries = std::move(entries);
    shard.generation.fetch_add(1, std::memory_order_release);
}

void CredentialTable::publish(Credentials credentials) {
    std::lock_guard lock(changing_);
    std::array<Entries, shard_count> next;
    for (auto& [digest, principal] : credentials) {
        next[shard_of(digest)].emplace(digest, std::make_shared<const Principal>(std::move(principal)));
    }
    for (std::size_t i = 0; i < shard_count; ++i) {
        if (next[i].empty() && shards_[i].entries->empty()) continue;
        replace(shards_[i], std::make_shared<const Entries>(std::move(next[i])));
    }
}

void CredentialTable::apply(const std::vector<CredentialChange>& changes) {
    std::lock_guard lock(changing_);
    std::map<std::size_t, std::vector<const CredentialChange*>> by_shard;
    for (const CredentialChange& change : changes) by_shard[shard_of(change.digest)].push_back(&change);
    for (const auto& [number, some] : by_shard) {
        auto next = std::make_shared<Entries>(*shards_[number].entries);
        for (const CredentialChange* change : some) {
            if (change->principal) {
                next->insert_or_assign(change->digest, change->principal);
            } else {
                next->erase(change->digest);
            }
        }
        replace(shards_[number], std::move(next));
    }
}

PrincipalRef CredentialTable::find(const Digest& digest) const {
    const Shard& shard = shards_[shard_of(digest)];
    Copy& copy = copies_.mine()[shard_of(digest)];
    if (copy.generation != shard.generation.load(std::memory_order_acquire)) {
        std::lock_guard lock(shard.mutex);
        copy.generation = shard.generation.load(std::memory_order_relaxed);
        copy.all = shard.entries;
        copy.met.clear();
    }
    if (const auto known = copy.met.find(digest); known != copy.met.end() && equal(known->first, digest)) {
        return known->second;
    }
    const auto found = copy.all->find(digest);
    if (found == copy.all->end() || !equal(found->first, digest)) return nullptr;
    // A copy of the principal, so that counting its users touches no other thread's memory.
    return copy.met.emplace(digest, std::make_shared<const Principal>(*found->second)).first->second;
}

std::size_t CredentialTable::size() const {
    std::size_t sum = 0;
    for (const Shard& shard : shards_) {
        std::lock_guard lock(shard.mutex);
        sum += shard.entries->size();
    }
    return sum;
}

}  // namespace credvault::access
