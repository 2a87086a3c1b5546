// Window functions that are no accumulators.
#include <array>
#include <cmath>

#include "json/writer.h"
#include "query/pipeline/window.h"
#include "query/whole_number.h"

namespace credvault::query {
namespace {

using Results = std::vector<std::string>;

std::string number_text(double value) {
    if (!std::isfinite(value)) return "null";
    std::string text;
    json::append_double(text, value);
    return text;
}

std::string integer_text(std::size_t value) {
    std::string text;
    json::append_int(text, static_cast<std::int64_t>(value));
    return text;
}

class Rank final : public WindowFunction {
public:
    enum class Kind : std::uint8_t { Number, Rank, Dense };
    explicit Rank(Kind kind) : kind_(kind) {}

    Result<Results> compute(Partition& partition) const override {
        Results results(partition.size());
        std::size_t rank = 0;
        std::size_t dense = 0;
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (i == 0 || partition.ranks[i] != partition.ranks[i - 1]) {
                rank = i + 1;
                ++dense;
            }
            results[i] = integer_text(kind_ == Kind::Number ? i + 1 : kind_ == Kind::Rank ? rank : dense);
        }
        return results;
    }

private:
    Kind kind_;
};

class Shift final : public WindowFunction {
public:
    Shift(Expression output, std::int64_t by, std::string otherwise)
        : output_(std::move(output)), by_(by), otherwise_(std::move(otherwise)) {}

    Result<Results> compute(Partition& partition) const override {
        const auto size = static_cast<std::int64_t>(partition.size());
        Results results(partition.size());
        for (std::int64_t i = 0; i < size; ++i) {
            const std::int64_t from = i + by_;
            if (from < 0 || from >= size) {
                results[static_cast<std::size_t>(i)] = otherwise_;
                continue;
            }
            TRY(const Item value, partition.value(output_, static_cast<std::size_t>(from)));
            results[static_cast<std::size_t>(i)] = value.text();
        }
        return results;
    }

private:
    Expression output_;
    std::int64_t by_;
    std::string otherwise_;
};

class MovingAverage final : public WindowFunction {
public:
    MovingAverage(Expression input, double alpha) : input_(std::move(input)), alpha_(alpha) {}

    Result<Results> compute(Partition& partition) const override {
        Results results(partition.size());
        std::optional<double> average;
        for (std::size_t i = 0; i < results.size(); ++i) {
            TRY(const Item value, partition.value(input_, i));
            if (value.is_number()) {
                const double x = value.as_double();
                average = average ? x * alpha_ + *average * (1 - alpha_) : x;
            }
            results[i] = value.is_number() ? number_text(*average) : "null";
        }
        return results;
    }

private:
    Expression input_;
    double alpha_;
};

class LastCarried final : public WindowFunction {
public:
    explicit LastCarried(Expression value) : value_(std::move(value)) {}

    Result<Results> compute(Partition& partition) const override {
        Results results(partition.size());
        std::string last = "null";
        for (std::string& result : results) {
            TRY(const Item value,
                partition.value(value_, static_cast<std::size_t>(&result - results.data())));
            if (!value.is_nullish()) last = value.text();
            result = last;
        }
        return results;
    }

private:
    Expression value_;
};

/// Fills gaps along a straight line between the numbers around them.
class LinearFill final : public WindowFunction {
public:
    explicit LinearFill(Expression value) : value_(std::move(value)) {}

    Result<Results> compute(Partition& partition) const override {
        TRY(const std::vector<double> axis, partition.axis(has_dates(partition)));
        Results results(partition.size());
        std::optional<std::size_t> before;
        double left = 0;
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (i > 0 && axis[i] == axis[i - 1]) {
                return Error(ErrorCode::INVALID_EXPRESSION,
                             "$linearFill: no two documents may have the same value to sort by",
                             partition.where);
            }
            TRY(const Item value, partition.value(value_, i));
            if (value.is_nullish()) {
                results[i] = "null";
                continue;
            }
            if (!value.is_number()) {
                return Error(ErrorCode::INVALID_EXPRESSION,
                             "$linearFill: it takes numbers, not " + std::string(type_name(value)),
                             partition.where);
            }
            const double right = value.as_double();
            for (std::size_t gap = before ? *before + 1 : i; gap < i; ++gap) {
                const double share = (axis[gap] - axis[*before]) / (axis[i] - axis[*before]);
                results[gap] = number_text(left + (right - left) * share);
            }
            results[i] = value.text();
            before = i;
            left = right;
        }
        return results;
    }

    static bool has_dates(Partition& partition) {
        const auto first = partition.size() > 0
                               ? partition.documents[0].find(partition.sort.front().path.parts[0].escaped)
                               : std::nullopt;
        return first && first->is_string();
    }

private:
    Expression value_;
};

class Covariance final : public WindowFunction {
public:
    Covariance(std::optional<std::pair<Expression, Expression>> of, bool sample, Window window)
        : of_(std::move(of)), sample_(sample), window_(window) {}

    Result<Results> compute(Partition& partition) const override {
        TRY(const Window::Spans spans, window_.spans(partition));
        std::vector<std::optional<std::pair<double, double>>> points(partition.size());
        for (std::size_t i = 0; of_ && i < points.size(); ++i) {
            TRY(const Item x, partition.value(of_->first, i));
            if (!x.is_number()) continue;
            const double first = x.as_double();
            TRY(const Item y, partition.value(of_->second, i));
            if (y.is_number()) points[i].emplace(first, y.as_double());
        }
        Results results(partition.size());
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (i > 0 && spans[i] == spans[i - 1]) {
                results[i] = results[i - 1];
                continue;
            }
            double count = 0, mean_x = 0, mean_y = 0, together = 0;
            for (std::size_t j = spans[i].first; j < spans[i].second; ++j) {
                TRY_VOID(partition.run.work.tick());
                if (!points[j]) continue;
                count += 1;
                const double dx = points[j]->first - mean_x;
                mean_x += dx / count;
                mean_y += (points[j]->second - mean_y) / count;
                together += dx * (points[j]->second - mean_y);
            }
            const double divisor = sample_ ? count - 1 : count;
            results[i] = divisor > 0 ? number_text(together / divisor) : "null";
        }
        return results;
    }

private:
    std::optional<std::pair<Expression, Expression>> of_;
    bool sample_;
    Window window_;
};

class Slope final : public WindowFunction {
public:
    Slope(Expression input, std::optional<double> unit_ms, bool integral, Window window)
        : input_(std::move(input)), unit_ms_(unit_ms), integral_(integral), window_(window) {}

    Result<Results> compute(Partition& partition) const override {
        TRY(const Window::Spans spans, window_.spans(partition));
        TRY(std::vector<double> x, partition.axis(unit_ms_.has_value()));
        if (unit_ms_) {
            for (double& one : x) one /= *unit_ms_;
        }
        std::vector<std::optional<double>> y(partition.size());
        for (std::size_t i = 0; i < y.size(); ++i) {
            TRY(const Item value, partition.value(input_, i));
            if (value.is_number()) y[i] = value.as_double();
        }
        Results results(partition.size());
        for (std::size_t i = 0; i < results.size(); ++i) {
            const auto [first, last] = spans[i];
            if (last <= first || (!integral_ && last - first < 2)) {
                results[i] = "null";
            } else if (integral_) {
                TRY(results[i], area(x, y, first, last, partition.run));
            } else {
                const std::size_t end = last - 1;
                const bool known = y[first] && y[end] && x[end] != x[first];
                results[i] = known ? number_text((*y[end] - *y[first]) / (x[end] - x[first])) : "null";
            }
        }
        return results;
    }

private:
    static Result<std::string> area(const std::vector<double>& x, const std::vector<std::optional<double>>& y,
                                    std::size_t first, std::size_t last, Run& run) {
        double sum = 0;
        for (std::size_t i = first + 1; i < last; ++i) {
            TRY_VOID(run.work.tick());
            if (y[i] && y[i - 1]) sum += (*y[i] + *y[i - 1]) * (x[i] - x[i - 1]) / 2;
        }
        return number_text(sum);
    }

    Expression input_;
    std::optional<double> unit_ms_;
    bool integral_;
    Window window_;
};

Status need_order(const WindowFunctionSpec& spec, bool single) {
    if (spec.sort.empty() || (single && spec.sort.size() != 1)) {
        return spec.place.wrong(single ? "It needs sortBy with one field" : "It needs sortBy");
    }
    return {};
}

Result<Expression> option(const WindowFunctionSpec& spec, std::string_view name) {
    const auto given = spec.argument.find(name);
    if (!given) return spec.place.wrong("It needs " + std::string(name), name);
    return spec.place.expression(*given, name);
}

/// Weeks and shorter units have a fixed length.
std::optional<double> unit_length(std::string_view name) {
    constexpr double second = 1000;
    if (name == "week") return 7 * 86400 * second;
    if (name == "day") return 86400 * second;
    if (name == "hour") return 3600 * second;
    if (name == "minute") return 60 * second;
    if (name == "second") return second;
    if (name == "millisecond") return 1.0;
    return std::nullopt;
}

}  // namespace

Result<WindowFunctionRef> make_rank(const WindowFunctionSpec& spec) {
    if (!spec.argument.is_object() || !spec.argument.empty())
        return spec.place.wrong("It takes an empty object");
    const bool number = spec.operation == "$documentNumber";
    TRY_VOID(need_order(spec, !number));
    return std::make_unique<Rank>(number                      ? Rank::Kind::Number
                                  : spec.operation == "$rank" ? Rank::Kind::Rank
                                                              : Rank::Kind::Dense);
}

Result<WindowFunctionRef> make_shift(const WindowFunctionSpec& spec) {
    if (!spec.argument.is_object()) return spec.place.wrong("It needs an object with output and by");
    TRY_VOID(check_members(spec.argument, {"output", "by", "default"}, spec.place));
    TRY_VOID(need_order(spec, false));
    TRY(Expression output, option(spec, "output"));
    const auto by = spec.argument.find("by");
    const auto distance = by ? whole_number(*by) : std::nullopt;
    constexpr std::int64_t most = 2'147'483'647;
    if (!distance || *distance > most || *distance < -most) {
        return spec.place.wrong("It needs the distance: a whole number", "by");
    }
    std::string otherwise = "null";
    if (const auto given = spec.argument.find("default")) {
        TRY(const Expression expression, spec.place.expression(*given, "default"));
        if (expression.constant() == nullptr) return spec.place.wrong("It must be a constant", "default");
        otherwise = expression.constant()->text();
    }
    return std::make_unique<Shift>(std::move(output), *distance, std::move(otherwise));
}

Result<WindowFunctionRef> make_moving_average(const WindowFunctionSpec& spec) {
    if (!spec.argument.is_object()) return spec.place.wrong("It needs an object with input, and N or alpha");
    TRY_VOID(check_members(spec.argument, {"input", "N", "alpha"}, spec.place));
    TRY_VOID(need_order(spec, false));
    TRY(Expression input, option(spec, "input"));
    const auto n = spec.argument.find("N");
    const auto alpha = spec.argument.find("alpha");
    if (n.has_value() == alpha.has_value()) return spec.place.wrong("It needs either N or alpha");
    if (n) {
        const auto count = whole_number(*n);
        if (!count || *count < 1) return spec.place.wrong("It must be a whole number of 1 or more", "N");
        return std::make_unique<MovingAverage>(std::move(input), 2.0 / (static_cast<double>(*count) + 1));
    }
    if (!alpha->is_number() || alpha->as_double() <= 0 || alpha->as_double() >= 1) {
        return spec.place.wrong("It must be a number between 0 and 1", "alpha");
    }
    return std::make_unique<MovingAverage>(std::move(input), alpha->as_double());
}

Result<WindowFunctionRef> make_fill(const WindowFunctionSpec& spec) {
    TRY(Expression value, spec.place.expression(spec.argument, {}));
    if (spec.operation == "$locf") return std::make_unique<LastCarried>(std::move(value));
    TRY_VOID(need_order(spec, true));
    return std::make_unique<LinearFill>(std::move(value));
}

Result<WindowFunctionRef> make_covariance(const WindowFunctionSpec& spec) {
    const bool sample = spec.operation == "$covarianceSamp";
    std::optional<std::pair<Expression, Expression>> of;
    if (spec.argument.is_array() && spec.argument.size() == 2) {
        auto element = spec.argument.elements().begin();
        TRY(Expression x, spec.place.expression(*element, "0"));
        TRY(Expression y, spec.place.expression(*++element, "1"));
        of.emplace(std::move(x), std::move(y));
    } else {
        // What is no pair has no covariance, but must be an expression.
        TRY(const Expression checked, spec.place.expression(spec.argument, {}));
        static_cast<void>(checked);
    }
    return std::make_unique<Covariance>(std::move(of), sample, spec.window.value_or(Window()));
}

Result<WindowFunctionRef> make_slope(const WindowFunctionSpec& spec) {
    if (!spec.argument.is_object()) return spec.place.wrong("It needs an object with input");
    TRY_VOID(check_members(spec.argument, {"input", "unit"}, spec.place));
    TRY_VOID(need_order(spec, true));
    TRY(Expression input, option(spec, "input"));
    const bool integral = spec.operation == "$integral";
    if (!integral && !spec.window) return spec.place.wrong("It needs a window");
    std::optional<double> unit_ms;
    if (const auto unit = spec.argument.find("unit")) {
        unit_ms = unit->is_string() ? unit_length(unit->as_string()) : std::nullopt;
        if (!unit_ms)
            return spec.place.wrong("It must be week, day, hour, minute, second or millisecond", "unit");
    }
    return std::make_unique<Slope>(std::move(input), unit_ms, integral, spec.window.value_or(Window()));
}

}  // namespace credvault::query
