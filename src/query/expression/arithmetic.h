// Exact arithmetic on JSON's numbers with MongoDB's promotion: integers stay integers while the result fits into 64
// bits, else the result is a double; a double makes the result a double. Shared by updates, accumulators and
// expressions. A result may be an infinite double or none (NaN), which JSON has not: the caller must refuse it
// (is_finite). Value types.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "query/operand.h"

namespace credvault::query {

inline Number integer(std::int64_t value) { return {true, value, 0}; }
inline Number real(double value) { return {false, 0, value}; }
inline double as_double(const Number& n) { return n.is_int ? static_cast<double>(n.integer) : n.real; }
inline bool is_finite(const Number& n) { return n.is_int || std::isfinite(n.real); }
inline bool is_zero(const Number& n) { return n.is_int ? n.integer == 0 : n.real == 0; }

Number add(const Number& a, const Number& b);
Number subtract(const Number& a, const Number& b);
Number multiply(const Number& a, const Number& b);
/// The remainder with the dividend's sign. Precondition: b is not 0.
Number modulo(const Number& a, const Number& b);
/// The integer that a number is, or nothing: 3.0 is 3, 3.5 is none, nor is what does not fit.
std::optional<std::int64_t> whole(const Number& number);

/// A sum of any number of terms. Integers are added exactly in 128 bits, doubles with a running compensation
/// (Neumaier's algorithm), so that the order matters little and 0.1 added ten times is 1.
class Sum {
public:
    void add(const Number& term);
    /// An integer where all terms were, and it fits.
    Number total() const;
    double as_double() const;

private:
    __extension__ using Wide = __int128;

    Wide integers_ = 0;
    double reals_ = 0;
    double compensation_ = 0;
    bool has_reals_ = false;
};

}  // namespace credvault::query
