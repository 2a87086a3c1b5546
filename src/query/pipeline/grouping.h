// How $group and $bucket tell the groups of documents, and the step that gathers them. Internal to query/pipeline/.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/pipeline/accumulator_set.h"
#include "query/pipeline/stage.h"

namespace credvault::query {

/// The boundaries of $bucket: ascending, each bucket from one up to below the next.
struct Buckets {
    std::vector<std::string> boundaries;  ///< Canonical texts.
    std::optional<std::string> other;     ///< The key of what lies in none.

    /// Fails with INVALID_EXPRESSION where the value lies in none and there is no other.
    Result<std::string_view> key_of(const Item& value) const;
};

struct Grouping {
    std::string where;
    Expression key;
    std::optional<Buckets> buckets;  ///< What the key's value is sorted into; the groups come in their order.
    AccumulatorSet accumulators;
};

class GroupStage final : public Stage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    GroupStage(std::string_view name, Grouping grouping)
        : Stage(name, StageShape::Collecting), grouping_(std::move(grouping)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override;

private:
    Grouping grouping_;
};

/// The `groupBy` of $bucket and $bucketAuto.
Result<Expression> grouped_by(const json::View& spec, const StagePlace& place);
/// Their `output`; a count where there is none.
Result<AccumulatorSet> bucket_output(const json::View& spec, const StagePlace& place);
/// `{"name": {"$op": …}, …}`, as in $bucket's output.
Result<AccumulatorSet> parse_output(const json::View& spec, const StagePlace& place);

}  // namespace credvault::query
