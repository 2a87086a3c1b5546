// The credentials that are valid now, for authentication: who presents which digest. In shards, each an immutable
// snapshot that every thread copies for itself when that shard has changed, so that a call takes no lock and touches no
// memory that other threads write, and that one credential more or less costs as much as its shard is large. Once
// publish() or apply() returns, no call that begins afterwards sees what was there before. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "access/principal.h"
#include "access/secret.h"
#include "base/per_thread.h"

namespace credvault::access {

using PrincipalRef = std::shared_ptr<const Principal>;

/// What becomes of one digest.
struct CredentialChange {
    Digest digest;
    PrincipalRef principal;  ///< Null: it is valid no longer.
};

class CredentialTable {
public:
    struct HashDigest {
        /// A digest is as good as random.
        std::size_t operator()(const Digest& digest) const {
            std::size_t word;
            std::memcpy(&word, digest.data(), sizeof word);
            return word;
        }
    };
    using Credentials = std::unordered_map<Digest, Principal, HashDigest>;

    CredentialTable();

    /// These and no others.
    void publish(Credentials credentials);
    /// Some come, some go, the rest stays. Of two changes of one digest the later one counts.
    void apply(const std::vector<CredentialChange>& changes);
    /// Null where nobody has this digest. The principal is the calling thread's own.
    PrincipalRef find(const Digest& digest) const;
    std::size_t size() const;

private:
    using Entries = std::unordered_map<Digest, PrincipalRef, HashDigest>;

    static constexpr std::size_t shard_count = 256;

    struct alignas(64) Shard {
        std::atomic<std::uint64_t> generation{1};
        mutable std::mutex mutex;
        std::shared_ptr<const Entries> entries;
    };
    /// A thread's copy of a shard; `met` is filled by the credentials that it meets.
    struct Copy {
        std::uint64_t generation = 0;
        std::shared_ptr<const Entries> all;
        Entries met;
    };

    static std::size_t shard_of(const Digest& digest) { return digest.back(); }
    static void replace(Shard& shard, std::shared_ptr<const Entries> entries);

    PerThread<std::array<Copy, shard_count>> copies_;
    std::mutex changing_;
    std::array<Shard, shard_count> shards_;
};

}  // namespace credvault::access
