#include "storage/sqlite/record_cache.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/mix.h"

namespace credvault::storage {
namespace {

constexpr std::size_t least_shard_bytes = 64 * 1024;
constexpr std::size_t good_shard_bytes = 1024 * 1024;
constexpr std::size_t most_shards = 64;
constexpr std::size_t guards_each = 128;
constexpr std::size_t ways = 4;
constexpr std::size_t bytes_a_slot = 256;  ///< Of the ring: about what a small record takes.
constexpr std::size_t alignment = 8;

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

/// In the ring, before the text. What fills the ring's end has no more than its size.
struct Entry {
    std::uint64_t size;  ///< With what follows.
    std::uint64_t hash;  ///< 0: only fills the ring.
    RecordCache::Key key;
    std::uint64_t version;
    std::uint64_t begun;  ///< The transaction that read it.
    std::uint64_t text_bytes;
};

/// Where an entry begins, and enough of its hash to pass over most others.
struct Slot {
    std::uint32_t tag;
    std::uint32_t place;  ///< In units of the alignment, from 1. 0: free.
};

struct GuardState {
    std::uint64_t changed;  ///< The time at which the last change was committed.
    std::uint32_t shut;     ///< By so many writers.
};

std::uint64_t hash_of(const RecordCache::Key& key) {
    const std::uint64_t hash = mix(mix(key.database) + static_cast<std::uint64_t>(key.rid));
    return hash != 0 ? hash : 1;
}

}  // namespace

class alignas(64) RecordCache::Shard {
public:
    void place_in(std::byte* memory, std::size_t bytes);

    std::optional<std::uint64_t> find(std::uint64_t hash, const Key& key, std::string& text,
                                      std::uint64_t begun);
    void keep(std::uint64_t hash, const Key& key, std::uint64_t version, std::string_view text,
              std::uint64_t begun);
    void shut(std::uint64_t hash, const Key& key);
    void open(std::size_t guard, std::uint64_t now);

    static std::size_t guard_of(std::uint64_t hash) { return (hash >> 40) % guards_each; }

private:
    static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
    Slot* bucket(std::uint64_t hash) const { return slots_ + (hash >> 8 & bucket_mask_) * ways; }
    Slot* slot_of(std::uint64_t hash, const Key& key) const;
    Entry read(std::size_t offset) const;
    std::size_t offset_of(const Slot& slot) const { return (slot.place - 1) * alignment; }
    bool is_old(std::size_t offset) const;
    void append(Slot& slot, Entry entry, std::string_view text);
    void make_room(std::size_t bytes);
    void drop_oldest();

    std::mutex mutex_;
    GuardState* guards_ = nullptr;
    Slot* slots_ = nullptr;
    std::byte* ring_ = nullptr;
    std::size_t bucket_mask_ = 0;
    std::size_t ring_bytes_ = 0;
    std::size_t head_ = 0;  ///< Where the next entry goes.
    std::size_t tail_ = 0;  ///< The oldest one.
    std::size_t used_ = 0;
};

void RecordCache::Shard::place_in(std::byte* memory, std::size_t bytes) {
    const std::size_t buckets = std::bit_floor(bytes / bytes_a_slot / ways);
    guards_ = reinterpret_cast<GuardState*>(memory);
    slots_ = reinterpret_cast<Slot*>(memory + guards_each * sizeof(GuardState));
    ring_ = reinterpret_cast<std::byte*>(slots_ + buckets * ways);
    bucket_mask_ = buckets - 1;
    ring_bytes_ = bytes - static_cast<std::size_t>(ring_ - memory);
}

std::optional<std::uint64_t> RecordCache::Shard::find(std::uint64_t hash, const Key& key, std::string& text,
                                                      std::uint64_t begun) {
    const std::lock_guard lock(mutex_);
    Slot* const slot = slot_of(hash, key);
    if (slot == nullptr) return std::nullopt;
    const std::size_t offset = offset_of(*slot);
    const Entry entry = read(offset);
    if (entry.begun > begun) return std::nullopt;  // It may have been changed in between.
    text.assign(reinterpret_cast<const char*>(ring_ + offset + sizeof(Entry)), entry.text_bytes);
    if (is_old(offset)) {
        slot->place = 0;
        append(*slot, entry, text);
    }
    return entry.version;
}

void RecordCache::Shard::keep(std::uint64_t hash, const Key& key, std::uint64_t version,
                              std::string_view text, std::uint64_t begun) {
    const std::lock_guard lock(mutex_);
    const GuardState& guard = guards_[guard_of(hash)];
    if (guard.shut > 0 || guard.changed > begun || slot_of(hash, key) != nullptr) return;
    // A full bucket loses one of its records, as if by chance.
    Slot* const slots = bucket(hash);
    Slot* const free = std::find_if(slots, slots + ways, [](const Slot& slot) { return slot.place == 0; });
    Slot& slot = free != slots + ways ? *free : slots[tag_of(hash) % ways];
    slot = {tag_of(hash), 0};
    append(slot, {0, hash, key, version, begun, text.size()}, text);
}

void RecordCache::Shard::shut(std::uint64_t hash, const Key& key) {
    const std::lock_guard lock(mutex_);
    ++guards_[guard_of(hash)].shut;
    if (Slot* const slot = slot_of(hash, key)) slot->place = 0;
}

void RecordCache::Shard::open(std::size_t guard, std::uint64_t now) {
    const std::lock_guard lock(mutex_);
    --guards_[guard].shut;
    guards_[guard].changed = std::max(guards_[guard].changed, now);
}

Slot* RecordCache::Shard::slot_of(std::uint64_t hash, const Key& key) const {
    Slot* const slots = bucket(hash);
    for (Slot* slot = slots; slot != slots + ways; ++slot) {
        if (slot->place == 0 || slot->tag != tag_of(hash)) continue;
        const Entry entry = read(offset_of(*slot));
        if (entry.key.database == key.database && entry.key.rid == key.rid) return slot;
    }
    return nullptr;
}

Entry RecordCache::Shard::read(std::size_t offset) const {
    Entry entry;
    std::memcpy(&entry, ring_ + offset, sizeof entry);
    return entry;
}

bool RecordCache::Shard::is_old(std::size_t offset) const {
    const std::size_t behind = head_ >= offset ? head_ - offset : ring_bytes_ - offset + head_;
    return behind > ring_bytes_ / 2;
}

/// Precondition: the slot points nowhere.
void RecordCache::Shard::append(Slot& slot, Entry entry, std::string_view text) {
    entry.size = aligned(sizeof entry + text.size());
    if (ring_bytes_ - head_ < entry.size) {
        const std::uint64_t filling[2] = {ring_bytes_ - head_, 0};
        make_room(filling[0]);
        // At the very end there is no place for the second word, which drop_oldest() does not read there.
        std::memcpy(ring_ + head_, filling, std::min(sizeof filling, ring_bytes_ - head_));
        used_ += filling[0];
        head_ = 0;
    }
    make_room(entry.size);
    std::byte* const at = ring_ + head_;
    std::memcpy(at, &entry, sizeof entry);
    std::memcpy(at + sizeof entry, text.data(), text.size());
    slot.place = static_cast<std::uint32_t>(head_ / alignment + 1);
    head_ += entry.size;
    used_ += entry.size;
    if (head_ == ring_bytes_) head_ = 0;
}

void RecordCache::Shard::make_room(std::size_t bytes) {
    while (ring_bytes_ - used_ < bytes) drop_oldest();
}

void RecordCache::Shard::drop_oldest() {
    std::uint64_t size = 0;
    std::memcpy(&size, ring_ + tail_, sizeof size);
    if (size >= sizeof(Entry)) {
        const std::uint64_t hash = read(tail_).hash;
        Slot* const slots = bucket(hash);
        for (Slot* slot = slots; hash != 0 && slot != slots + ways; ++slot) {
            if (slot->place == tail_ / alignment + 1) slot->place = 0;
        }
    }
    used_ -= size;
    tail_ += size;
    if (tail_ == ring_bytes_) tail_ = 0;
}

RecordCache::RecordCache(std::size_t bytes) {
    if (bytes < least_shard_bytes) return;
    shard_count_ = std::clamp<std::size_t>(std::bit_floor(bytes / good_shard_bytes), 1, most_shards);
    const std::size_t each = bytes / shard_count_ / alignment * alignment;
    // Anonymous memory is zero and becomes real page by page.
    void* const memory = ::mmap(nullptr, shard_count_ * each, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    memory_ = static_cast<std::byte*>(memory);
    bytes_ = shard_count_ * each;
    shards_ = std::make_unique<Shard[]>(shard_count_);
    for (std::size_t i = 0; i < shard_count_; ++i) shards_[i].place_in(memory_ + i * each, each);
}

RecordCache::~RecordCache() {
    if (memory_ != nullptr) ::munmap(memory_, bytes_);
}

RecordCache::Shard& RecordCache::shard_of(std::uint64_t hash) const {
    return shards_[hash & (shard_count_ - 1)];
}

std::optional<std::uint64_t> RecordCache::find(const Key& key, std::string& text, std::uint64_t begun) {
    if (memory_ == nullptr) return std::nullopt;
    const std::uint64_t hash = hash_of(key);
    return shard_of(hash).find(hash, key, text, begun);
}

void RecordCache::keep(const Key& key, std::uint64_t version, std::string_view text, std::uint64_t begun) {
    if (memory_ == nullptr || text.size() > max_record_bytes) return;
    const std::uint64_t hash = hash_of(key);
    shard_of(hash).keep(hash, key, version, text, begun);
}

RecordCache::Guard RecordCache::shut(const Key& key) {
    if (memory_ == nullptr) return 0;
    const std::uint64_t hash = hash_of(key);
    shard_of(hash).shut(hash, key);
    return static_cast<Guard>((hash & (shard_count_ - 1)) * guards_each + Shard::guard_of(hash));
}

void RecordCache::open(std::span<const Guard> guards) {
    if (memory_ == nullptr || guards.empty()) return;
    const std::uint64_t now = now_.fetch_add(1, std::memory_order_acq_rel) + 1;
    for (const Guard guard : guards) shards_[guard / guards_each].open(guard % guards_each, now);
}

}  // namespace credvault::storage
