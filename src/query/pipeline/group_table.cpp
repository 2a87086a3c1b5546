#include "query/pipeline/group_table.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <utility>

#include "json/order.h"
#include "json/writer.h"
#include "query/key.h"

namespace credvault::query {
namespace {

constexpr std::size_t max_chunk_bytes = 256 * 1024;
constexpr std::size_t alignment = alignof(std::max_align_t);

std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

}  // namespace

std::string_view group_key(std::string_view text, std::string& scratch) {
    const char first = text.front();
    scratch.clear();
    if (first == '{' || first == '[') {
        append_key(scratch, json::View(text));
        return scratch;
    }
    if ((first != '-' && (first < '0' || first > '9')) ||
        text.find_first_of(".e") == std::string_view::npos) {
        return text;
    }
    constexpr double limit = 9223372036854775808.0;
    const double value = json::View(text).as_double();
    if (std::trunc(value) != value || value < -limit || value >= limit) return text;
    json::append_int(scratch, static_cast<std::int64_t>(value));
    return scratch;
}

std::uint64_t GroupTable::hash(std::string_view key) { return std::hash<std::string_view>()(key); }

std::string_view GroupTable::key(const char* group) const {
    Head head;
    std::memcpy(&head, group, sizeof head);
    return {group + sizeof head + set_.bytes(), head.key};
}

std::string_view GroupTable::text(std::size_t group) const {
    Head head;
    std::memcpy(&head, groups_[group], sizeof head);
    const char* const key = groups_[group] + sizeof head + set_.bytes();
    return head.text == 0 ? std::string_view(key, head.key) : std::string_view(key + head.key, head.text);
}

char* GroupTable::find(std::string_view wanted, std::uint64_t hash) const {
    if (slots_.empty()) return nullptr;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
        const Slot& slot = slots_[i];
        if (slot.group == 0) return nullptr;
        if (slot.hash != static_cast<std::uint32_t>(hash >> 32)) continue;
        char* const group = groups_[slot.group - 1];
        if (key(group) == wanted) return group + sizeof(Head);
    }
}

char* GroupTable::insert(std::string_view key, std::uint64_t hash, std::string_view text) {
    if ((groups_.size() + 1) * 10 >= slots_.size() * 7) grow();
    const bool same = key == text;
    const std::size_t bytes = sizeof(Head) + set_.bytes() + key.size() + (same ? 0 : text.size());
    char* const group = room(aligned(bytes));
    const Head head{static_cast<std::uint32_t>(key.size()),
                    same ? 0 : static_cast<std::uint32_t>(text.size())};
    std::memcpy(group, &head, sizeof head);
    char* const at = group + sizeof head + set_.bytes();
    std::memcpy(at, key.data(), key.size());
    if (!same) std::memcpy(at + key.size(), text.data(), text.size());
    if (groups_.size() == groups_.capacity()) {
        memory_.take(std::max<std::size_t>(groups_.capacity(), 16) * sizeof(char*));
    }
    groups_.push_back(group);
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (slots_[i].group != 0) i = (i + 1) & mask;
    slots_[i] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(groups_.size())};
    return group + sizeof(Head);
}

char* GroupTable::room(std::size_t bytes) {
    if (bytes > chunk_left_) {
        const std::size_t size = std::max(bytes, chunk_bytes_);
        chunk_bytes_ = std::min(chunk_bytes_ * 2, max_chunk_bytes);
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        chunk_at_ = chunks_.back().get();
        chunk_left_ = size;
        memory_.take(size);
    }
    chunk_left_ -= bytes;
    return std::exchange(chunk_at_, chunk_at_ + bytes);
}

void GroupTable::grow() {
    const std::size_t size = std::max<std::size_t>(slots_.size() * 2, 64);
    memory_.take((size - slots_.size()) * sizeof(Slot));
    slots_.assign(size, Slot());
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        const std::uint64_t code = hash(key(groups_[i]));
        std::size_t at = code & (size - 1);
        while (slots_[at].group != 0) at = (at + 1) & (size - 1);
        slots_[at] = {static_cast<std::uint32_t>(code >> 32), static_cast<std::uint32_t>(i + 1)};
    }
}

void GroupTable::sort() {
    slots_.clear();
    const auto text_of = [this](const char* group) {
        Head head;
        std::memcpy(&head, group, sizeof head);
        const char* const key = group + sizeof head + set_.bytes();
        return json::View(head.text == 0 ? std::string_view(key, head.key)
                                         : std::string_view(key + head.key, head.text));
    };
    std::ranges::sort(
        groups_, [&](const char* a, const char* b) { return json::compare(text_of(a), text_of(b)) < 0; });
}

void GroupTable::clear() {
    for (char* const group : groups_) set_.destroy(group + sizeof(Head));
    groups_.clear();
    slots_.clear();
    chunks_.clear();
    chunk_left_ = 0;
    memory_.clear();
}

}  // namespace credvault::query
