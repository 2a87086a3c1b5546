// $bucketAuto: so many groups of about the same size, by the order of a value.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "json/order.h"
#include "json/writer.h"
#include "query/key.h"
#include "query/pipeline/granularity.h"
#include "query/pipeline/grouping.h"
#include "query/pipeline/sorted_documents.h"
#include "query/pipeline/stages.h"
#include "query/whole_number.h"

namespace credvault::query {
namespace {

struct BucketAutoSpec {
    std::string where;
    Expression key;
    std::int64_t buckets;
    AccumulatorSet accumulators;
    const Granularity* granularity = nullptr;
};

constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();

/// Documents are sorted by the value; each bucket takes its share of what is left and all that is equal to its last.
class BucketAutoStep final : public Step {
public:
    BucketAutoStep(const BucketAutoSpec& spec, Run& run, Step& next)
        : spec_(spec),
          run_(run),
          next_(next),
          documents_(run.work, all, spec.where),
          memory_(run.work),
          states_(spec.accumulators),
          inputs_(spec.accumulators, fields_) {}

    Result<Flow> push(const json::View& document) override {
        run_.evaluation.begin(document);
        TRY(const Item value, spec_.key.evaluate(run_.evaluation));
        if (spec_.granularity != nullptr && (!value.is_number() || value.as_double() < 0)) {
            return Error(
                ErrorCode::INVALID_EXPRESSION,
                "$bucketAuto: a granularity needs numbers of 0 or more, not " + std::string(type_name(value)),
                spec_.where);
        }
        held_.clear();
        value.append_text(held_);
        position_.clear();
        append_key(position_, json::View(held_));
        // Value and document together, the value's length in front.
        std::string length;
        json::append_int(length, static_cast<std::int64_t>(held_.size()));
        held_ = length + ":" + held_;
        held_ += document.text();
        TRY_VOID(documents_.add(position_, held_));
        ++count_;
        return Flow::More;
    }

    Result<Flow> finish() override {
        if (!std::exchange(sorted_, true)) {
            TRY_VOID(documents_.sort());
            TRY_VOID(advance());
            share_ = std::max<std::int64_t>(
                1, std::llround(static_cast<double>(count_) / static_cast<double>(spec_.buckets)));
        }
        while (there_) {
            TRY_VOID(fill_bucket());
            TRY(const Flow flow, give());
            if (flow != Flow::More) return flow;
        }
        return Flow::Done;
    }

private:
    /// Makes the next document the current one.
    Status advance() {
        std::string_view text;
        TRY(there_, documents_.next(text));
        if (!there_) return {};
        const std::size_t colon = text.find(':');
        const auto size = static_cast<std::size_t>(json::View(text.substr(0, colon)).as_int());
        value_ = text.substr(colon + 1, size);
        document_ = text.substr(colon + 1 + size);
        return {};
    }

    Status take() {
        const json::View document(document_);
        fields_.read(document);
        TRY_VOID(run_.work.tick());
        TRY_VOID(inputs_.add(states_.at(), document, false, run_, memory_));
        if (run_.work.is_hopeless()) return run_.work.too_large(spec_.where);
        greatest_ = value_;
        return advance();
    }

    Status fill_bucket() {
        memory_.clear();
        TRY_VOID(states_.begin(json::View("{}"), run_));
        ++given_;
        least_ = first_ ? std::string(value_) : greatest_end_;
        if (first_ && spec_.granularity != nullptr) least_ = spec_.granularity->down(value_);
        first_ = false;
        for (std::int64_t i = 0; there_ && (given_ == spec_.buckets || i < share_); ++i) TRY_VOID(take());
        if (spec_.granularity != nullptr) return end_at_granularity();
        while (there_ && json::compare(json::View(value_), json::View(greatest_)) == 0) TRY_VOID(take());
        greatest_end_ = there_ ? std::string(value_) : greatest_;
        return {};
    }

    Status end_at_granularity() {
        greatest_end_ = spec_.granularity->up(greatest_);
        while (there_ && json::compare(json::View(value_), json::View(greatest_end_)) < 0) TRY_VOID(take());
        return {};
    }

    Result<Flow> give() {
        made_ = "{\"_id\":{\"min\":" + least_ + ",\"max\":" + greatest_end_ + "}";
        TRY_VOID(spec_.accumulators.append(made_, states_.at()));
        made_ += '}';
        return next_.push(json::View(made_));
    }

    const BucketAutoSpec& spec_;
    Run& run_;
    Step& next_;
    SortedDocuments documents_;
    MemoryShare memory_;
    AccumulatorStates states_;
    DocumentFields fields_;
    AccumulatorInputs inputs_;
    std::string held_, position_, made_;
    std::int64_t count_ = 0, share_ = 1, given_ = 0;
    bool sorted_ = false, there_ = false, first_ = true;
    std::string_view value_, document_;  ///< Of the current document.
    std::string least_, greatest_, greatest_end_;
};

class BucketAutoStage final : public Stage {
public:
    explicit BucketAutoStage(BucketAutoSpec spec)
        : Stage("$bucketAuto", StageShape::Collecting), spec_(std::move(spec)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override {
        return std::make_unique<BucketAutoStep>(spec_, run, next);
    }

private:
    BucketAutoSpec spec_;
};

}  // namespace

Result<StageRef> parse_bucket_auto(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object()) return place.wrong("It needs an object with groupBy and buckets");
    TRY_VOID(check_members(spec, {"groupBy", "buckets", "output", "granularity"}, place));
    TRY(Expression key, grouped_by(spec, place));
    const auto buckets = spec.find("buckets");
    const auto number = buckets ? whole_number(*buckets) : std::nullopt;
    if (!number || *number < 1 || *number > std::numeric_limits<std::int32_t>::max()) {
        return place.wrong("It needs the number of buckets: a whole number of 1 or more", "buckets");
    }
    TRY(AccumulatorSet output, bucket_output(spec, place));
    const Granularity* granularity = nullptr;
    if (const auto named = spec.find("granularity")) {
        granularity = named->is_string() ? Granularity::named(named->as_string()) : nullptr;
        if (granularity == nullptr) {
            return place.wrong("It must be one of " + Granularity::names(), "granularity");
        }
    }
    return std::make_shared<BucketAutoStage>(
        BucketAutoSpec{place.where, std::move(key), *number, std::move(output), granularity});
}

}  // namespace credvault::query
