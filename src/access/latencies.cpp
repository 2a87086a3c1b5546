#include "access/latencies.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace credvault::access {

void Latencies::add(std::size_t bucket, std::uint64_t calls) {
    if (calls == 0) return;
    const auto place = std::ranges::lower_bound(filled_, bucket, {}, &Bucket::number);
    if (place != filled_.end() && place->number == bucket) {
        place->calls += calls;
    } else {
        filled_.insert(place, {bucket, calls});
    }
}

Latencies& Latencies::operator+=(const Latencies& other) {
    for (const Bucket& more : other.filled_) add(more.number, more.calls);
    return *this;
}

std::uint64_t Latencies::calls() const {
    std::uint64_t sum = 0;
    for (const Bucket& bucket : filled_) sum += bucket.calls;
    return sum;
}

std::optional<double> Latencies::percentile_ms(double share) const {
    const std::uint64_t all = calls();
    if (all == 0) return {};
    const auto rank = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all) - 1e-9)));
    std::uint64_t passed = 0;
    const auto found = std::ranges::find_if(filled_, [&](const Bucket& bucket) {
        passed += bucket.calls;
        return passed >= rank;
    });
    const std::size_t number = (found == filled_.end() ? filled_.back() : *found).number;
    if (number < parts) return (static_cast<double>(number) + 0.5) / 1'000;
    const std::size_t doublings = (number - parts) / parts;
    const auto low = static_cast<double>((parts + number % parts) << doublings);
    const double high = low + static_cast<double>(std::size_t{1} << doublings);
    // From here both ends are the same share away.
    const double us = 2 * low * high / (low + high);
    return std::round(us * 10) / 10'000;
}

json::Value Latencies::stored() const {
    json::Value::Array pairs;
    for (const Bucket& bucket : filled_) {
        pairs.emplace_back(static_cast<std::int64_t>(bucket.number));
        pairs.emplace_back(static_cast<std::int64_t>(bucket.calls));
    }
    return pairs;
}

Latencies Latencies::from_stored(json::View view) {
    Latencies read;
    if (!view.is_array()) return read;
    std::int64_t number = -1;
    for (const json::View element : view.elements()) {
        const std::int64_t value = element.type() == json::Type::Int ? element.as_int() : -1;
        if (number < 0) {
            if (value < 0 || value >= static_cast<std::int64_t>(buckets)) return read;
            number = value;
        } else {
            if (value > 0) read.add(static_cast<std::size_t>(number), static_cast<std::uint64_t>(value));
            number = -1;
        }
    }
    return read;
}

}  // namespace credvault::access
