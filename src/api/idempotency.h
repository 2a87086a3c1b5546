// Idempotency-Key for writes (API.md, "Safety of writes"): which keys are in flight in this process, and what the
// engine is told so that a repeated call gets the first answer again. Keys count per credential and operation. The
// registry is thread-safe and outlives its tickets; the rest are values.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "api/context.h"
#include "api/headers.h"
#include "base/result.h"
#include "storage/write.h"

namespace credvault::api {

constexpr std::int64_t idempotency_ms = std::int64_t{24} * 60 * 60 * 1000;

class IdempotencyRegistry {
public:
    /// Holds a key while its call is in flight.
    class Ticket {
    public:
        Ticket() = default;
        Ticket(IdempotencyRegistry& registry, std::string key) : registry_(&registry), key_(std::move(key)) {}
        Ticket(Ticket&& other) noexcept
            : registry_(std::exchange(other.registry_, nullptr)), key_(std::move(other.key_)) {}
        Ticket& operator=(Ticket&&) = delete;
        ~Ticket();

    private:
        IdempotencyRegistry* registry_ = nullptr;
        std::string key_;
    };

    /// Fails with IDEMPOTENCY_KEY_IN_FLIGHT.
    Result<Ticket> begin(std::string key);

private:
    struct Shard {
        std::mutex mutex;
        std::unordered_set<std::string> keys;
    };
    Shard& shard_of(const std::string& key);

    std::array<Shard, 16> shards_;
};

/// An answer as it is kept with a write, to be given again: `data` is canonical JSON.
struct StoredAnswer {
    bool created = false;  ///< 201, else 200.
    std::string data;
    std::string location;
    std::string etag;
    std::string violations = {};  ///< As put_violations takes it.

    std::string text() const;
    /// Fails with INTERNAL on what text() did not make.
    static Result<StoredAnswer> parse(std::string_view text);
};

/// One write under an optional key. Keep it until the write is answered; hand `write` to the service.
struct KeyedWrite {
    IdempotencyRegistry::Ticket ticket;
    std::optional<storage::Idempotency> write;
};

/// `answer` makes the StoredAnswer's text from the outcome. Without a key there is nothing to do and nothing in
/// `write`. Fails with IDEMPOTENCY_KEY_IN_FLIGHT.
Result<KeyedWrite> begin_keyed_write(Context& context, const std::optional<IdempotencyKey>& key,
                                     std::function<std::string(const storage::WriteOutcome&)> answer);

}  // namespace credvault::api
