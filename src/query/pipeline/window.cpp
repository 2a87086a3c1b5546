#include "query/pipeline/window.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "query/expression/date_argument.h"
#include "query/pipeline/document_edit.h"
#include "query/whole_number.h"

namespace credvault::query {
namespace {

using Spans = Window::Spans;

/// A result over each document's window by an accumulator.
class WindowAccumulator final : public WindowFunction {
public:
    WindowAccumulator(AccumulatorRef accumulator, Window window)
        : accumulator_(std::move(accumulator)), window_(window) {}

    Result<std::vector<std::string>> compute(Partition& partition) const override {
        TRY(const Spans spans, window_.spans(partition));
        std::vector<std::string> results(partition.size());
        MemoryShare memory(partition.run.work);
        State state(*accumulator_);
        std::size_t from = 0;
        std::size_t to = 0;
        for (std::size_t i = 0; i < results.size(); ++i) {
            const auto [first, last] = spans[i];
            // What goes on from the window before only takes in what is new.
            if (i == 0 || first != from || last < to) {
                memory.clear();
                TRY_VOID(state.begin(partition.run.evaluation));
                from = first;
                to = first;
            } else if (last == to && i > 0) {
                results[i] = results[i - 1];
                continue;
            }
            for (; to < last; ++to) TRY_VOID(add(state.at(), partition, to, memory));
            TRY_VOID(accumulator_->append(results[i], state.at()));
        }
        return results;
    }

private:
    class State {
    public:
        explicit State(const Accumulator& accumulator)
            : accumulator_(accumulator), memory_(accumulator.state_bytes() / sizeof(StateCell)) {}
        ~State() { clear(); }
        State(const State&) = delete;
        State& operator=(const State&) = delete;

        Status begin(Evaluation& evaluation) {
            clear();
            accumulator_.create(at());
            made_ = true;
            evaluation.begin(json::View("{}"));
            return accumulator_.begin(at(), evaluation);
        }
        void* at() { return memory_.data(); }

    private:
        void clear() {
            if (std::exchange(made_, false)) accumulator_.destroy(at());
        }

        const Accumulator& accumulator_;
        std::vector<StateCell> memory_;
        bool made_ = false;
    };

    Status add(void* state, Partition& partition, std::size_t document, MemoryShare& memory) const {
        TRY_VOID(partition.run.work.tick());
        partition.run.evaluation.begin(partition.documents[document]);
        return accumulator_->add_document(state, partition.run.evaluation, memory);
    }

    AccumulatorRef accumulator_;
    Window window_;
};

struct Row {
    std::string_view name;
    bool takes_window;
    Result<WindowFunctionRef> (*make)(const WindowFunctionSpec& spec);
};

constexpr auto rows = std::to_array<Row>({
    {"$covariancePop", true, make_covariance},
    {"$covarianceSamp", true, make_covariance},
    {"$denseRank", false, make_rank},
    {"$derivative", true, make_slope},
    {"$documentNumber", false, make_rank},
    {"$expMovingAvg", false, make_moving_average},
    {"$integral", true, make_slope},
    {"$linearFill", false, make_fill},
    {"$locf", false, make_fill},
    {"$rank", false, make_rank},
    {"$shift", false, make_shift},
});

/// "unbounded", "current" or a number.
Result<std::optional<double>> parse_bound(const json::View& value, bool whole, const StagePlace& place) {
    std::string scratch;
    const std::string_view word = value.is_string() ? value.decoded(scratch) : std::string_view();
    if (word == "unbounded") return std::optional<double>();
    if (word == "current") return std::optional<double>(0);
    if (!value.is_number() || (whole && !whole_number(value))) {
        return place.wrong(whole ? "A bound must be \"unbounded\", \"current\" or a whole number"
                                 : "A bound must be \"unbounded\", \"current\" or a number");
    }
    return std::optional<double>(value.as_double());
}

std::size_t clamped(double position, std::size_t size) {
    return static_cast<std::size_t>(std::clamp(position, 0.0, static_cast<double>(size)));
}

}  // namespace

Result<Item> Partition::value(const Expression& expression, std::size_t document) {
    TRY_VOID(run.work.tick());
    run.evaluation.begin(documents[document]);
    return expression.evaluate(run.evaluation);
}

Result<std::vector<double>> Partition::axis(bool dates) {
    std::vector<double> values;
    values.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) {
        const auto found = nested_field(documents[i], sort.front().path);
        const Item item = found ? Item(*found) : Item();
        const std::optional<std::int64_t> date = dates ? date_of(item) : std::nullopt;
        if (dates ? !date.has_value() : !item.is_number()) {
            return Error(ErrorCode::INVALID_EXPRESSION,
                         std::string("$setWindowFields: the field to sort by must be a ") +
                             (dates ? "date" : "number") + " here, not " + std::string(type_name(item)),
                         where);
        }
        values.push_back(dates ? static_cast<double>(*date) : item.as_double());
    }
    return values;
}

Result<Window::Spans> Window::spans(Partition& partition) const {
    const std::size_t size = partition.size();
    Spans spans(size);
    if (kind == Kind::Documents) {
        for (std::size_t i = 0; i < size; ++i) {
            const auto at = static_cast<double>(i);
            const std::size_t first = lower ? clamped(at + *lower, size) : 0;
            const std::size_t last = upper ? clamped(at + *upper + 1, size) : size;
            spans[i] = {first, std::max(first, last)};
        }
        return spans;
    }
    TRY(const std::vector<double> axis, partition.axis(unit.has_value()));
    const auto moved = [&](double from, double by) -> double {
        if (!unit) return from + by;
        const ZonedDate at{static_cast<std::int64_t>(from), TimeZone()};
        const auto date = add_to_date(at, *unit, static_cast<std::int64_t>(by));
        return date ? static_cast<double>(*date) : (by < 0 ? -HUGE_VAL : HUGE_VAL);
    };
    for (std::size_t i = 0; i < size; ++i) {
        const auto first = lower ? std::ranges::lower_bound(axis, moved(axis[i], *lower)) : axis.begin();
        const auto last = upper ? std::ranges::upper_bound(axis, moved(axis[i], *upper)) : axis.end();
        const auto begin = static_cast<std::size_t>(first - axis.begin());
        spans[i] = {begin, std::max(begin, static_cast<std::size_t>(last - axis.begin()))};
    }
    return spans;
}

Result<Window> Window::parse(const json::View& spec, const Sort& sort, const StagePlace& place) {
    if (!spec.is_object()) return place.wrong("It must be an object with documents or range");
    TRY_VOID(check_members(spec, {"documents", "range", "unit"}, place));
    const auto documents = spec.find("documents");
    const auto range = spec.find("range");
    const auto unit = spec.find("unit");
    if (documents && range) return place.wrong("A window has documents or a range, not both");
    Window window;
    if (!documents && !range) {
        if (unit) return place.wrong("A unit goes with a range", "unit");
        return window;
    }
    const json::View& bounds = documents ? *documents : *range;
    if (!bounds.is_array() || bounds.size() != 2) {
        return place.wrong("Bounds are two, for instance [\"unbounded\", \"current\"]",
                           documents ? "documents" : "range");
    }
    window.kind = documents ? Kind::Documents : Kind::Range;
    auto bound = bounds.elements().begin();
    TRY(window.lower, parse_bound(*bound, documents.has_value() || unit, place));
    TRY(window.upper, parse_bound(*++bound, documents.has_value() || unit, place));
    if (window.lower && window.upper && *window.lower > *window.upper) {
        return place.wrong("The lower bound must not be beyond the upper one");
    }
    if (unit) {
        if (documents) return place.wrong("A unit goes with a range", "unit");
        const auto parsed = unit->is_string() ? parse_time_unit(unit->as_string()) : std::nullopt;
        if (!parsed) return place.wrong("It must be a unit of time such as \"day\"", "unit");
        window.unit = parsed;
    }
    const bool whole = !window.lower && !window.upper;
    if (documents && sort.empty() && !whole) return place.wrong("Bounds need an order: give sortBy");
    if (range && !(sort.size() == 1 && !sort.front().descending)) {
        return place.wrong("A range needs sortBy with one ascending field", "range");
    }
    return window;
}

Result<WindowFunctionRef> parse_window_function(const json::View& spec, const Sort& sort,
                                                const StagePlace& place) {
    std::optional<json::Member> operation;
    std::optional<Window> window;
    if (!spec.is_object()) return place.wrong("It must be an object such as {\"$sum\": \"$amount\"}");
    for (const json::Member& member : spec.members()) {
        if (member.name == "window") {
            StagePlace inner = place;
            inner.where = place.below("window");
            TRY(window, Window::parse(member.value, sort, inner));
        } else if (operation || !member.name.starts_with('$')) {
            return place.wrong("It must have one function, and may have a window", shown_name(member.name));
        } else {
            operation = member;
        }
    }
    if (!operation) return place.wrong("It needs a function such as {\"$sum\": \"$amount\"}");
    StagePlace inner = place;
    inner.where = place.below(shown_name(operation->name));
    const auto* const row = std::ranges::find(rows, operation->name, &Row::name);
    if (row != rows.end()) {
        if (window && !row->takes_window)
            return place.wrong(std::string(row->name) + " takes no window", "window");
        return row->make({row->name, operation->value, window, sort, inner});
    }
    if (!is_accumulator(operation->name)) {
        return Error(ErrorCode::UNSUPPORTED_OPERATOR,
                     "There is no window function '" + shown_name(operation->name) + "'", inner.where);
    }
    TRY(AccumulatorRef accumulator, parse_accumulator({}, operation->name, operation->value, inner));
    return WindowFunctionRef(
        std::make_unique<WindowAccumulator>(std::move(accumulator), window.value_or(Window())));
}

}  // namespace credvault::query
