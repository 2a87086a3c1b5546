// $percentile and $median: the value below which so large a part of the numbers lies, one that really came (the
// nearest-rank method). All numbers are kept, as `approximate` allows to be exact.
#include <algorithm>
#include <cmath>
#include <vector>

#include "json/writer.h"
#include "query/pipeline/accumulator.h"

namespace credvault::query {
namespace {

struct NumbersState {
    std::vector<double> numbers;

    Status add(const Item& value, MemoryShare& memory) {
        if (!value.is_number()) return {};
        if (numbers.size() == numbers.capacity()) {
            const std::size_t more = std::max<std::size_t>(numbers.capacity(), 4) * sizeof(double);
            if (!memory.take(more) && memory.is_hopeless()) return memory.work().too_large({});
        }
        numbers.push_back(value.as_double());
        return {};
    }
    Status append(std::string&) const { return {}; }
};

class Percentile final : public StateAccumulator<NumbersState> {
public:
    Percentile(std::vector<double> shares, bool single, Expression input)
        : shares_(std::move(shares)), single_(single) {
        argument_ = std::move(input);
    }
    Status append(std::string& out, const void* state) const override {
        std::vector<double> sorted = static_cast<const NumbersState*>(state)->numbers;
        std::ranges::sort(sorted);
        if (!single_) out += '[';
        for (std::size_t i = 0; i < shares_.size(); ++i) {
            if (i > 0) out += ',';
            if (sorted.empty()) {
                out += "null";
            } else {
                const double rank = std::ceil(shares_[i] * static_cast<double>(sorted.size()));
                json::append_double(out, sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
            }
        }
        if (!single_) out += ']';
        return {};
    }

private:
    std::vector<double> shares_;
    bool single_;
};

Result<std::vector<double>> parse_shares(const AccumulatorSpec& spec) {
    const auto wrong = [&] {
        return spec.place.wrong("It needs p, an array of numbers from 0 to 1, for instance [0.5, 0.95]", "p");
    };
    const auto given = spec.argument.find("p");
    if (!given) return wrong();
    TRY(const Expression expression, spec.place.expression(*given, "p"));
    const Item* const shares = expression.constant();
    if (shares == nullptr || !shares->is_array() || shares->size() == 0) return wrong();
    std::vector<double> parsed;
    for (const Item share : shares->elements()) {
        if (!share.is_number() || share.as_double() < 0 || share.as_double() > 1) return wrong();
        parsed.push_back(share.as_double());
    }
    return parsed;
}

}  // namespace

Result<std::unique_ptr<Accumulator>> make_percentile(const AccumulatorSpec& spec) {
    const bool single = spec.operation == "$median";
    std::vector<double> shares{0.5};
    if (single) {
        TRY_VOID(check_members(spec.argument, {"input", "method"}, spec.place));
    } else {
        TRY_VOID(check_members(spec.argument, {"input", "p", "method"}, spec.place));
        TRY(shares, parse_shares(spec));
    }
    const auto input = spec.argument.find("input");
    if (!input) return spec.place.wrong("It needs an input, an expression", "input");
    const auto method = spec.argument.find("method");
    if (!method || !method->is_string() || method->as_string() != "approximate") {
        return spec.place.wrong("The method must be \"approximate\"", "method");
    }
    TRY(Expression expression, spec.place.expression(*input, "input"));
    return std::make_unique<Percentile>(std::move(shares), single, std::move(expression));
}

}  // namespace credvault::query
