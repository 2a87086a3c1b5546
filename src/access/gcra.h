// The generic cell rate algorithm (ITU-T I.371, virtual scheduling) over one atomic word: the time at which a budget
// will be whole again. It lets a burst pass at once and then so many requests a second, without a window that begins
// anew, and is shared by threads without a lock. The word 0 is a budget of which nothing was used.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace credvault::access {

/// What passes: `requests` per `window_s` in the long run, and `burst` at once.
struct Rate {
    std::int64_t requests = 0;  ///< 0: any number.
    std::int64_t window_s = 60;
    std::int64_t burst = 1;

    constexpr bool limited() const { return requests > 0; }
    /// Nanoseconds in which one request's worth comes back.
    constexpr std::int64_t interval_ns() const {
        return std::max<std::int64_t>(
            1, (window_s * 1'000'000'000 + requests / 2) / std::max<std::int64_t>(1, requests));
    }
};

/// A Rate as admit() takes it, worked out once.
struct Budget {
    constexpr Budget() = default;
    constexpr explicit Budget(const Rate& from)
        : rate(from),
          interval_ns(from.limited() ? from.interval_ns() : 0),
          depth_ns(interval_ns * from.burst) {}

    Rate rate;
    std::int64_t interval_ns = 0;  ///< 0: no limit.
    std::int64_t depth_ns = 0;     ///< Of a whole burst.

    constexpr bool limited() const { return interval_ns > 0; }
};

using BudgetWord = std::atomic<std::int64_t>;

struct Admission {
    bool admitted = true;
    std::int64_t remaining = 0;  ///< Requests that would pass right now.
    std::int64_t whole_ns = 0;   ///< Until the budget is whole again.
    std::int64_t wait_ns = 0;    ///< Until the next one would pass, where this one did not.
};

/// What the word says, without taking anything.
inline Admission look(std::int64_t word, const Budget& budget, std::int64_t now_ns) {
    const std::int64_t used = std::max<std::int64_t>(0, word - now_ns);
    Admission seen;
    seen.remaining = std::max<std::int64_t>(0, budget.depth_ns - used) / budget.interval_ns;
    seen.whole_ns = used;
    seen.admitted = seen.remaining > 0;
    if (!seen.admitted) seen.wait_ns = used + budget.interval_ns - budget.depth_ns;
    return seen;
}

/// Takes one request's worth where it is there. `now_ns` is monotonic; it may be a little behind other callers'.
/// Precondition: budget.limited().
inline Admission admit(BudgetWord& word, const Budget& budget, std::int64_t now_ns) {
    std::int64_t whole_at = word.load(std::memory_order_relaxed);
    for (;;) {
        const Admission seen = look(whole_at, budget, now_ns);
        if (!seen.admitted) return seen;
        const std::int64_t next = std::max(whole_at, now_ns) + budget.interval_ns;
        if (word.compare_exchange_weak(whole_at, next, std::memory_order_relaxed)) {
            return {true, seen.remaining - 1, next - now_ns, 0};
        }
    }
}

/// Undoes one admission, where the request was refused for another reason.
inline void give_back(BudgetWord& word, const Budget& budget) {
    word.fetch_sub(budget.interval_ns, std::memory_order_relaxed);
}

}  // namespace credvault::access
