#include "query/expression/arithmetic.h"

#include <limits>

namespace credvault::query {

Number add(const Number& a, const Number& b) {
    std::int64_t sum = 0;
    if (a.is_int && b.is_int && !__builtin_add_overflow(a.integer, b.integer, &sum)) return integer(sum);
    return real(as_double(a) + as_double(b));
}

Number subtract(const Number& a, const Number& b) {
    std::int64_t difference = 0;
    if (a.is_int && b.is_int && !__builtin_sub_overflow(a.integer, b.integer, &difference))
        return integer(difference);
    return real(as_double(a) - as_double(b));
}

Number multiply(const Number& a, const Number& b) {
    std::int64_t product = 0;
    if (a.is_int && b.is_int && !__builtin_mul_overflow(a.integer, b.integer, &product))
        return integer(product);
    return real(as_double(a) * as_double(b));
}

Number modulo(const Number& a, const Number& b) {
    if (!a.is_int || !b.is_int) return real(std::fmod(as_double(a), as_double(b)));
    // The least integer by -1 would overflow.
    return integer(b.integer == -1 ? 0 : a.integer % b.integer);
}

std::optional<std::int64_t> whole(const Number& number) {
    if (number.is_int) return number.integer;
    constexpr double limit = 9223372036854775808.0;  // 2^63
    if (!(number.real >= -limit && number.real < limit) || std::trunc(number.real) != number.real)
        return std::nullopt;
    return static_cast<std::int64_t>(number.real);
}

void Sum::add(const Number& term) {
    if (term.is_int) {
        integers_ += term.integer;
        return;
    }
    has_reals_ = true;
    const double sum = reals_ + term.real;
    // A sum that left the finite numbers has nothing to compensate.
    if (std::isfinite(sum)) {
        compensation_ += std::fabs(reals_) >= std::fabs(term.real) ? (reals_ - sum) + term.real
                                                                   : (term.real - sum) + reals_;
    }
    reals_ = sum;
}

Number Sum::total() const {
    const bool fits = integers_ >= std::numeric_limits<std::int64_t>::min() &&
                      integers_ <= std::numeric_limits<std::int64_t>::max();
    if (!has_reals_ && fits) return integer(static_cast<std::int64_t>(integers_));
    return real(as_double());
}

double Sum::as_double() const {
    const auto whole = static_cast<double>(integers_);
    if (!has_reals_) return whole;
    Sum sum = *this;
    sum.integers_ = 0;
    sum.add(real(whole));
    // What the conversion to a double cut off.
    sum.compensation_ += static_cast<double>(integers_ - static_cast<Wide>(whole));
    return sum.reals_ + sum.compensation_;
}

}  // namespace credvault::query
