// The keys that are valid now, for authentication: an immutable snapshot that each thread copies for itself when it has
// changed, so that a call takes no lock and touches no memory that other threads write. Once publish() returns, no call
// that begins afterwards sees the old keys. Thread-safe.
#pragma once

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "access/principal.h"
#include "access/secret.h"
#include "base/per_thread.h"

namespace credvault::access {

class KeyTable {
public:
    struct HashDigest {
        /// A digest is as good as random.
        std::size_t operator()(const Digest& digest) const {
            std::size_t word;
            std::memcpy(&word, digest.data(), sizeof word);
            return word;
        }
    };
    using Keys = std::unordered_map<Digest, Principal, HashDigest>;

    KeyTable() : keys_(std::make_shared<const Keys>()) {}

    void publish(Keys keys);
    /// Null where no key has this digest. The principal is the calling thread's own.
    std::shared_ptr<const Principal> find(const Digest& digest) const;

private:
    /// A thread's copy, filled by the keys it meets.
    struct Copy {
        std::uint64_t generation = 0;
        std::shared_ptr<const Keys> all;
        std::unordered_map<Digest, std::shared_ptr<const Principal>, HashDigest> met;
    };

    PerThread<Copy> copies_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Keys> keys_;
    std::atomic<std::uint64_t> generation_{1};
};

}  // namespace credvault::access
