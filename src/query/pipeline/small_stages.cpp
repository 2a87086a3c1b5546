// $count, and the transforms as stages.
#include <memory>
#include <string>
#include <utility>

#include "json/writer.h"
#include "query/pipeline/stages.h"
#include "query/pipeline/transform.h"

namespace credvault::query {
namespace {

class CountStep final : public Step {
public:
    CountStep(std::string_view name, Step& next) : name_(name), next_(next) {}

    Result<Flow> push(const json::View&) override {
        ++count_;
        return Flow::More;
    }
    Result<Flow> finish() override {
        if (count_ == 0) return Flow::Done;
        std::string document = "{\"" + std::string(name_) + "\":";
        json::append_int(document, std::exchange(count_, 0));
        document += '}';
        return next_.push(json::View(document));
    }

private:
    std::string_view name_;  ///< Escaped.
    Step& next_;
    std::int64_t count_ = 0;
};

class CountStage final : public Stage {
public:
    explicit CountStage(std::string name) : Stage("$count", StageShape::Collecting), name_(std::move(name)) {}
    std::unique_ptr<Step> step(Run&, Step& next) const override {
        return std::make_unique<CountStep>(name_, next);
    }

private:
    std::string name_;
};

class TransformStep final : public Step {
public:
    TransformStep(const Transform& transform, Run& run, Step& next)
        : transform_(transform), run_(run), next_(next) {}

    Result<Flow> push(const json::View& document) override {
        made_.clear();
        TRY_VOID(transform_.append(made_, document, run_.evaluation));
        return next_.push(json::View(made_));
    }

private:
    const Transform& transform_;
    Run& run_;
    Step& next_;
    std::string made_;
};

class TransformStage final : public Stage {
public:
    TransformStage(std::string_view name, TransformRef transform)
        : Stage(name, StageShape::OneToOne), transform_(std::move(transform)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override {
        return std::make_unique<TransformStep>(*transform_, run, next);
    }

private:
    TransformRef transform_;
};

}  // namespace

Result<StageRef> parse_count(const json::View& spec, const StagePlace& place) {
    std::string scratch;
    const std::string_view name = spec.is_string() ? spec.decoded(scratch) : std::string_view();
    if (name.empty() || name.starts_with('$') || name.find('.') != std::string_view::npos) {
        return place.wrong(
            "It needs the name of the field for the count: a text without dots or a dollar sign");
    }
    return std::make_shared<CountStage>(json::escape_key(name));
}

Result<StageRef> parse_transform_stage(std::string_view name, const json::View& spec,
                                       const StagePlace& place) {
    TRY(TransformRef transform, parse_transform(name, spec, place.where, place.scope));
    return std::make_shared<TransformStage>(transform_name(name), std::move(transform));
}

}  // namespace credvault::query
