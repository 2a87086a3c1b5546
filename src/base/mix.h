// Makes good hashes of poor ones. Pure, thread-safe; not for secrets.
#pragma once

#include <cstdint>

namespace credvault {

/// The finalizer of MurmurHash3 (Appleby): every bit of the result depends on every bit given, and no two inputs have
/// the same result.
constexpr std::uint64_t mix(std::uint64_t bits) {
    bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccdULL;
    bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return bits ^ (bits >> 33);
}

}  // namespace credvault
