// Groups by their key: a hash table over blocks of memory that hold key and states side by side, so that a group costs
// no allocation of its own. Groups keep the order in which they came. Belongs to one step.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/pipeline/accumulator_set.h"
#include "query/pipeline/work.h"

namespace credvault::query {

/// The bytes that two keys share exactly if they are equal (1 and 1.0; objects whatever their members' order). Views
/// into the text where it is so already, else into `scratch`.
std::string_view group_key(std::string_view text, std::string& scratch);

class GroupTable {
public:
    /// `set` outlives the table.
    GroupTable(const AccumulatorSet& set, Work& work) : set_(set), memory_(work) {}
    ~GroupTable() { clear(); }
    GroupTable(const GroupTable&) = delete;
    GroupTable& operator=(const GroupTable&) = delete;

    /// The states of the group, or null where there is none of this key.
    char* find(std::string_view key, std::uint64_t hash) const;
    /// A new group; its states are not made yet: create() them, or the group is not to be used. Precondition: find()
    /// gave null. `text` is the key as the user wrote it first.
    char* insert(std::string_view key, std::uint64_t hash, std::string_view text);
    /// Takes the last group back, whose states could not be made.
    void take_back() { groups_.pop_back(); }

    std::size_t size() const { return groups_.size(); }
    std::string_view text(std::size_t group) const;
    const char* states(std::size_t group) const { return groups_[group] + sizeof(Head); }
    /// Puts the groups into the order of their keys' values.
    void sort();
    void clear();
    MemoryShare& memory() { return memory_; }

    static std::uint64_t hash(std::string_view key);

private:
    struct alignas(std::max_align_t) Head {
        std::uint32_t key;
        std::uint32_t text;  ///< 0: the key is the text.
    };
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t group = 0;  ///< From 1; 0: free.
    };

    std::string_view key(const char* group) const;
    char* room(std::size_t bytes);
    void grow();

    const AccumulatorSet& set_;
    MemoryShare memory_;
    std::vector<Slot> slots_;
    std::vector<char*> groups_;
    std::vector<std::unique_ptr<char[]>> chunks_;
    char* chunk_at_ = nullptr;
    std::size_t chunk_left_ = 0;
    std::size_t chunk_bytes_ = 4096;
};

}  // namespace credvault::query
