// Accumulators of numbers; other values are passed over: $sum, $count, $avg, $stdDevPop, $stdDevSamp.
#include <cmath>

#include "json/writer.h"
#include "query/expression/arithmetic.h"
#include "query/pipeline/accumulator.h"

namespace credvault::query {
namespace {

Status append_number(std::string& out, double value, std::string_view operation) {
    if (!std::isfinite(value)) {
        return Error(ErrorCode::INVALID_EXPRESSION,
                     std::string(operation) + ": the result is beyond what a number can be",
                     std::string(operation));
    }
    json::append_double(out, value);
    return {};
}

struct SumState {
    Sum sum;

    Status add(const Item& value, MemoryShare&) {
        if (value.is_number()) sum.add(value.number());
        return {};
    }
    Status append(std::string& out) const {
        const Number total = sum.total();
        if (!total.is_int) return append_number(out, total.real, "$sum");
        json::append_int(out, total.integer);
        return {};
    }
};

struct AverageState {
    Sum sum;
    std::int64_t count = 0;

    Status add(const Item& value, MemoryShare&) {
        if (!value.is_number()) return {};
        sum.add(value.number());
        ++count;
        return {};
    }
    Status append(std::string& out) const {
        if (count > 0) return append_number(out, sum.as_double() / static_cast<double>(count), "$avg");
        out += "null";
        return {};
    }
};

/// Welford's algorithm (TAOCP 2, 4.2.2).
struct DeviationState {
    std::int64_t count = 0;
    double mean = 0;
    double squares = 0;

    Status add(const Item& value, MemoryShare&) {
        if (!value.is_number()) return {};
        const double x = value.as_double();
        ++count;
        const double delta = x - mean;
        mean += delta / static_cast<double>(count);
        squares += delta * (x - mean);
        return {};
    }
    Status append(std::string& out, bool sample) const {
        const std::int64_t divisor = count - (sample ? 1 : 0);
        if (divisor > 0) {
            const double deviation = std::sqrt(squares / static_cast<double>(divisor));
            // Beyond what a number can be, as a value that is infinite has no deviation.
            if (std::isfinite(deviation)) return json::append_double(out, deviation), Status();
        }
        out += "null";
        return {};
    }
    Status append(std::string& out) const { return append(out, false); }
};

class Deviation final : public StateAccumulator<DeviationState> {
public:
    explicit Deviation(bool sample) : sample_(sample) {}
    Status append(std::string& out, const void* state) const override {
        return static_cast<const DeviationState*>(state)->append(out, sample_);
    }

private:
    bool sample_;
};

}  // namespace

Result<std::unique_ptr<Accumulator>> make_sum(const AccumulatorSpec&) {
    return std::make_unique<StateAccumulator<SumState>>();
}

Result<std::unique_ptr<Accumulator>> make_average(const AccumulatorSpec&) {
    return std::make_unique<StateAccumulator<AverageState>>();
}

Result<std::unique_ptr<Accumulator>> make_deviation(const AccumulatorSpec& spec) {
    return std::make_unique<Deviation>(spec.operation == "$stdDevSamp");
}

}  // namespace credvault::query
