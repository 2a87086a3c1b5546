// Accumulators of so many values: $firstN, $lastN, $minN, $maxN, and by an order of the documents $top, $topN, $bottom,
// $bottomN.
#include <algorithm>
#include <deque>
#include <vector>

#include "query/pipeline/accumulator.h"
#include "query/sort.h"

namespace credvault::query {
namespace {

constexpr std::size_t element_bytes = sizeof(std::string);

/// How many: a constant, or computed from a group's key.
class Count {
public:
    static Result<Count> parse(const AccumulatorSpec& spec) {
        const auto n = spec.argument.find("n");
        if (!n) return spec.place.wrong("It needs n, how many there are to be", "n");
        TRY(Expression expression, spec.place.expression(*n, "n"));
        if (expression.constant() != nullptr && !valid(*expression.constant()))
            return wrong(spec.place.below("n"));
        return Count(std::move(expression), spec.place.below("n"));
    }
    Result<std::size_t> value(Evaluation& evaluation) const {
        TRY(const Item n, expression_.evaluate(evaluation));
        if (!valid(n)) return wrong(where_);
        return static_cast<std::size_t>(n.as_double());
    }

private:
    Count(Expression expression, std::string where)
        : expression_(std::move(expression)), where_(std::move(where)) {}

    static bool valid(const Item& n) {
        if (!n.is_number()) return false;
        const double number = n.as_double();
        return number >= 1 &&
               number == static_cast<double>(static_cast<std::int64_t>(std::min(number, 1e15)));
    }
    static Error wrong(std::string where) {
        return Error(ErrorCode::INVALID_PIPELINE, "n must be a whole number of 1 or more", std::move(where));
    }

    Expression expression_;
    std::string where_;
};

Status charge(MemoryShare& memory, const std::string& text) {
    if (memory.take(text.size() + element_bytes) || !memory.is_hopeless()) return {};
    return memory.work().too_large({});
}

void append_array(std::string& out, const auto& texts, const auto& text_of) {
    out += '[';
    bool first = true;
    for (const auto& one : texts) {
        if (!std::exchange(first, false)) out += ',';
        out += text_of(one);
    }
    out += ']';
}

struct SomeState {
    std::size_t n = 1;
    std::deque<std::string> texts;  ///< In the result's order.

    Status add(const Item&, MemoryShare&) { return {}; }
    Status append(std::string& out) const {
        append_array(out, texts, [](const std::string& text) { return std::string_view(text); });
        return {};
    }
};

enum class Choice : std::uint8_t { First, Last, Least, Greatest };

class Some final : public StateAccumulator<SomeState> {
public:
    Some(Choice choice, Count count, Expression input) : choice_(choice), count_(std::move(count)) {
        argument_ = std::move(input);
    }
    Status begin(void* state, Evaluation& evaluation) const override {
        TRY(of(state).n, count_.value(evaluation));
        return {};
    }
    Status add(void* state, const Item& value, MemoryShare& memory) const override {
        SomeState& some = of(state);
        if (choice_ == Choice::First && some.texts.size() == some.n) return {};
        if (choice_ == Choice::First || choice_ == Choice::Last) {
            some.texts.push_back(value.text());
            TRY_VOID(charge(memory, some.texts.back()));
        } else {
            if (value.is_nullish()) return {};
            TRY_VOID(insert(some, value, memory));
        }
        if (some.texts.size() <= some.n) return {};
        std::string& dropped = choice_ == Choice::Last ? some.texts.front() : some.texts.back();
        memory.give_back(dropped.size() + element_bytes);
        if (choice_ == Choice::Last) {
            some.texts.pop_front();
        } else {
            some.texts.pop_back();
        }
        return {};
    }

private:
    Status insert(SomeState& some, const Item& value, MemoryShare& memory) const {
        const auto before = [this](const Item& a, const std::string& b) {
            const auto order = compare(a, Item(json::View(b)));
            return choice_ == Choice::Least ? order < 0 : order > 0;
        };
        const auto at = std::upper_bound(some.texts.begin(), some.texts.end(), value, before);
        if (at == some.texts.end() && some.texts.size() == some.n) return {};
        return charge(memory, *some.texts.insert(at, value.text()));
    }

    Choice choice_;
    Count count_;
};

struct RankedValue {
    std::string position;
    std::string text;
};

struct RankedState {
    std::size_t n = 1;
    std::vector<RankedValue> values;  ///< In the order of the sort.

    Status add(const Item&, MemoryShare&) { return {}; }
    Status append(std::string& out) const {
        append_array(out, values, [](const RankedValue& value) { return std::string_view(value.text); });
        return {};
    }
};

class Ranked final : public StateAccumulator<RankedState> {
public:
    Ranked(bool top, std::optional<Count> count, Sort sort, Expression output)
        : top_(top), count_(std::move(count)), sort_(std::move(sort)), output_(std::move(output)) {}

    Status begin(void* state, Evaluation& evaluation) const override {
        if (count_) {
            TRY(of(state).n, count_->value(evaluation));
        }
        return {};
    }
    Status add_document(void* state, Evaluation& evaluation, MemoryShare& memory) const override {
        RankedState& ranked = of(state);
        RankedValue value;
        const std::string text =
            evaluation.root().view() != nullptr ? std::string() : evaluation.root().text();
        append_position(value.position, text.empty() ? *evaluation.root().view() : json::View(text), sort_);
        const auto at = std::ranges::upper_bound(ranked.values, value.position, {}, &RankedValue::position);
        const bool full = ranked.values.size() == ranked.n;
        if (full && at == (top_ ? ranked.values.end() : ranked.values.begin())) return {};
        TRY(const Item output, output_.evaluate(evaluation));
        value.text = output.text();
        const std::size_t bytes = value.position.size() + value.text.size() + sizeof(RankedValue);
        if (!memory.take(bytes) && memory.is_hopeless()) return memory.work().too_large(where_);
        ranked.values.insert(at, std::move(value));
        if (!full) return {};
        const auto dropped = top_ ? std::prev(ranked.values.end()) : ranked.values.begin();
        memory.give_back(dropped->position.size() + dropped->text.size() + sizeof(RankedValue));
        ranked.values.erase(dropped);
        return {};
    }
    Status append(std::string& out, const void* state) const override {
        const auto& ranked = *static_cast<const RankedState*>(state);
        if (count_) return ranked.append(out);
        out +=
            ranked.values.empty() ? std::string_view("null") : std::string_view(ranked.values.front().text);
        return {};
    }

private:
    bool top_;
    std::optional<Count> count_;
    Sort sort_;
    Expression output_;
};

}  // namespace

Result<std::unique_ptr<Accumulator>> make_some(const AccumulatorSpec& spec) {
    TRY_VOID(check_members(spec.argument, {"input", "n"}, spec.place));
    const auto input = spec.argument.find("input");
    if (!input) return spec.place.wrong("It needs an input, an expression", "input");
    TRY(Count count, Count::parse(spec));
    TRY(Expression expression, spec.place.expression(*input, "input"));
    const Choice choice = spec.operation == "$firstN"  ? Choice::First
                          : spec.operation == "$lastN" ? Choice::Last
                          : spec.operation == "$minN"  ? Choice::Least
                                                       : Choice::Greatest;
    return std::make_unique<Some>(choice, std::move(count), std::move(expression));
}

Result<std::unique_ptr<Accumulator>> make_ranked(const AccumulatorSpec& spec) {
    const bool counted = spec.operation.ends_with('N');
    if (counted) {
        TRY_VOID(check_members(spec.argument, {"sortBy", "output", "n"}, spec.place));
    } else {
        TRY_VOID(check_members(spec.argument, {"sortBy", "output"}, spec.place));
    }
    const auto order = spec.argument.find("sortBy");
    const auto output = spec.argument.find("output");
    if (!order || !order->is_object() || order->empty()) {
        return spec.place.wrong("It needs an order, for instance {\"score\": -1}", "sortBy");
    }
    if (!output) return spec.place.wrong("It needs an output, an expression", "output");
    Result<Sort> sort = parse_sort(*order);
    if (!sort.ok()) return spec.place.placed(std::move(sort).error(), "sortBy");
    TRY(Expression expression, spec.place.expression(*output, "output"));
    std::optional<Count> count;
    if (counted) {
        TRY(count, Count::parse(spec));
    }
    return std::make_unique<Ranked>(spec.operation.starts_with("$top"), std::move(count), std::move(*sort),
                                    std::move(expression));
}

}  // namespace credvault::query
