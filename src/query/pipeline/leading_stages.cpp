#include "query/pipeline/leading_stages.h"

#include <utility>

#include "query/whole_number.h"

namespace credvault::query {
namespace {

class MatchStep final : public Step {
public:
    MatchStep(Filter filter, Step& next) : filter_(std::move(filter)), next_(next) {}
    Result<Flow> push(const json::View& document) override {
        TRY(const bool matches, filter_.test(document));
        return matches ? next_.push(document) : Flow::More;
    }

private:
    Filter filter_;
    Step& next_;
};

class LimitStep final : public Step {
public:
    LimitStep(std::uint64_t count, Step& next) : left_(count), next_(next) {}
    Result<Flow> push(const json::View& document) override {
        if (left_ == 0) return Flow::Done;
        --left_;
        TRY(const Flow flow, next_.push(document));
        return flow == Flow::More && left_ == 0 ? Flow::Done : flow;
    }
    Result<Flow> resume() override { return left_ == 0 ? Flow::Done : Flow::More; }

private:
    std::uint64_t left_;
    Step& next_;
};

class SkipStep final : public Step {
public:
    SkipStep(std::uint64_t count, Step& next) : left_(count), next_(next) {}
    Result<Flow> push(const json::View& document) override {
        if (left_ == 0) return next_.push(document);
        --left_;
        return Flow::More;
    }

private:
    std::uint64_t left_;
    Step& next_;
};

}  // namespace

Result<StageRef> LimitStage::parse(const json::View& spec, const StagePlace& place) {
    const std::optional<std::int64_t> count = whole_number(spec);
    if (!count || *count <= 0) return place.wrong("A limit must be a whole number of 1 or more");
    return std::make_shared<LimitStage>(static_cast<std::uint64_t>(*count));
}

std::unique_ptr<Step> LimitStage::step(Run&, Step& next) const {
    return std::make_unique<LimitStep>(count_, next);
}

Result<StageRef> SkipStage::parse(const json::View& spec, const StagePlace& place) {
    const std::optional<std::int64_t> count = whole_number(spec);
    if (!count || *count < 0) return place.wrong("A skip must be a whole number of 0 or more");
    return std::make_shared<SkipStage>(static_cast<std::uint64_t>(*count));
}

std::unique_ptr<Step> SkipStage::step(Run&, Step& next) const {
    return std::make_unique<SkipStep>(count_, next);
}

Result<StageRef> MatchStage::parse(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object())
        return place.wrong("It needs a filter: an object, for instance {\"age\": {\"$gt\": 18}}");
    TRY(Filter filter, place.filter(spec, {}));
    return std::make_shared<MatchStage>(std::move(filter));
}

Filter bound(const Filter& filter, const Run& run) {
    return filter.has_expressions() ? filter.bind(run.variables, run.evaluation.now_ms()) : filter;
}

std::unique_ptr<Step> MatchStage::step(Run& run, Step& next) const {
    return std::make_unique<MatchStep>(bound(filter_, run), next);
}

}  // namespace credvault::query
