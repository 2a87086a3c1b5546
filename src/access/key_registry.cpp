#include "access/key_registry.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"

namespace credvault::access {
namespace {

Principal principal_of(const KeyRecord& key, std::int64_t expires_ms, const std::shared_ptr<KeyUse>& use) {
    Principal principal{key.id, key.workspace, key.scope_set(), expires_ms};
    principal.restrictions = Restrictions::bound(key.restrictions, key.identity());
    principal.use = use;
    return principal;
}

/// What the key's secrets stand for.
std::vector<CredentialChange> credentials_of(const KeyRecord& key, const std::shared_ptr<KeyUse>& use) {
    std::vector<CredentialChange> valid;
    if (key.status != KeyStatus::Active) return valid;
    const auto add = [&](const Digest& digest, std::int64_t expires_ms) {
        valid.push_back({digest, std::make_shared<const Principal>(principal_of(key, expires_ms, use))});
    };
    for (const PreviousSecret& old : key.previous)
        add(old.digest, key.expires_ms == 0 ? old.expires_ms : std::min(key.expires_ms, old.expires_ms));
    add(key.digest, key.expires_ms);
    return valid;
}

void add_ends(std::vector<CredentialChange>& changes, const KeyRecord& key) {
    changes.push_back({key.digest, nullptr});
    for (const PreviousSecret& old : key.previous) changes.push_back({old.digest, nullptr});
}

}  // namespace

void KeyRegistry::reset(std::vector<KeyRecord> keys) {
    std::lock_guard lock(mutex_);
    keys_.clear();
    CredentialTable::Credentials valid;
    for (KeyRecord& key : keys) {
        std::string id = key.id;
        const auto use = std::make_shared<KeyUse>();
        for (const CredentialChange& one : credentials_of(key, use))
            valid.insert_or_assign(one.digest, *one.principal);
        keys_.insert_or_assign(std::move(id), Entry{std::make_shared<const KeyRecord>(std::move(key)), use});
    }
    table_.publish(std::move(valid));
}

void KeyRegistry::put(KeyRecord key) {
    std::lock_guard lock(mutex_);
    if (gone_.contains(key.id)) return;
    Entry& entry = keys_[key.id];
    if (entry.key && entry.key->version >= key.version) return;
    std::vector<CredentialChange> changes;
    if (entry.key) {
        // A written time of use changes nothing that authentication sees.
        KeyRecord same = *entry.key;
        same.used_ms = key.used_ms;
        if (same.text() != key.text()) add_ends(changes, *entry.key);
    } else {
        entry.use = std::make_shared<KeyUse>();
    }
    if (!entry.key || !changes.empty()) {
        for (CredentialChange& one : credentials_of(key, entry.use)) changes.push_back(std::move(one));
        table_.apply(changes);
    }
    entry.key = std::make_shared<const KeyRecord>(std::move(key));
}

void KeyRegistry::erase(const std::string& id) {
    std::lock_guard lock(mutex_);
    gone_.insert(id);
    const auto found = keys_.find(id);
    if (found == keys_.end()) return;
    std::vector<CredentialChange> changes;
    add_ends(changes, *found->second.key);
    keys_.erase(found);
    table_.apply(changes);
}

KeyRegistry::KeyRef KeyRegistry::find(std::string_view id) const {
    std::lock_guard lock(mutex_);
    const auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : found->second.key;
}

std::int64_t KeyRegistry::last_use(const Entry& entry) {
    const std::int64_t noted = entry.use->noted_ns.load(std::memory_order_relaxed);
    if (noted < 0) return entry.key->used_ms;
    const std::int64_t ago_ms = (monotonic_ns() - noted) / 1'000'000;
    return std::max(entry.key->used_ms, now_ms() - std::max<std::int64_t>(ago_ms, 0));
}

std::vector<KeyRecord> KeyRegistry::of_workspace(std::string_view workspace) const {
    std::lock_guard lock(mutex_);
    std::vector<KeyRecord> keys;
    for (const auto& [id, entry] : keys_) {
        if (entry.key->workspace != workspace) continue;
        keys.push_back(*entry.key);
        keys.back().used_ms = last_use(entry);
    }
    return keys;
}

std::int64_t KeyRegistry::used_ms(const KeyRecord& key) const {
    std::lock_guard lock(mutex_);
    const auto found = keys_.find(key.id);
    return found == keys_.end() ? key.used_ms : last_use(found->second);
}

std::vector<KeyRegistry::Used> KeyRegistry::used() const {
    constexpr std::int64_t period_ms = KeyUse::period_ns / 1'000'000;
    std::lock_guard lock(mutex_);
    std::vector<Used> used;
    for (const auto& [id, entry] : keys_) {
        const std::int64_t last = last_use(entry);
        // Half of a period, since the two clocks don't go quite alike.
        if (last - entry.key->used_ms >= period_ms / 2) used.push_back({id, last});
    }
    return used;
}

std::size_t KeyRegistry::active() const {
    std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(keys_.begin(), keys_.end(), [](const auto& key) {
        return key.second.key->status == KeyStatus::Active;
    }));
}

}  // namespace credvault::access
