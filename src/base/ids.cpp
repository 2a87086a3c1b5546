#include "base/ids.h"

#include <sodium.h>

#include <array>
#include <optional>
#include <tuple>

namespace credvault {
namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::uint64_t mask40 = (std::uint64_t{1} << 40) - 1;
constexpr std::uint64_t mask48 = (std::uint64_t{1} << 48) - 1;

std::uint64_t random40() {
    std::uint64_t value = 0;
    randombytes_buf(&value, sizeof value);
    return value & mask40;
}

std::optional<std::uint64_t> decode(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) {
        const auto digit = crockford.find(c);
        if (digit == std::string_view::npos) return {};
        value = value << 5 | digit;
    }
    return value;
}

void encode(char* at, int width, std::uint64_t value) {
    for (int i = width - 1; i >= 0; --i, value >>= 5) at[i] = crockford[value & 31];
}

}  // namespace

std::string UlidGenerator::next(std::int64_t ms) {
    std::lock_guard lock(mutex_);
    const std::uint64_t now = static_cast<std::uint64_t>(ms < 0 ? 0 : ms) & mask48;
    if (now > time_) {
        time_ = now;
        high_ = random40();
        low_ = random40();
    } else if (low_ = (low_ + 1) & mask40; low_ == 0) {
        if (high_ = (high_ + 1) & mask40; high_ == 0) ++time_;
    }
    std::string text(26, '0');
    encode(text.data(), 10, time_);
    encode(text.data() + 10, 8, high_);
    encode(text.data() + 18, 8, low_);
    return text;
}

void UlidGenerator::observe(std::string_view ulid) {
    if (ulid.size() != 26 || ulid[0] > '7') return;
    const auto time = decode(ulid.substr(0, 10));
    const auto high = decode(ulid.substr(10, 8));
    const auto low = decode(ulid.substr(18, 8));
    if (!time || !high || !low) return;
    std::lock_guard lock(mutex_);
    if (std::tie(*time, *high, *low) > std::tie(time_, high_, low_)) {
        time_ = *time;
        high_ = *high;
        low_ = *low;
    }
}

std::string random_text(std::size_t characters) {
    std::string text(characters, '0');
    for (char& c : text) c = base62[randombytes_uniform(static_cast<std::uint32_t>(base62.size()))];
    return text;
}

std::string make_id(std::string_view prefix) { return std::string(prefix) + "_" + random_text(20); }

}  // namespace credvault
