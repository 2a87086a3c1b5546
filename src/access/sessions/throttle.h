// How often somebody may try a password: a few attempts in a row, then one after a wait that doubles. Counted by
// subject (an account, whether it exists or not; an address), in memory, bounded: the subjects that have been quiet
// longest are forgotten first. Thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

namespace credvault::access {

struct ThrottleSettings {
    std::int64_t free_attempts = 5;            ///< Before the first wait.
    std::int64_t first_wait_ms = 1'000;        ///< Doubles with each further failure …
    std::int64_t longest_wait_ms = 900'000;    ///< … up to this.
    std::int64_t forget_ms = 24 * 3'600'000L;  ///< After so long without an attempt all is forgotten.
    std::size_t max_subjects = 100'000;
};

class Throttle {
public:
    explicit Throttle(ThrottleSettings settings, std::int64_t (*now)() = nullptr);

    /// Before an attempt, which counts as failed until forgive() says otherwise, so that attempts at the same time gain
    /// nothing. Fails with RATE_LIMITED and the seconds to wait; that is no attempt.
    Status begin(std::string_view subject);
    /// The attempt was right: the subject starts afresh.
    void forget(std::string_view subject);
    /// The attempt said nothing either way: it is not counted.
    void forgive(std::string_view subject);

private:
    struct Record {
        std::string subject;
        std::int64_t failures = 0;
        std::int64_t last_ms = 0;
    };
    using Records = std::list<Record>;  // The one that was quiet longest first.

    std::int64_t wait_after(std::int64_t failures) const;

    const ThrottleSettings settings_;
    std::int64_t (*const now_)();
    std::mutex mutex_;
    Records records_;
    std::unordered_map<std::string_view, Records::iterator> by_subject_;
};

}  // namespace credvault::access
