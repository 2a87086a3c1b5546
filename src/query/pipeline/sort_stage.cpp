#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "query/pipeline/leading_stages.h"
#include "query/pipeline/sorted_documents.h"

namespace credvault::query {
namespace {

class SortStep final : public Step {
public:
    SortStep(const SortStage& stage, Run& run, Step& next)
        : stage_(stage), documents_(run.work, stage.limit(), stage.where()), run_(run), next_(next) {}

    Result<Flow> push(const json::View& document) override {
        position_.clear();
        const double score = run_.evaluation.text_score();
        append_position(position_, document, stage_.sort(), score);
        // Behind the position it changes no order between documents of one record.
        position_.append(reinterpret_cast<const char*>(&score), sizeof score);
        TRY_VOID(documents_.add(position_, document.text()));
        return Flow::More;
    }

    Result<Flow> finish() override {
        if (!std::exchange(sorted_, true)) TRY_VOID(documents_.sort());
        for (;;) {
            TRY_VOID(run_.work.tick());
            std::string_view document;
            TRY(const bool there, documents_.next(document));
            if (!there) return Flow::Done;
            double score = 0;
            const std::string_view position = documents_.position();
            std::memcpy(&score, position.data() + position.size() - sizeof score, sizeof score);
            run_.evaluation.set_text_score(score);
            TRY(const Flow flow, next_.push(json::View(document)));
            if (flow != Flow::More) return flow;
        }
    }

private:
    const SortStage& stage_;
    SortedDocuments documents_;
    Run& run_;
    Step& next_;
    std::string position_;
    bool sorted_ = false;
};

}  // namespace

Result<StageRef> SortStage::parse(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object() || spec.empty()) {
        return place.wrong("It needs an object that names fields, for instance {\"age\": -1}");
    }
    Result<Sort> sort = parse_sort(spec);
    if (!sort.ok()) {
        Error error = std::move(sort).error();
        error.code = ErrorCode::INVALID_PIPELINE;
        return place.placed(std::move(error), {});
    }
    if (has_rank(*sort) && !place.scope.has_text_score()) {
        return place.wrong(
            "Sorting by textScore needs a $text in the pipeline's first $match, whose scores are "
            "still known here");
    }
    constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
    return std::make_shared<SortStage>(std::move(*sort), all, place.where);
}

std::unique_ptr<Step> SortStage::step(Run& run, Step& next) const {
    return std::make_unique<SortStep>(*this, run, next);
}

}  // namespace credvault::query
