// $bucket, $sortByCount: groups by other names.
#include <algorithm>
#include <limits>
#include <utility>

#include "json/order.h"
#include "query/pipeline/grouping.h"
#include "query/pipeline/leading_stages.h"
#include "query/pipeline/stages.h"

namespace credvault::query {

Result<AccumulatorSet> bucket_output(const json::View& spec, const StagePlace& place) {
    const auto output = spec.find("output");
    if (!output) return parse_output(json::View(R"({"count":{"$sum":1}})"), place);
    if (!output->is_object()) return place.wrong("It must be an object of results", "output");
    StagePlace inner = place;
    inner.where = place.below("output");
    return parse_output(*output, inner);
}

Result<Expression> grouped_by(const json::View& spec, const StagePlace& place) {
    const auto by = spec.find("groupBy");
    if (!by) return place.wrong("It needs an expression to group by", "groupBy");
    std::string scratch;
    const bool is_path = by->is_string() && by->decoded(scratch).starts_with('$');
    if (!is_path && !(by->is_object() && !by->empty() && (*by->members().begin()).name.starts_with('$'))) {
        return place.wrong("It must be a path such as \"$price\", or an operator's expression", "groupBy");
    }
    return place.expression(*by, "groupBy");
}

namespace {

Status parse_boundaries(Buckets& buckets, const json::View& spec, const StagePlace& place) {
    const auto wrong = [&](std::string message) { return place.wrong(std::move(message), "boundaries"); };
    const auto given = spec.find("boundaries");
    if (!given || !given->is_array())
        return wrong("It needs an array of boundaries, for instance [0, 10, 100]");
    TRY(const Expression expression, place.expression(*given, "boundaries"));
    if (expression.constant() == nullptr) return wrong("Boundaries must be constants");
    for (const Item boundary : expression.constant()->elements())
        buckets.boundaries.push_back(boundary.text());
    if (buckets.boundaries.size() < 2) return wrong("It needs at least two boundaries");
    for (std::size_t i = 1; i < buckets.boundaries.size(); ++i) {
        const json::View a(buckets.boundaries[i - 1]);
        const json::View b(buckets.boundaries[i]);
        if (json::order_rank(a.type()) != json::order_rank(b.type()))
            return wrong("Boundaries must be of one type");
        if (json::compare(a, b) >= 0) return wrong("Boundaries must rise, and none may come twice");
    }
    return {};
}

Status parse_default(Buckets& buckets, const json::View& spec, const StagePlace& place) {
    const auto given = spec.find("default");
    if (!given) return {};
    TRY(const Expression expression, place.expression(*given, "default"));
    if (expression.constant() == nullptr) return place.wrong("It must be a constant", "default");
    buckets.other = expression.constant()->text();
    const json::View other(*buckets.other);
    const json::View first(buckets.boundaries.front());
    const bool same_type = json::order_rank(other.type()) == json::order_rank(first.type());
    if (same_type && json::compare(other, first) >= 0 &&
        json::compare(other, json::View(buckets.boundaries.back())) < 0) {
        return place.wrong("It must lie below the least boundary, or not below the greatest", "default");
    }
    return {};
}

}  // namespace

Result<StageRef> parse_bucket(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object()) return place.wrong("It needs an object with groupBy and boundaries");
    TRY_VOID(check_members(spec, {"groupBy", "boundaries", "default", "output"}, place));
    TRY(Expression key, grouped_by(spec, place));
    Buckets buckets;
    TRY_VOID(parse_boundaries(buckets, spec, place));
    TRY_VOID(parse_default(buckets, spec, place));
    TRY(AccumulatorSet output, bucket_output(spec, place));
    return std::make_shared<GroupStage>(
        "$bucket", Grouping{place.where, std::move(key), std::move(buckets), std::move(output)});
}

Status parse_sort_by_count(const json::View& spec, const StagePlace& place, std::vector<StageRef>& out) {
    std::string scratch;
    const bool is_path = spec.is_string() && spec.decoded(scratch).starts_with('$');
    if (!is_path && !(spec.is_object() && !spec.empty() && (*spec.members().begin()).name.starts_with('$'))) {
        return place.wrong("It needs a path such as \"$city\", or an operator's expression");
    }
    TRY(Expression key, place.expression(spec, {}));
    TRY(AccumulatorSet count, parse_output(json::View(R"({"count":{"$sum":1}})"), place));
    out.push_back(std::make_shared<GroupStage>("$sortByCount",
                                               Grouping{place.where, std::move(key), {}, std::move(count)}));
    TRY(Sort sort, parse_sort(json::View(R"({"count":-1})")));
    out.push_back(
        std::make_shared<SortStage>(std::move(sort), std::numeric_limits<std::uint64_t>::max(), place.where));
    return {};
}

}  // namespace credvault::query
