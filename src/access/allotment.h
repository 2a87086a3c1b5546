// What a workspace may use and what it uses now: its tier, the words of its budgets, calls in flight, what its records
// take; and a Meter, the budgets of one key or user in it. Shared by all threads, without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "access/gcra.h"
#include "access/tier.h"
#include "base/result.h"
#include "storage/quota.h"

namespace credvault::access {

class Allotment {
public:
    Allotment(std::string workspace, const Tier& tier) : workspace_(std::move(workspace)), tier_(&tier) {}

    const std::string& workspace() const { return workspace_; }
    const Tier& tier() const { return *tier_.load(std::memory_order_acquire); }
    void set_tier(const Tier& tier) { tier_.store(&tier, std::memory_order_release); }
    BudgetWord& word(CallClass of) { return words_[static_cast<std::size_t>(of)]; }

    /// Begins a call, where fewer than `most` are in flight.
    bool begin_call(std::int64_t most);
    void end_call() { in_flight_.fetch_sub(1, std::memory_order_relaxed); }
    std::int64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

    /// Whether anybody has made a call since the start.
    bool is_used() const { return used_.load(std::memory_order_relaxed); }
    void set_used() { used_.store(true, std::memory_order_relaxed); }

    /// Adds to what is stored; fails with QUOTA_EXCEEDED, and adds nothing, where the tier allows less.
    Status claim(const storage::Stock& more);
    /// Adds, whatever the tier says.
    void add(const storage::Stock& by);
    storage::Stock stored() const;

private:
    const std::string workspace_;
    std::atomic<const Tier*> tier_;
    std::atomic<bool> used_{false};
    alignas(64) std::array<BudgetWord, call_classes> words_{};
    alignas(64) std::atomic<std::int64_t> in_flight_{0};
    alignas(64) std::atomic<std::int64_t> records_{0};
    std::atomic<std::int64_t> bytes_{0};
};

/// Of a key, or of a user in a workspace, with all his sessions.
struct Meter {
    Meter(std::string id, std::shared_ptr<Allotment> of) : subject(std::move(id)), allotment(std::move(of)) {}

    BudgetWord& word(CallClass of) { return words[static_cast<std::size_t>(of)]; }

    const std::string subject;
    const std::shared_ptr<Allotment> allotment;
    alignas(64) std::array<BudgetWord, call_classes> words{};
};

/// One call in flight; ends with the object.
class CallSlot {
public:
    CallSlot() = default;
    /// Takes over a call that begin_call() began.
    explicit CallSlot(std::shared_ptr<Allotment> of) : of_(std::move(of)) {}
    CallSlot(CallSlot&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    CallSlot& operator=(CallSlot&& other) noexcept {
        end();
        of_ = std::exchange(other.of_, nullptr);
        return *this;
    }
    ~CallSlot() { end(); }

    void end() {
        if (of_) std::exchange(of_, nullptr)->end_call();
    }
    explicit operator bool() const { return of_ != nullptr; }

private:
    std::shared_ptr<Allotment> of_;
};

}  // namespace credvault::access
