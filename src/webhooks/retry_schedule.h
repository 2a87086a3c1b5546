// When a delivery that failed is tried again. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace credvault::webhooks {

/// The waits after the first, second … failure.
const std::vector<std::int64_t>& retry_waits_ms();
/// So many tries hold back later events of the same record; and so many there are in all.
constexpr int ordered_tries = 3;

/// The wait after so many failed tries; nothing: there is no other one. `random` is in [0, 1): waits vary by a tenth in
/// either direction, so that what failed together does not come back together. `asked_ms` is what the receiver said
/// (Retry-After): the wait is not shorter, and not longer than the longest of the schedule.
std::optional<std::int64_t> retry_wait_ms(int tries, double random, std::int64_t asked_ms = 0);

/// Of a Retry-After field: seconds, or a date (RFC 9110, 10.2.3); 0 where it is neither, or has passed.
std::int64_t retry_after_ms(std::string_view value, std::int64_t now_ms);

}  // namespace credvault::webhooks
