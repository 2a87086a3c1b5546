// $setWindowFields: documents are sorted by partition and order, then each partition is held and computed.
#include <limits>
#include <memory>
#include <utility>

#include "query/key.h"
#include "query/pipeline/document_edit.h"
#include "query/pipeline/sorted_documents.h"
#include "query/pipeline/stages.h"
#include "query/pipeline/window.h"

namespace credvault::query {
namespace {

struct WindowOutput {
    Path field;
    WindowFunctionRef function;
};

struct WindowSpec {
    std::string where;
    std::optional<Expression> partition_by;
    Sort sort;
    std::vector<WindowOutput> outputs;
};

constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();

class WindowStep final : public Step {
public:
    WindowStep(const WindowSpec& spec, Run& run, Step& next)
        : spec_(spec), run_(run), next_(next), documents_(run.work, all, spec.where), memory_(run.work) {}

    Result<Flow> push(const json::View& document) override {
        position_.clear();
        if (spec_.partition_by) {
            run_.evaluation.begin(document);
            TRY(const Item value, spec_.partition_by->evaluate(run_.evaluation));
            if (value.is_array()) {
                return Error(ErrorCode::INVALID_EXPRESSION,
                             "$setWindowFields: partitionBy must not give an array", spec_.where);
            }
            append_key(position_, json::View(value.text()));
        }
        // Without an order of theirs the documents stay in the order in which they come.
        if (!spec_.sort.empty()) append_position(position_, document, spec_.sort);
        TRY_VOID(documents_.add(position_, document.text()));
        return Flow::More;
    }

    Result<Flow> finish() override {
        if (!std::exchange(sorted_, true)) {
            TRY_VOID(documents_.sort());
            TRY_VOID(advance());
        }
        for (;;) {
            TRY(const Flow flow, give());
            if (flow != Flow::More) return flow;
            if (!there_) return Flow::Done;
            TRY_VOID(compute());
        }
    }

private:
    Status advance() {
        std::string_view text;
        TRY(there_, documents_.next(text));
        current_ = text;
        return {};
    }

    /// The length of the first keys of a position.
    static Result<std::size_t> prefix(std::string_view position, std::size_t from, const Sort& sort) {
        std::size_t at = from;
        for (const SortKey& key : sort) {
            TRY(const std::size_t length, key_length(position.substr(at), key.descending));
            at += length;
        }
        return at;
    }

    /// Reads the next partition and computes its fields.
    Status compute() {
        memory_.clear();
        partition_ = std::make_unique<Partition>(Partition{Batch(), {}, spec_.where, run_, spec_.sort});
        std::size_t head = 0;
        if (spec_.partition_by) {
            TRY(head, key_length(documents_.position(), false));
        }
        const std::string key(documents_.position().substr(0, head));
        while (there_ && documents_.position().substr(0, head) == key) {
            TRY_VOID(run_.work.tick());
            partition_->documents.add(json::View(current_));
            TRY(const std::size_t end, prefix(documents_.position(), head, spec_.sort));
            partition_->ranks.emplace_back(documents_.position().substr(head, end - head));
            if (!memory_.take(current_.size() + end + sizeof(std::string) +
                              spec_.outputs.size() * sizeof(std::string)) &&
                run_.work.is_hopeless()) {
                return run_.work.too_large(spec_.where);
            }
            TRY_VOID(advance());
        }
        results_.clear();
        for (const WindowOutput& output : spec_.outputs) {
            TRY(auto results, output.function->compute(*partition_));
            results_.push_back(std::move(results));
        }
        given_ = 0;
        return {};
    }

    Result<Flow> give() {
        while (partition_ && given_ < partition_->size()) {
            TRY_VOID(run_.work.tick());
            made_ = partition_->documents[given_].text();
            for (std::size_t i = 0; i < spec_.outputs.size(); ++i) {
                const std::string& result = results_[i][given_];
                changed_.clear();
                append_with_field(changed_, json::View(made_), spec_.outputs[i].field,
                                  result.empty() ? std::nullopt : std::optional<std::string_view>(result));
                std::swap(made_, changed_);
            }
            ++given_;
            TRY(const Flow flow, next_.push(json::View(made_)));
            if (flow != Flow::More) return flow;
        }
        return Flow::More;
    }

    const WindowSpec& spec_;
    Run& run_;
    Step& next_;
    SortedDocuments documents_;
    MemoryShare memory_;
    std::string position_, made_, changed_;
    std::string_view current_;
    bool sorted_ = false, there_ = false;
    std::unique_ptr<Partition> partition_;
    std::vector<std::vector<std::string>> results_;
    std::size_t given_ = 0;
};

class WindowStage final : public Stage {
public:
    explicit WindowStage(WindowSpec spec)
        : Stage("$setWindowFields", StageShape::Collecting), spec_(std::move(spec)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override {
        return std::make_unique<WindowStep>(spec_, run, next);
    }

private:
    WindowSpec spec_;
};

Status parse_outputs(WindowSpec& window, const json::View& spec, const StagePlace& place) {
    const auto outputs = spec.find("output");
    if (!outputs || !outputs->is_object())
        return place.wrong("It needs an object of fields to set", "output");
    for (const json::Member& member : outputs->members()) {
        StagePlace inner = place;
        inner.where = place.below("output");
        const std::string quoted = "\"" + std::string(member.name) + "\"";
        TRY(Path field, field_name(json::View(quoted), inner, shown_name(member.name)));
        inner.where = inner.below(shown_name(member.name));
        TRY(WindowFunctionRef function, parse_window_function(member.value, window.sort, inner));
        window.outputs.push_back({std::move(field), std::move(function)});
    }
    return {};
}

}  // namespace

Result<StageRef> parse_set_window_fields(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object()) return place.wrong("It needs an object with output");
    TRY_VOID(check_members(spec, {"partitionBy", "sortBy", "output"}, place));
    WindowSpec window;
    window.where = place.where;
    if (const auto by = spec.find("partitionBy")) {
        TRY(window.partition_by, place.expression(*by, "partitionBy"));
    }
    if (const auto order = spec.find("sortBy")) {
        if (!order->is_object())
            return place.wrong("It must be an object, for instance {\"day\": 1}", "sortBy");
        Result<Sort> sort = parse_sort(*order);
        if (!sort.ok()) {
            Error error = std::move(sort).error();
            error.code = ErrorCode::INVALID_PIPELINE;
            return place.placed(std::move(error), "sortBy");
        }
        window.sort = std::move(*sort);
    }
    TRY_VOID(parse_outputs(window, spec, place));
    return std::make_shared<WindowStage>(std::move(window));
}

}  // namespace credvault::query
