#include "storage/memory/memory_database.h"

#include "storage/errors.h"
#include "storage/expiry.h"
#include "storage/hidden.h"
#include "storage/memory/memory_batch.h"

namespace credvault::storage {

MemoryCollection* MemoryDatabase::find(std::string_view collection) {
    const auto found = collections.find(collection);
    return found == collections.end() ? nullptr : &found->second;
}

Result<WriteOutcome> MemoryDatabase::write(const WriteBatch& batch, std::int64_t now_ms) {
    std::erase_if(answers_, [&](const auto& kept) { return kept.second.expires_ms <= now_ms; });
    if (batch.idempotency) {
        if (const auto kept = answers_.find(batch.idempotency->key); kept != answers_.end()) {
            if (kept->second.fingerprint != batch.idempotency->fingerprint) return idempotency_key_reused();
            WriteOutcome replay;
            replay.time_ms = now_ms;
            replay.replayed = true;
            replay.answer = kept->second.answer;
            return replay;
        }
        if (batch.idempotency->only_look) {
            WriteOutcome unused;
            unused.time_ms = now_ms;
            return unused;
        }
    }
    TRY(WriteOutcome outcome, MemoryBatch(*this, batch, now_ms).apply());
    if (const auto& once = batch.idempotency) {
        outcome.answer = once->answer(outcome);
        answers_.emplace(once->key, KeptAnswer{once->fingerprint, once->expires_ms, outcome.answer});
    }
    return outcome;
}

void MemoryDatabase::expire(std::int64_t now_ms) {
    for (auto& [name, collection] : collections) {
        for (const std::string& id : collection.expired(now_ms)) {
            WriteBatch batch;
            batch.actor = ttl_actor;
            batch.operations.push_back(RemoveRecord{name, id, {}});
            (void)MemoryBatch(*this, batch, now_ms).apply();
        }
    }
}

DatabaseInfo MemoryDatabase::info() const {
    DatabaseInfo info;
    for (const CollectionInfo& collection : list()) {
        ++info.collections;
        info.records += collection.records;
        info.record_bytes += collection.record_bytes;
    }
    return info;
}

std::vector<CollectionInfo> MemoryDatabase::list() const {
    std::vector<CollectionInfo> all;
    for (const auto& [name, collection] : collections) {
        if (!is_hidden(name)) all.push_back(collection.info(name));
    }
    return all;
}

}  // namespace credvault::storage
