// What a running pipeline may use and has used: time, memory, disk. Shared by the steps of a run, which is on one
// thread at a time; only `cancelled` is set from elsewhere.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "base/result.h"

namespace credvault::query {

struct WorkBounds {
    std::int64_t timeout_ms = 30'000;
    std::size_t memory_bytes = 64 * 1024 * 1024;
    /// Where sorts and groups that outgrow the memory may put what they hold; empty: nowhere.
    std::string spill_directory;
    std::size_t spill_bytes = std::size_t{4} << 30;
    const std::atomic<bool>* cancelled = nullptr;  ///< Where set and true: stop with QUERY_TIMEOUT.
};

class Work {
public:
    explicit Work(WorkBounds bounds);

    /// Fails with QUERY_TIMEOUT. Cheap enough for every document: looks at the clock now and then.
    Status tick() {
        if (++ticks_ % ticks_per_look != 0) return {};
        return check();
    }
    Status check() const;
    /// Milliseconds that are left, at least 1.
    std::int64_t left_ms() const;

    /// Takes memory into account. False where the budget is used up; it is counted all the same.
    bool take(std::size_t bytes) {
        used_ += bytes;
        return used_ <= bounds_.memory_bytes;
    }
    void give_back(std::size_t bytes) { used_ -= bytes; }
    /// The same for temporary files.
    bool take_disk(std::size_t bytes) {
        disk_ += bytes;
        if (profile_ != nullptr) note_spill(bytes);
        return disk_ <= bounds_.spill_bytes;
    }
    void give_back_disk(std::size_t bytes) { disk_ -= bytes; }
    bool is_over() const { return used_ > bounds_.memory_bytes; }
    /// What holds on to a little more than the budget until it has gone to disk is let be.
    bool is_hopeless() const { return used_ > bounds_.memory_bytes + bounds_.memory_bytes / 2; }
    std::size_t used() const { return used_; }
    const WorkBounds& bounds() const { return bounds_; }
    /// Whom to tell of what goes to disk and of what the store is asked; none unless the query is explained.
    void set_profile(class Profile* profile) { profile_ = profile; }
    class Profile* profile() const { return profile_; }
    /// QUERY_TOO_LARGE, saying which stage needs too much and what to do about it.
    Error too_large(const std::string& where) const;

private:
    void note_spill(std::size_t bytes);

    static constexpr std::uint32_t ticks_per_look = 64;

    WorkBounds bounds_;
    std::int64_t started_ns_;
    std::size_t used_ = 0;
    std::size_t disk_ = 0;
    std::uint32_t ticks_ = 0;
    class Profile* profile_ = nullptr;
};

/// Memory that a step holds; given back when it dies.
class MemoryShare {
public:
    explicit MemoryShare(Work& work) : work_(&work) {}
    MemoryShare(const MemoryShare&) = delete;
    MemoryShare& operator=(const MemoryShare&) = delete;
    ~MemoryShare() { clear(); }

    bool take(std::size_t bytes) {
        held_ += bytes;
        return work_->take(bytes);
    }
    void give_back(std::size_t bytes) {
        held_ -= bytes;
        work_->give_back(bytes);
    }
    void clear() { give_back(held_); }
    std::size_t held() const { return held_; }
    const Work& work() const { return *work_; }
    /// Whether so much is used beyond the budget that not even going to disk helps.
    bool is_hopeless() const { return work_->is_hopeless(); }
    /// Replaces what is held.
    bool set(std::size_t bytes) {
        clear();
        return take(bytes);
    }

private:
    Work* work_;
    std::size_t held_ = 0;
};

}  // namespace credvault::query
