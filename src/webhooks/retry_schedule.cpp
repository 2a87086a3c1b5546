#include "webhooks/retry_schedule.h"

#include <curl/curl.h>
#include <time.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace credvault::webhooks {
namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr double jitter = 0.1;
constexpr std::int64_t longest_asked_s = std::int64_t{366} * 24 * 3600;

}  // namespace

const std::vector<std::int64_t>& retry_waits_ms() {
    static const std::vector<std::int64_t> waits{5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour,
                                                 10 * hour,  14 * hour,  20 * hour,   24 * hour};
    return waits;
}

std::optional<std::int64_t> retry_wait_ms(int tries, double random, std::int64_t asked_ms) {
    const auto& waits = retry_waits_ms();
    if (tries < 1 || static_cast<std::size_t>(tries) > waits.size()) return {};
    const auto planned = static_cast<double>(waits[static_cast<std::size_t>(tries) - 1]);
    const auto varied = static_cast<std::int64_t>(planned * (1.0 - jitter + 2.0 * jitter * random));
    return std::max(varied, std::min(asked_ms, waits.back()));
}

std::int64_t retry_after_ms(std::string_view value, std::int64_t now_ms) {
    std::int64_t seconds = 0;
    const char* const end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, seconds);
    if (!value.empty() && read.ptr == end) {
        if (read.ec == std::errc::result_out_of_range) seconds = longest_asked_s;
        return seconds > 0 ? std::min(seconds, longest_asked_s) * second : 0;
    }
    if (value.size() > 64) return 0;
    const time_t at = curl_getdate(std::string(value).c_str(), nullptr);
    return at < 0 ? 0 : std::max<std::int64_t>(0, static_cast<std::int64_t>(at) * second - now_ms);
}

}  // namespace credvault::webhooks
