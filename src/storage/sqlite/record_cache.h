// Records as they were read lately, by database and rid: of bounded size, one for all databases; thread-safe.
// It holds nothing but the newest committed state. A writer takes a record out before its change commits and keeps
// others from putting it back until the commit is done; a reader puts in what it read only if its transaction began
// after the record's last change was committed. Each shard is a ring of bytes whose newest record overwrites the
// oldest, beside a table of where they begin; one that is found in the older half is written anew at the end, so that
// what is asked for again stays ("lazy promotion": Yang et al., FIFO can be Better than LRU, HotOS 2023).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace credvault::storage {

class RecordCache {
public:
    struct Key {
        std::uint64_t database;  ///< Of number_database().
        std::int64_t rid;
    };
    /// A place that writers keep shut; several records share one.
    using Guard = std::uint32_t;
    static constexpr std::size_t max_record_bytes = 16 * 1024;  ///< Larger ones are not kept.

    /// Takes at most so many bytes, and those only as it fills. Less than 64 KiB: keeps nothing.
    explicit RecordCache(std::size_t bytes);
    ~RecordCache();
    RecordCache(const RecordCache&) = delete;
    RecordCache& operator=(const RecordCache&) = delete;

    /// A number that no database had before, for one that is opened or of which nobody knows what it holds.
    std::uint64_t number_database() { return databases_.fetch_add(1, std::memory_order_relaxed) + 1; }
    /// To be asked before a read transaction begins.
    std::uint64_t now() const { return now_.load(std::memory_order_acquire); }

    /// Copies the newest committed text of the record to `text` and returns its version. Nothing: it is not here.
    std::optional<std::uint64_t> find(const Key& key, std::string& text) {
        return find(key, text, UINT64_MAX);
    }
    /// The same for a transaction that began at `begun`: only what it would read itself.
    std::optional<std::uint64_t> find(const Key& key, std::string& text, std::uint64_t begun);
    /// Keeps what a transaction read that began at `begun`; not if the record may have changed since.
    void keep(const Key& key, std::uint64_t version, std::string_view text, std::uint64_t begun);

    /// Takes the record out, before its change or removal is committed, and shuts its guard.
    Guard shut(const Key& key);
    /// Opens what was shut, once the transaction is committed or undone.
    void open(std::span<const Guard> guards);

private:
    class Shard;
    Shard& shard_of(std::uint64_t hash) const;

    std::atomic<std::uint64_t> databases_{0};
    std::atomic<std::uint64_t> now_{1};
    std::byte* memory_ = nullptr;
    std::size_t bytes_ = 0;
    std::size_t shard_count_ = 0;
    std::unique_ptr<Shard[]> shards_;
};

}  // namespace credvault::storage
