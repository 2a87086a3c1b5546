// The accumulators of $group, $bucket and $setWindowFields: `{"$sum": "$amount"}`. An accumulator is immutable; what it
// has gathered is a state in memory that the caller gives it, so that a million groups cost no million allocations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "query/expression/expression.h"
#include "query/pipeline/stage_parsing.h"
#include "query/pipeline/work.h"

namespace credvault::query {

/// What memory for states is counted in: state_bytes() is a multiple of its size. std::max_align_t is larger than its
/// alignment.
struct alignas(std::max_align_t) StateCell {
    std::byte bytes[alignof(std::max_align_t)];
};
static_assert(sizeof(StateCell) == alignof(std::max_align_t));

class Accumulator {
public:
    virtual ~Accumulator() = default;

    /// Of a state, which must lie at a multiple of alignof(std::max_align_t).
    virtual std::size_t state_bytes() const = 0;
    virtual void create(void* state) const = 0;
    virtual void destroy(void* state) const = 0;
    /// Computes what a state is created for (`n`), from the evaluation's root: the group's key where that is an object,
    /// else {}. Called once, after create().
    virtual Status begin(void*, Evaluation&) const { return {}; }

    /// Takes the document that is the evaluation's root. Memory beyond the state is charged to `memory`.
    virtual Status add_document(void* state, Evaluation& evaluation, MemoryShare& memory) const {
        TRY(const Item value, argument_->evaluate(evaluation));
        return add(state, value, memory);
    }
    /// Takes the argument's value. Precondition: argument() is not null.
    virtual Status add(void* state, const Item& value, MemoryShare& memory) const = 0;
    /// Appends the result's canonical text; null where there is none.
    virtual Status append(std::string& out, const void* state) const = 0;

    /// The one expression that is evaluated on each document; null where the accumulator looks at the document itself.
    const Expression* argument() const { return argument_ ? &*argument_ : nullptr; }
    /// The name of the result's field.
    const std::string& field() const { return field_; }

protected:
    friend class AccumulatorParser;

    std::optional<Expression> argument_;
    std::string field_;  ///< Escaped.
    std::string where_;
};

/// Most accumulators: State has add(const Item&, MemoryShare&) → Status and append(std::string&) const → Status.
template <class State>
class StateAccumulator : public Accumulator {
public:
    static_assert(alignof(State) <= alignof(std::max_align_t));

    std::size_t state_bytes() const final {
        constexpr std::size_t step = sizeof(StateCell);
        return (sizeof(State) + step - 1) / step * step;
    }
    void create(void* state) const override { new (state) State(); }
    void destroy(void* state) const final { static_cast<State*>(state)->~State(); }
    Status add(void* state, const Item& value, MemoryShare& memory) const override {
        return of(state).add(value, memory);
    }
    Status append(std::string& out, const void* state) const override {
        return static_cast<const State*>(state)->append(out);
    }

protected:
    static State& of(void* state) { return *static_cast<State*>(state); }
};

using AccumulatorRef = std::shared_ptr<const Accumulator>;

/// Parses `field: {"$op": argument}`. Fails with INVALID_PIPELINE, UNSUPPORTED_OPERATOR, or as expressions do.
Result<AccumulatorRef> parse_accumulator(const json::Member& field, const StagePlace& place);
/// The same without a check of the field's name; `spec` is {"$op": argument}.
Result<AccumulatorRef> parse_accumulator(std::string field, std::string_view operation,
                                         const json::View& argument, const StagePlace& place);
bool is_accumulator(std::string_view operation);

// One maker a kind, each in its family's file. `argument` is what stands behind the operator.
struct AccumulatorSpec {
    std::string_view operation;
    const json::View& argument;
    const StagePlace& place;
};
using AccumulatorMaker = Result<std::unique_ptr<Accumulator>> (*)(const AccumulatorSpec& spec);

Result<std::unique_ptr<Accumulator>> make_sum(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_average(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_deviation(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_extreme(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_first(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_last(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_push(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_set(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_merge(const AccumulatorSpec& spec);
Result<std::unique_ptr<Accumulator>> make_some(const AccumulatorSpec& spec);    ///< $firstN and the like.
Result<std::unique_ptr<Accumulator>> make_ranked(const AccumulatorSpec& spec);  ///< $top and the like.
Result<std::unique_ptr<Accumulator>> make_percentile(const AccumulatorSpec& spec);

}  // namespace credvault::query
