// The series of preferred numbers that $bucketAuto may round its boundaries to: Renard's, the E series, 1-2-5, and
// powers of two. Immutable; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace credvault::query {

class Granularity {
public:
    constexpr Granularity(std::string_view name, std::span<const double> series)
        : name_(name), series_(series) {}

    /// By its name ("R5", "E24", "1-2-5", "POWERSOF2"), or null.
    static const Granularity* named(std::string_view name);
    /// All names, for messages.
    static std::string names();

    /// The next number of the series below or above a number's text; 0 stays.
    std::string down(std::string_view number) const { return rounded(number, false); }
    std::string up(std::string_view number) const { return rounded(number, true); }

private:
    std::string rounded(std::string_view number, bool up) const;

    std::string_view name_;
    std::span<const double> series_;  ///< From 1 up to below 10; empty for powers of two.
};

}  // namespace credvault::query
