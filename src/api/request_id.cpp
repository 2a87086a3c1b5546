#include "api/request_id.h"

#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace credvault::api {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014), seeded by the system's generator in each thread.
std::uint64_t next_random() {
    thread_local std::uint64_t state = [] {
        std::uint64_t seed;
        randombytes_buf(&seed, sizeof seed);
        return seed;
    }();
    std::uint64_t mixed = state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

bool is_sane(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

}  // namespace

void RequestId::generate() {
    constexpr std::string_view prefix = "req_";
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
    std::memcpy(text_.data(), prefix.data(), prefix.size());
    size_ = prefix.size();
    for (int half = 0; half < 2; ++half) {
        std::uint64_t bits = next_random();
        for (int i = 0; i < 10; ++i, bits >>= 5) text_[size_++] = digits[bits & 31];
    }
}

bool RequestId::accept(std::string_view text) {
    if (text.size() < 8 || text.size() > max_bytes || !std::all_of(text.begin(), text.end(), is_sane))
        return false;
    std::memcpy(text_.data(), text.data(), text.size());
    size_ = text.size();
    return true;
}

}  // namespace credvault::api
