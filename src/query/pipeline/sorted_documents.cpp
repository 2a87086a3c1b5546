#include "query/pipeline/sorted_documents.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace credvault::query {
namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::size_t sequence_bytes = 8;
/// Beyond the limit so many more are held before the least are picked out.
constexpr std::uint64_t slack = 1024;

/// Big-endian, so that bytes compare as numbers do.
void put_sequence(char* to, std::uint64_t number) {
    for (std::size_t i = 0; i < sequence_bytes; ++i) to[i] = static_cast<char>(number >> (56 - 8 * i));
}

}  // namespace

SortedDocuments::SortedDocuments(Work& work, std::uint64_t limit, std::string where)
    : work_(work), memory_(work), limit_(limit), where_(std::move(where)) {}

char* SortedDocuments::room(std::size_t bytes) {
    if (bytes > chunk_left_) {
        const std::size_t size = std::max(bytes, chunk_bytes);
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        chunk_at_ = chunks_.back().get();
        chunk_left_ = size;
        memory_.take(size);
    }
    chunk_left_ -= bytes;
    return std::exchange(chunk_at_, chunk_at_ + bytes);
}

Status SortedDocuments::add(std::string_view position, std::string_view document) {
    const std::size_t key = position.size() + sequence_bytes;
    char* const at = room(key + document.size());
    std::memcpy(at, position.data(), position.size());
    put_sequence(at + position.size(), count_++);
    std::memcpy(at + key, document.data(), document.size());
    if (entries_.size() == entries_.capacity()) {
        memory_.take(std::max<std::size_t>(entries_.capacity(), 64) * sizeof(Entry));
    }
    entries_.push_back({at, static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(document.size())});
    if (limit_ < slack * slack && entries_.size() >= limit_ * 2 + slack) prune();
    if (!work_.is_over()) return {};
    if (entries_.size() > limit_) prune();
    return work_.is_over() ? spill() : Status();
}

void SortedDocuments::sort_entries() {
    std::ranges::sort(entries_, {}, &Entry::key);
    if (entries_.size() > limit_) entries_.resize(limit_);
}

void SortedDocuments::prune() {
    const auto nth = entries_.begin() + static_cast<std::ptrdiff_t>(limit_);
    std::ranges::nth_element(entries_, nth, {}, &Entry::key);
    entries_.resize(limit_);
    std::vector<Entry> kept = std::move(entries_);
    const std::vector<std::unique_ptr<char[]>> old = std::exchange(chunks_, {});
    chunk_left_ = 0;
    memory_.clear();
    memory_.take(kept.capacity() * sizeof(Entry));
    for (Entry& entry : kept) {
        const std::size_t bytes = std::size_t{entry.position} + entry.document;
        char* const at = room(bytes);
        std::memcpy(at, entry.at, bytes);
        entry.at = at;
    }
    entries_ = std::move(kept);
}

Status SortedDocuments::spill() {
    if (!file_) {
        TRY(file_, SpillFile::create(work_, where_));
    }
    sort_entries();
    for (const Entry& entry : entries_) TRY_VOID(file_->append(entry.key(), entry.text()));
    run_ends_.push_back(file_->size());
    entries_ = {};
    chunks_.clear();
    chunk_left_ = 0;
    memory_.clear();
    return {};
}

Status SortedDocuments::sort() {
    TRY_VOID(work_.check());
    if (!file_) {
        sort_entries();
        return {};
    }
    if (!entries_.empty()) TRY_VOID(spill());
    std::uint64_t begin = 0;
    for (const std::uint64_t end : run_ends_) {
        runs_.emplace_back(*file_, begin, end);
        begin = end;
    }
    for (std::size_t i = 0; i < runs_.size(); ++i) {
        TRY(const bool there, runs_[i].next());
        if (there) heap_.push_back(i);
    }
    const auto later = [this](std::size_t a, std::size_t b) { return runs_[a].first() > runs_[b].first(); };
    std::ranges::make_heap(heap_, later);
    return {};
}

Result<bool> SortedDocuments::next(std::string_view& document) {
    if (given_ == limit_) return false;
    if (file_) return next_merged(document);
    if (given_ == entries_.size()) return false;
    const Entry& entry = entries_[given_++];
    document = entry.text();
    position_ = entry.key().substr(0, entry.position - sequence_bytes);
    return true;
}

Result<bool> SortedDocuments::next_merged(std::string_view& document) {
    const auto later = [this](std::size_t a, std::size_t b) { return runs_[a].first() > runs_[b].first(); };
    if (std::exchange(advance_first_, false)) {
        // The run whose document was given last is still the first; only now its views may die.
        std::ranges::pop_heap(heap_, later);
        TRY(const bool there, runs_[heap_.back()].next());
        if (there) {
            std::ranges::push_heap(heap_, later);
        } else {
            heap_.pop_back();
        }
    }
    if (heap_.empty()) return false;
    const SpillReader& run = runs_[heap_.front()];
    document = run.second();
    position_ = run.first().substr(0, run.first().size() - sequence_bytes);
    advance_first_ = true;
    ++given_;
    return true;
}

}  // namespace credvault::query
