// Identifiers and random text. ULIDs as in github.com/ulid/spec: 48 bits of milliseconds, 80 random bits, Crockford's
// base 32, 26 characters, rising within one generator even inside a millisecond.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace credvault {

/// Makes rising ULIDs. Thread-safe.
class UlidGenerator {
public:
    /// Later than every ULID this generator made and than those told to observe().
    std::string next(std::int64_t ms);
    /// Makes sure that what next() returns is greater than this ULID. Other text is ignored.
    void observe(std::string_view ulid);

private:
    std::mutex mutex_;
    std::uint64_t time_ = 0;
    std::uint64_t high_ = 0;  ///< The upper 40 random bits.
    std::uint64_t low_ = 0;   ///< The lower 40 random bits.
};

/// Random base 62 text from the system generator; 5.95 bits of entropy a character.
std::string random_text(std::size_t characters);
/// A platform id: prefix, underscore, a random 20 character text, for instance "key_…".
std::string make_id(std::string_view prefix);

}  // namespace credvault
