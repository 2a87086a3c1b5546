#include "query/pipeline/facet_stage.h"

#include <algorithm>
#include <memory>

#include "json/writer.h"
#include "query/pipeline/chain.h"
#include "query/pipeline/stages.h"

namespace credvault::query {
namespace {

constexpr std::size_t max_facets = 100;

class FacetStep final : public Step {
public:
    FacetStep(const FacetStage& stage, Run& run, Step& next)
        : stage_(stage), run_(run), memory_(run.work), next_(next) {
        for (const FacetStage::Facet& facet : stage.facets()) {
            parts_.push_back(std::make_unique<Part>(facet.pipeline.stages(), run));
        }
    }

    Result<Flow> push(const json::View& document) override {
        bool wanted = false;
        for (const auto& part : parts_) {
            if (part->done) continue;
            part->chain.fill(part->results);
            TRY(const Flow flow, part->chain.push(document));
            part->done = flow == Flow::Done;
            wanted = wanted || !part->done;
            TRY_VOID(charge(*part));
        }
        return wanted ? Flow::More : Flow::Done;
    }

    Result<Flow> finish() override {
        if (std::exchange(finished_, true)) return Flow::Done;
        std::string document = "{";
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            Part& part = *parts_[i];
            part.chain.fill(part.results);
            TRY(const Flow flow, part.chain.finish());
            static_cast<void>(flow);
            TRY_VOID(charge(part));
            if (i > 0) document += ',';
            document += '"' + stage_.facets()[i].name + "\":[" + part.results.text() + "]";
            parts_[i] = nullptr;
        }
        document += '}';
        return next_.push(json::View(document));
    }

private:
    struct Part {
        Part(std::span<const StageRef> stages, Run& run) : chain(stages, run) {}
        Chain chain;
        Batch results;
        std::size_t charged = 0;
        bool done = false;
    };

    Status charge(Part& part) {
        const std::size_t size = part.results.text().size();
        const bool fits = memory_.take(size - part.charged);
        part.charged = size;
        return fits ? Status() : run_.work.too_large(stage_.where());
    }

    const FacetStage& stage_;
    Run& run_;
    MemoryShare memory_;
    Step& next_;
    std::vector<std::unique_ptr<Part>> parts_;
    bool finished_ = false;
};

}  // namespace

FacetStage::FacetStage(std::vector<Facet> facets, std::string where)
    : Stage("$facet", StageShape::Collecting), facets_(std::move(facets)), where_(std::move(where)) {
    for (const Facet& facet : facets_) {
        asks_store_ = asks_store_ || std::ranges::any_of(facet.pipeline.stages(), [](const StageRef& stage) {
                          return stage->asks_store();
                      });
    }
}

std::unique_ptr<Step> FacetStage::step(Run& run, Step& next) const {
    return std::make_unique<FacetStep>(*this, run, next);
}

Result<StageRef> parse_facet(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object() || spec.empty()) {
        return place.wrong(
            "It needs an object of pipelines, for instance {\"byCity\": [{\"$sortByCount\": \"$city\"}]}");
    }
    std::vector<FacetStage::Facet> facets;
    for (const json::Member& member : spec.members()) {
        std::string name;
        json::append_decoded(name, member.name);
        if (name.empty() || name.starts_with('$') || name.find('.') != std::string::npos) {
            return place.wrong("A facet's name must have no dots and must not begin with '$'",
                               shown_name(name));
        }
        if (facets.size() == max_facets) {
            return place.wrong("There may be at most " + std::to_string(max_facets) + " facets");
        }
        TRY(Pipeline pipeline,
            parse_nested_pipeline(member.value, place, shown_name(name), place.scope, Nested::Facet));
        facets.push_back({std::string(member.name), std::move(pipeline)});
    }
    return std::make_shared<FacetStage>(std::move(facets), place.where);
}

}  // namespace credvault::query
