#include <array>
#include <cstring>
#include <utility>

#include "json/order.h"
#include "query/pipeline/group_table.h"
#include "query/pipeline/grouping.h"
#include "query/pipeline/spill.h"
#include "query/pipeline/stages.h"

namespace credvault::query {
namespace {

/// Gathers groups in memory. Once that is used up, no new group begins: documents of other groups go to disk, in parts
/// by the hash of their key, and each part is grouped when those before are done (hybrid hash aggregation). A group's
/// documents stay together and in order.
class GroupStep final : public Step {
public:
    GroupStep(const Grouping& grouping, Run& run, Step& next)
        : grouping_(grouping),
          run_(run),
          next_(next),
          table_(grouping.accumulators, run.work),
          inputs_(grouping.accumulators, fields_) {
        key_place_ = grouping.buckets ? DocumentFields::none : fields_.place_of(grouping.key);
        if (!grouping.buckets && grouping.key.constant() != nullptr) {
            constant_ = grouping.key.constant()->text();
        }
    }

    Result<Flow> push(const json::View& document) override {
        TRY_VOID(add(document));
        return Flow::More;
    }

    Result<Flow> finish() override {
        if (!std::exchange(finishing_, true)) end_part();
        for (;;) {
            TRY(const Flow flow, give());
            if (flow != Flow::More) return flow;
            if (waiting_.empty()) return Flow::Done;
            TRY_VOID(begin_part());
        }
    }

private:
    static constexpr std::size_t fan_out = 16;
    static constexpr std::size_t fan_bits = 4;
    static constexpr std::size_t max_level = 6;

    struct Part {
        std::unique_ptr<SpillFile> documents;
        std::size_t level;
    };

    Status add(const json::View& document) {
        fields_.read(document);
        bool begun = false;
        TRY(const std::string_view text, key_text(document, begun));
        const std::string_view key = group_key(text, key_);
        const std::uint64_t hash = GroupTable::hash(key);
        char* states = table_.find(key, hash);
        if (states == nullptr) {
            if (frozen_) return spill(document, hash);
            states = table_.insert(key, hash, text);
            Status made = grouping_.accumulators.create(states, json::View(text), run_);
            begun = false;
            if (!made.ok()) {
                table_.take_back();
                return made;
            }
        }
        TRY_VOID(inputs_.add(states, document, begun, run_, table_.memory()));
        if (run_.work.is_over()) return freeze();
        return {};
    }

    Result<std::string_view> key_text(const json::View& document, bool& begun) {
        if (!constant_.empty()) return std::string_view(constant_);
        if (key_place_ != DocumentFields::none) {
            const std::string_view text = fields_.text(key_place_);
            return text.empty() ? std::string_view("null") : text;
        }
        run_.evaluation.begin(document);
        begun = true;
        TRY(const Item value, grouping_.key.evaluate(run_.evaluation));
        if (grouping_.buckets) return grouping_.buckets->key_of(value);
        text_.clear();
        value.append_text(text_);
        return std::string_view(text_);
    }

    /// What lies in memory may grow a little further, but not for long.
    Status freeze() {
        const bool can_spill = !run_.work.bounds().spill_directory.empty();
        if (!can_spill || run_.work.is_hopeless() || level_ == max_level)
            return run_.work.too_large(grouping_.where);
        frozen_ = true;
        return {};
    }

    Status spill(const json::View& document, std::uint64_t hash) {
        auto& part = parts_[hash >> (level_ * fan_bits + 8) & (fan_out - 1)];
        if (!part) {
            TRY(part, SpillFile::create(run_.work, grouping_.where));
        }
        const double score = run_.evaluation.text_score();
        return part->append(document.text(), {reinterpret_cast<const char*>(&score), sizeof score});
    }

    void end_part() {
        if (grouping_.buckets) table_.sort();
        for (auto& part : parts_) {
            if (part) waiting_.push_back({std::exchange(part, nullptr), level_ + 1});
        }
        given_ = 0;
    }

    Status begin_part() {
        table_.clear();
        frozen_ = false;
        const Part part = std::exchange(waiting_.back(), {});
        waiting_.pop_back();
        level_ = part.level;
        SpillReader reader(*part.documents, 0, part.documents->size());
        for (;;) {
            TRY_VOID(run_.work.tick());
            TRY(const bool there, reader.next());
            if (!there) break;
            double score = 0;
            std::memcpy(&score, reader.second().data(), sizeof score);
            run_.evaluation.set_text_score(score);
            TRY_VOID(add(json::View(reader.first())));
        }
        end_part();
        return {};
    }

    /// More: all of them went through.
    Result<Flow> give() {
        while (given_ < table_.size()) {
            TRY_VOID(run_.work.tick());
            made_ = "{\"_id\":";
            made_ += table_.text(given_);
            TRY_VOID(grouping_.accumulators.append(made_, table_.states(given_)));
            made_ += '}';
            ++given_;
            TRY(const Flow flow, next_.push(json::View(made_)));
            if (flow != Flow::More) return flow;
        }
        return Flow::More;
    }

    const Grouping& grouping_;
    Run& run_;
    Step& next_;
    GroupTable table_;
    DocumentFields fields_;
    AccumulatorInputs inputs_;
    std::size_t key_place_;
    std::string constant_;
    std::string text_, key_, made_;
    bool frozen_ = false;
    bool finishing_ = false;
    std::size_t level_ = 0;
    std::size_t given_ = 0;
    std::array<std::unique_ptr<SpillFile>, fan_out> parts_;
    std::vector<Part> waiting_;
};

}  // namespace

Result<std::string_view> Buckets::key_of(const Item& value) const {
    const auto below = [](const Item& a, const std::string& b) {
        return compare(a, Item(json::View(b))) < 0;
    };
    const auto at = std::upper_bound(boundaries.begin(), boundaries.end(), value, below);
    if (at != boundaries.begin() && at != boundaries.end()) return std::string_view(*std::prev(at));
    if (other) return std::string_view(*other);
    return Error(ErrorCode::INVALID_EXPRESSION,
                 "$bucket: a value lies in no bucket; widen the boundaries, or give a default", "$bucket");
}

Result<AccumulatorSet> parse_output(const json::View& spec, const StagePlace& place) {
    std::vector<AccumulatorRef> accumulators;
    for (const json::Member& member : spec.members()) {
        TRY(AccumulatorRef one, parse_accumulator(member, place));
        accumulators.push_back(std::move(one));
    }
    return AccumulatorSet(std::move(accumulators));
}

Result<StageRef> GroupStage::parse(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object()) {
        return place.wrong("It needs an object, for instance {\"_id\": \"$city\", \"n\": {\"$sum\": 1}}");
    }
    std::optional<Expression> key;
    std::vector<AccumulatorRef> accumulators;
    for (const json::Member& member : spec.members()) {
        if (member.name == "_id") {
            TRY(key, place.expression(member.value, "_id"));
            continue;
        }
        TRY(AccumulatorRef one, parse_accumulator(member, place));
        accumulators.push_back(std::move(one));
    }
    if (!key)
        return place.wrong("It needs an _id: the expression to group by, or null for one group of all",
                           "_id");
    return std::make_shared<GroupStage>(
        "$group", Grouping{place.where, std::move(*key), {}, AccumulatorSet(std::move(accumulators))});
}

std::unique_ptr<Step> GroupStage::step(Run& run, Step& next) const {
    return std::make_unique<GroupStep>(grouping_, run, next);
}

}  // namespace credvault::query
