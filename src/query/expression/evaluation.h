// What the evaluation of expressions on a record sees and may use: the record, the values of variables, the time, and a
// budget of work and memory that ends what would run on (`$range` over a billion, strings that double). One evaluation
// object serves one thread; it is made once per query and begun anew for each record. It holds no record's text: that
// must stay while the record is evaluated.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "query/expression/item.h"
#include "query/limits.h"

namespace credvault::query {

class Evaluation {
public:
    /// Reads the clock for `$$NOW`.
    Evaluation();
    explicit Evaluation(std::int64_t now_ms, const EvaluationLimits& limits = query_limits().evaluation,
                        const std::atomic<bool>* cancelled = nullptr);

    /// Begins another record with the whole budget; variables keep their values.
    void begin(const json::View& root);
    /// The same with a computed root, for accumulators over computed documents.
    void begin(Item root);

    const Item& root() const { return root_; }
    std::int64_t now_ms() const { return now_ms_; }
    const EvaluationLimits& limits() const { return limits_; }

    /// The variable in a slot of the scope that the expression was parsed with. The reference lasts until another
    /// expression is evaluated.
    const Item& variable(std::size_t slot) const { return variables_[slot]; }
    void set_variable(std::size_t slot, Item value);
    /// Makes room for an expression's own variables.
    void need_variables(std::size_t count) {
        if (variables_.size() < count) variables_.resize(count);
    }

    /// How well the document at hand answers the search that found it; whoever hands documents on sets it.
    double text_score() const { return text_score_; }
    void set_text_score(double score) { text_score_ = score; }

    /// Takes steps from the budget; false where it is used up or the query was cancelled: return exhausted().
    bool spend(std::uint64_t steps) {
        if (steps < until_check_) [[likely]] {
            until_check_ -= steps;
            return true;
        }
        return spend_slowly(steps);
    }
    Error exhausted() const;

    /// Counts memory for a value that is being built. Fails with QUERY_TOO_LARGE.
    Status charge(std::size_t bytes);
    /// What is counted now. An operator notes it, and sets it back when its arguments are gone (release_to).
    std::size_t memory() const { return memory_; }
    void release_to(std::size_t memory) { memory_ = memory; }

private:
    bool spend_slowly(std::uint64_t steps);
    Error too_large() const;

    Item root_;
    std::vector<Item> variables_;
    std::int64_t now_ms_;
    double text_score_ = 0;
    EvaluationLimits limits_;
    const std::atomic<bool>* cancelled_;
    std::uint64_t until_check_ = 0;  ///< Steps left before the next look at `cancelled_` and `work_`.
    std::uint64_t work_ = 0;         ///< Steps left after those.
    std::size_t memory_ = 0;
};

}  // namespace credvault::query
