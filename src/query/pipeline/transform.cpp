#include "query/pipeline/transform.h"

#include <algorithm>
#include <array>
#include <utility>

#include "query/pipeline/projection_spec.h"

namespace credvault::query {
namespace {

constexpr std::size_t max_transforms = 1'000;

class ReplaceRoot final : public Transform {
public:
    ReplaceRoot(Expression root, std::string where) : root_(std::move(root)), where_(std::move(where)) {}

    Status append(std::string& out, const json::View& document, Evaluation& evaluation) const override {
        evaluation.begin(document);
        TRY(const Item item, root_.evaluate(evaluation));
        if (!item.is_object()) {
            return Error(ErrorCode::INVALID_PIPELINE,
                         "The new root must be an object, but is " + std::string(type_name(item)) +
                             "; {\"$ifNull\": [\"$path\", {}]} gives one where it is missing",
                         where_);
        }
        item.append_text(out);
        return {};
    }

private:
    Expression root_;
    std::string where_;
};

Result<TransformRef> parse_replacement(const json::View& spec, const StagePlace& place,
                                       std::string_view name) {
    TRY(Expression root, place.expression(spec, name));
    if (const Item* constant = root.constant(); constant != nullptr && !constant->is_object()) {
        return place.wrong("The new root must be an object, for instance \"$inner\" or {\"a\": \"$a\"}");
    }
    return std::make_shared<ReplaceRoot>(std::move(root), place.where);
}

Result<TransformRef> parse_replace_root(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object()) return place.wrong("It needs an object: {\"newRoot\": expression}");
    TRY_VOID(check_members(spec, {"newRoot"}, place));
    const auto root = spec.find("newRoot");
    if (!root) return place.wrong("It needs newRoot, an expression");
    return parse_replacement(*root, place, "newRoot");
}

Result<TransformRef> parse_replace_with(const json::View& spec, const StagePlace& place) {
    return parse_replacement(spec, place, {});
}

struct Row {
    std::string_view name;
    Result<TransformRef> (*parse)(const json::View&, const StagePlace&);
};

constexpr auto transforms = std::to_array<Row>({{"$addFields", parse_new_fields},
                                                {"$project", parse_project},
                                                {"$replaceRoot", parse_replace_root},
                                                {"$replaceWith", parse_replace_with},
                                                {"$set", parse_new_fields},
                                                {"$unset", parse_unset}});

const Row* find_row(std::string_view stage) {
    const auto* const found = std::ranges::find(transforms, stage, &Row::name);
    return found != transforms.end() ? found : nullptr;
}

}  // namespace

bool is_transform(std::string_view stage) { return find_row(stage) != nullptr; }

std::string_view transform_name(std::string_view stage) { return find_row(stage)->name; }

Result<TransformRef> parse_transform(std::string_view stage, const json::View& spec, std::string where,
                                     const Scope& scope) {
    const StagePlace place(std::move(where), scope);
    const Row* const row = find_row(stage);
    if (row == nullptr) {
        return Error(ErrorCode::UNSUPPORTED_OPERATOR,
                     "The stage '" + shown_name(stage) +
                         "' can't be used here; $set, $unset, $project and $replaceWith can",
                     place.where);
    }
    return row->parse(spec, place);
}

Result<TransformPipeline> TransformPipeline::parse(const json::View& stages, std::string_view name,
                                                   const Scope& scope) {
    const auto wrong = [](std::string message, std::string field) {
        return Error(ErrorCode::INVALID_PIPELINE, std::move(message), std::move(field));
    };
    if (!stages.is_array()) return wrong("A pipeline must be an array of stages", std::string(name));
    TransformPipeline pipeline;
    for (const json::View stage : stages.elements()) {
        const std::string at = std::string(name) + "." + std::to_string(pipeline.transforms_.size());
        if (pipeline.transforms_.size() == max_transforms) {
            return wrong("A pipeline may have at most " + std::to_string(max_transforms) + " stages", at);
        }
        if (!stage.is_object() || stage.size() != 1) {
            return wrong("A stage must be an object with one member, for instance {\"$set\": {\"a\": 1}}",
                         at);
        }
        const json::Member member = *stage.members().begin();
        TRY(TransformRef parsed,
            parse_transform(member.name, member.value, at + "." + shown_name(member.name), scope));
        pipeline.transforms_.push_back(std::move(parsed));
    }
    return pipeline;
}

Result<std::string> TransformPipeline::apply(const json::View& document, Evaluation& evaluation) const {
    std::string current(document.text());
    std::string next;
    for (const TransformRef& transform : transforms_) {
        next.clear();
        TRY_VOID(transform->append(next, json::View(current), evaluation));
        std::swap(current, next);
    }
    return current;
}

}  // namespace credvault::query
