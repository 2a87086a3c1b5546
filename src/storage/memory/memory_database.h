// One database of the in-memory engine: collections by name, and the answers kept for idempotency keys. Guarded by the
// engine's mutex.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/changes.h"
#include "storage/memory/memory_collection.h"
#include "storage/quota.h"
#include "storage/record_rules.h"
#include "storage/write.h"

namespace credvault::storage {

struct LoggedMemoryChange {
    Change change;
    std::uint64_t collection;  ///< Its number.
};

class MemoryDatabase {
public:
    /// Null where there is none.
    MemoryCollection* find(std::string_view collection);
    /// Engine::write, apart from the database's name.
    Result<WriteOutcome> write(const WriteBatch& batch, std::int64_t now_ms);
    /// Removes what has expired.
    void expire(std::int64_t now_ms);
    DatabaseInfo info() const;
    std::vector<CollectionInfo> list() const;

    std::map<std::string, MemoryCollection, std::less<>> collections;
    std::uint64_t last_change = 0;  ///< Its sequence; also numbers the incarnations.
    std::vector<LoggedMemoryChange> log;
    std::uint64_t last_collection = 0;  ///< Numbers the collections.
    UlidGenerator ulids;
    const RecordRules* rules = nullptr;
    const CommitListener* listener = nullptr;
    std::shared_ptr<Allowance> allowance;  ///< Null: nobody counts.
    std::int64_t expired_ms = 0;           ///< When it was last looked for.

private:
    struct KeptAnswer {
        std::string fingerprint;
        std::int64_t expires_ms;
        std::string answer;
    };

    std::map<std::string, KeptAnswer, std::less<>> answers_;
};

}  // namespace credvault::storage
