#include "storage/sqlite/record_places.h"

#include <sys/mman.h>

#include <atomic>
#include <bit>
#include <functional>

#include "base/mix.h"

namespace credvault::storage {
namespace {

std::uint64_t load(std::uint64_t& word) { return std::atomic_ref(word).load(std::memory_order_relaxed); }

void store(std::uint64_t& word, std::uint64_t value) {
    std::atomic_ref(word).store(value, std::memory_order_relaxed);
}

}  // namespace

RecordPlaces::RecordPlaces(std::size_t bytes) {
    constexpr std::size_t bucket_bytes = sizeof(Place) * ways;
    if (bytes < bucket_bytes) return;
    const std::size_t buckets = std::bit_floor(bytes / bucket_bytes);
    // Anonymous memory is zero and becomes real page by page.
    void* const memory = ::mmap(nullptr, buckets * bucket_bytes, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    places_ = static_cast<Place*>(memory);
    bytes_ = buckets * bucket_bytes;
    mask_ = buckets - 1;
}

RecordPlaces::~RecordPlaces() {
    if (places_ != nullptr) ::munmap(places_, bytes_);
}

std::uint64_t RecordPlaces::key_of(std::uint64_t database, std::int64_t collection, std::string_view id) {
    return mix(database + mix(static_cast<std::uint64_t>(collection) + std::hash<std::string_view>()(id)));
}

std::optional<std::int64_t> RecordPlaces::find(std::uint64_t key) const {
    if (places_ == nullptr) return std::nullopt;
    Place* const places = bucket(key);
    for (std::size_t way = 0; way < ways; ++way) {
        const std::uint64_t rid = load(places[way].rid);
        if (rid != 0 && (load(places[way].seal) ^ rid) == key) return static_cast<std::int64_t>(rid);
    }
    return std::nullopt;
}

void RecordPlaces::note(std::uint64_t key, std::int64_t rid) const {
    if (places_ == nullptr) return;
    Place* const places = bucket(key);
    std::size_t taken = key >> 62;  // Where none is free; bits that chose no bucket.
    static_assert(ways == 4);
    for (std::size_t way = 0; way < ways; ++way) {
        const std::uint64_t other = load(places[way].rid);
        if (other != 0 && (load(places[way].seal) ^ other) != key) continue;
        taken = way;
        break;
    }
    store(places[taken].rid, static_cast<std::uint64_t>(rid));
    store(places[taken].seal, key ^ static_cast<std::uint64_t>(rid));
}

int RecordLookup::step() {
    const std::uint64_t key = RecordPlaces::key_of(connection_.number(), collection_, id_);
    if (const auto place = places_.find(key)) {
        const int code = step_at(*place);
        if (code != SQLITE_DONE) return code;
        end();
    }
    statement_ = &connection_[Sql::RecordById];
    const int code = statement_->bind(1, collection_).bind_text(2, id_).step();
    if (code == SQLITE_ROW) places_.note(key, rid());
    return code;
}

int RecordLookup::step_at(std::int64_t rid) {
    statement_ = &connection_[Sql::RecordAt];
    return statement_->bind(1, rid).bind(2, collection_).bind_text(3, id_).step();
}

void RecordLookup::end() {
    if (statement_ != nullptr) statement_->reset();
}

}  // namespace credvault::storage
