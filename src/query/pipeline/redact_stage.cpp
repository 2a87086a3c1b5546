// $redact: an expression decides of each document, and of each within it, whether it stays, goes, or is looked into.
#include <array>
#include <memory>
#include <utility>

#include "query/pipeline/stages.h"

namespace credvault::query {
namespace {

/// What the variables are, so that no ordinary value is one of them.
constexpr std::array<std::string_view, 3> names{"KEEP", "PRUNE", "DESCEND"};
enum class Verdict : std::uint8_t { Keep, Prune, Descend };

std::string value_of(std::string_view name) { return "\x01$$" + std::string(name); }

struct RedactSpec {
    Expression expression;
    std::array<std::size_t, names.size()> slots;
    std::string where;
};

class RedactStep final : public Step {
public:
    RedactStep(const RedactSpec& spec, Run& run, Step& next) : spec_(spec), run_(run), next_(next) {
        run.evaluation.need_variables(spec.slots.back() + 1);
    }

    Result<Flow> push(const json::View& document) override {
        // Other stages may have variables in the same slots.
        for (std::size_t i = 0; i < names.size(); ++i) {
            run_.evaluation.set_variable(spec_.slots[i], Item(value_of(names[i])));
        }
        made_.clear();
        TRY(const bool kept, object(document));
        return kept ? next_.push(json::View(made_)) : Flow::More;
    }

private:
    Result<Verdict> verdict(const json::View& document) {
        run_.evaluation.begin(document);
        TRY(const Item value, spec_.expression.evaluate(run_.evaluation));
        if (value.is_string()) {
            for (std::size_t i = 0; i < names.size(); ++i) {
                if (value.string() == value_of(names[i])) return static_cast<Verdict>(i);
            }
        }
        return Error(ErrorCode::INVALID_PIPELINE, "The expression must give $$KEEP, $$PRUNE or $$DESCEND",
                     spec_.where);
    }

    /// False where nothing is left; then what was written is not to be kept. Recursion is bounded by the document.
    Result<bool> object(const json::View& document) {
        TRY_VOID(run_.work.tick());
        TRY(const Verdict decided, verdict(document));
        if (decided == Verdict::Prune) return false;
        if (decided == Verdict::Keep) {
            made_ += document.text();
            return true;
        }
        made_ += '{';
        const std::size_t begin = made_.size();
        for (const json::Member& member : document.members()) {
            const std::size_t before = made_.size();
            if (before != begin) made_ += ',';
            made_ += '"';
            made_ += member.name;
            made_ += "\":";
            TRY(const bool kept, inner(member.value));
            if (!kept) made_.resize(before);
        }
        made_ += '}';
        return true;
    }

    Result<bool> inner(const json::View& value) {
        if (value.is_object()) return object(value);
        if (!value.is_array()) {
            made_ += value.text();
            return true;
        }
        made_ += '[';
        const std::size_t begin = made_.size();
        for (const json::View element : value.elements()) {
            const std::size_t before = made_.size();
            if (before != begin) made_ += ',';
            TRY(const bool kept, inner(element));
            if (!kept) made_.resize(before);
        }
        made_ += ']';
        return true;
    }

    const RedactSpec& spec_;
    Run& run_;
    Step& next_;
    std::string made_;
};

class RedactStage final : public Stage {
public:
    explicit RedactStage(RedactSpec spec) : Stage("$redact", StageShape::Filter), spec_(std::move(spec)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override {
        return std::make_unique<RedactStep>(spec_, run, next);
    }

private:
    RedactSpec spec_;
};

}  // namespace

Result<StageRef> parse_redact(const json::View& spec, const StagePlace& place) {
    Scope scope = place.scope;
    std::array<std::size_t, names.size()> slots{};
    for (std::size_t i = 0; i < names.size(); ++i) slots[i] = scope.declare(std::string(names[i]));
    StagePlace inner(place.where, scope);
    TRY(Expression expression, inner.expression(spec, {}));
    return std::make_shared<RedactStage>(RedactSpec{std::move(expression), slots, place.where});
}

}  // namespace credvault::query
