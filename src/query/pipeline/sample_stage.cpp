#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "query/pipeline/stages.h"

namespace credvault::query {
namespace {

/// Keeps so many of the documents, each with the same chance (Vitter's algorithm R), and gives them in any order.
class SampleStep final : public Step {
public:
    SampleStep(std::uint64_t size, std::string_view where, Run& run, Step& next)
        : size_(size),
          where_(where),
          run_(run),
          memory_(run.work),
          next_(next),
          random_(std::random_device{}()) {}

    Result<Flow> push(const json::View& document) override {
        ++seen_;
        if (kept_.size() < size_) {
            kept_.emplace_back(document.text());
            return counted(kept_.back());
        }
        const std::uint64_t place = std::uniform_int_distribution<std::uint64_t>(0, seen_ - 1)(random_);
        if (place >= size_) return Flow::More;
        memory_.give_back(kept_[place].size() + sizeof(std::string));
        kept_[place] = document.text();
        return counted(kept_[place]);
    }

    Result<Flow> finish() override {
        if (given_ == 0) std::ranges::shuffle(kept_, random_);
        while (given_ < kept_.size()) {
            TRY_VOID(run_.work.tick());
            TRY(const Flow flow, next_.push(json::View(kept_[given_++])));
            if (flow != Flow::More) return flow;
        }
        return Flow::Done;
    }

private:
    Result<Flow> counted(const std::string& document) {
        if (!memory_.take(document.size() + sizeof(std::string)))
            return run_.work.too_large(std::string(where_));
        return Flow::More;
    }

    std::uint64_t size_;
    std::string_view where_;
    Run& run_;
    MemoryShare memory_;
    Step& next_;
    std::mt19937_64 random_;
    std::uint64_t seen_ = 0;
    std::vector<std::string> kept_;
    std::size_t given_ = 0;
};

class SampleStage final : public Stage {
public:
    SampleStage(std::uint64_t size, std::string where)
        : Stage("$sample", StageShape::Collecting), size_(size), where_(std::move(where)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override {
        return std::make_unique<SampleStep>(size_, where_, run, next);
    }

private:
    std::uint64_t size_;
    std::string where_;
};

}  // namespace

Result<StageRef> parse_sample(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object()) return place.wrong("It needs an object: {\"size\": 10}");
    TRY_VOID(check_members(spec, {"size"}, place));
    const auto size = spec.find("size");
    if (!size || !size->is_number() || size->as_double() < 1) {
        return place.wrong("It needs a size: a number of 1 or more", "size");
    }
    constexpr double most = 9e18;
    return std::make_shared<SampleStage>(static_cast<std::uint64_t>(std::min(size->as_double(), most)),
                                         place.where);
}

}  // namespace credvault::query
