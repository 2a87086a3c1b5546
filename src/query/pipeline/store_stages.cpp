#include "query/pipeline/store_stages.h"

#include "json/writer.h"
#include "query/whole_number.h"

namespace credvault::query {
namespace {

/// {"db": …, "coll": …}: work stays within a database.
Result<std::string> collection_name(const json::View& value, const StagePlace& place, std::string_view name) {
    if (value.is_string() && !value.empty()) return value.as_string();
    return place.wrong("It must be the name of a collection of this database", name);
}

Result<std::string> target_name(const json::View& value, const StagePlace& place, std::string_view name) {
    if (!value.is_object()) return collection_name(value, place, name);
    TRY_VOID(check_members(value, {"db", "coll"}, place));
    if (const auto database = value.find("db"); database && !(database->is_string() && database->empty())) {
        return place.wrong("Work stays within one database: leave db out", "db");
    }
    const auto collection = value.find("coll");
    if (!collection) return place.wrong("It needs the name of a collection", "coll");
    return collection_name(*collection, place, "coll");
}

/// A missing let, or null, has no variables.
Result<std::vector<LetVariable>> parse_let(const json::View& spec, const StagePlace& place, Scope& scope) {
    std::vector<LetVariable> variables;
    const auto let = spec.find("let");
    if (!let || let->is_null()) return variables;
    if (!let->is_object()) return place.wrong("It must be an object of variables", "let");
    StagePlace inner(place.below("let"), place.scope);
    for (const json::Member& member : let->members()) {
        std::string name;
        json::append_decoded(name, member.name);
        TRY_VOID(check_variable_name(name, inner));
        TRY(Expression value, inner.expression(member.value, name));
        variables.push_back({std::move(name), std::move(value)});
    }
    for (const LetVariable& variable : variables) scope.declare(variable.name);
    return variables;
}

/// A pipeline on a collection, or without one from its $documents on.
Status check_begin(const std::optional<Pipeline>& pipeline, bool on_collection, const StagePlace& place) {
    const bool documents = pipeline && pipeline->has_documents();
    if (documents && on_collection) {
        return place.wrong("A pipeline on a collection can't begin with $documents", "pipeline");
    }
    if (!documents && !on_collection) {
        return place.wrong("It needs a collection, or a pipeline that begins with $documents");
    }
    return {};
}

}  // namespace

Result<StageRef> LookupStage::parse(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object()) {
        return place.wrong(
            "It needs an object, for instance {\"from\": \"orders\", \"localField\": \"id\", "
            "\"foreignField\": "
            "\"user\", \"as\": \"orders\"}");
    }
    TRY_VOID(check_members(spec, {"from", "localField", "foreignField", "let", "pipeline", "as"}, place));
    auto stage = std::make_shared<LookupStage>("$lookup", StageShape::OneToOne, place.where);
    if (const auto from = spec.find("from")) {
        TRY(stage->from, collection_name(*from, place, "from"));
    }
    const auto as = spec.find("as");
    if (!as) return place.wrong("It needs the field for what is found", "as");
    TRY(stage->as, field_name(*as, place, "as"));
    const auto local = spec.find("localField");
    const auto foreign = spec.find("foreignField");
    if (local.has_value() != foreign.has_value()) {
        return place.wrong("localField and foreignField go together", local ? "foreignField" : "localField");
    }
    if (local) {
        TRY(stage->local_field, field_name(*local, place, "localField"));
        TRY(stage->foreign_field, field_name(*foreign, place, "foreignField"));
    }
    Scope scope = place.scope;
    stage->outer_variables = scope.size();
    TRY(stage->variables, parse_let(spec, place, scope));
    if (const auto pipeline = spec.find("pipeline")) {
        TRY(stage->pipeline, parse_nested_pipeline(*pipeline, place, "pipeline", scope, Nested::Free));
    } else if (!local) {
        return place.wrong("It needs localField and foreignField, or a pipeline");
    } else if (!stage->variables.empty()) {
        return place.wrong("Variables are for a pipeline, and there is none", "let");
    }
    TRY_VOID(check_begin(stage->pipeline, !stage->from.empty(), place));
    return stage;
}

Result<StageRef> GraphLookupStage::parse(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object())
        return place.wrong("It needs an object with from, startWith, connectFromField and more");
    TRY_VOID(check_members(spec,
                           {"from", "startWith", "connectFromField", "connectToField", "as", "maxDepth",
                            "depthField", "restrictSearchWithMatch"},
                           place));
    for (const std::string_view name : {"from", "startWith", "connectFromField", "connectToField", "as"}) {
        if (!spec.find(name)) return place.wrong("It needs " + std::string(name), name);
    }
    TRY(Expression start, place.expression(*spec.find("startWith"), "startWith"));
    auto stage = std::make_shared<GraphLookupStage>(std::move(start), place.where);
    TRY(stage->from, collection_name(*spec.find("from"), place, "from"));
    TRY(stage->connect_from, field_name(*spec.find("connectFromField"), place, "connectFromField"));
    TRY(stage->connect_to, field_name(*spec.find("connectToField"), place, "connectToField"));
    TRY(stage->as, field_name(*spec.find("as"), place, "as"));
    if (const auto depth = spec.find("maxDepth")) {
        const auto number = whole_number(*depth);
        if (!number || *number < 0) return place.wrong("It must be a whole number of 0 or more", "maxDepth");
        stage->max_depth = static_cast<std::uint64_t>(*number);
    }
    if (const auto field = spec.find("depthField")) {
        TRY(stage->depth_field, field_name(*field, place, "depthField"));
    }
    if (const auto match = spec.find("restrictSearchWithMatch")) {
        if (!match->is_object()) return place.wrong("It must be a filter", "restrictSearchWithMatch");
        TRY(stage->restriction, place.filter(*match, "restrictSearchWithMatch"));
    }
    return stage;
}

Result<StageRef> UnionStage::parse(const json::View& spec, const StagePlace& place) {
    auto stage = std::make_shared<UnionStage>("$unionWith", StageShape::FanOut, place.where);
    if (!spec.is_object()) {
        TRY(stage->from, collection_name(spec, place, "coll"));
        return stage;
    }
    TRY_VOID(check_members(spec, {"coll", "pipeline"}, place));
    if (const auto from = spec.find("coll")) {
        TRY(stage->from, collection_name(*from, place, "coll"));
    }
    std::optional<Pipeline> pipeline;
    if (const auto given = spec.find("pipeline")) {
        TRY(pipeline, parse_nested_pipeline(*given, place, "pipeline", place.scope, Nested::Free));
    }
    TRY_VOID(check_begin(pipeline, !stage->from.empty(), place));
    if (pipeline) stage->pipeline = std::move(*pipeline);
    return stage;
}

namespace {

Result<std::vector<Path>> parse_on(const json::View& spec, const StagePlace& place) {
    std::vector<Path> on;
    const auto given = spec.find("on");
    if (!given) {
        TRY(Path id, parse_path("id"));
        on.push_back(std::move(id));
        return on;
    }
    if (given->is_string()) {
        TRY(Path path, field_name(*given, place, "on"));
        on.push_back(std::move(path));
        return on;
    }
    if (!given->is_array() || given->empty())
        return place.wrong("It must be a field's name, or an array of names", "on");
    for (const json::View name : given->elements()) {
        TRY(Path path, field_name(name, place, "on"));
        for (const Path& other : on) {
            if (other == path) return place.wrong("It names '" + shown_name(path.text) + "' twice", "on");
        }
        on.push_back(std::move(path));
    }
    return on;
}

Status parse_when_matched(MergeStage& stage, const json::View& spec, const StagePlace& place) {
    const auto given = spec.find("whenMatched");
    const auto let = spec.find("let");
    if (given && given->is_array()) {
        Scope scope = place.scope;
        stage.outer_variables = scope.size();
        if (const auto reserved = let && let->is_object() ? let->find("new") : std::nullopt) {
            if (!reserved->is_string() || reserved->as_string() != "$$ROOT") {
                return place.wrong("The variable new is the document that is merged, \"$$ROOT\"", "let");
            }
        }
        TRY(stage.variables, parse_let(spec, place, scope));
        stage.new_slot = scope.declare("new");
        TRY(stage.update, TransformPipeline::parse(*given, place.below("whenMatched"), scope));
        stage.when_matched = WhenMatched::Pipeline;
        return {};
    }
    if (let && !let->is_null()) return place.wrong("Variables are for a pipeline in whenMatched", "let");
    if (!given) return {};
    const std::string name = given->is_string() ? given->as_string() : std::string();
    if (name == "replace") {
        stage.when_matched = WhenMatched::Replace;
    } else if (name == "keepExisting") {
        stage.when_matched = WhenMatched::KeepExisting;
    } else if (name == "fail") {
        stage.when_matched = WhenMatched::Fail;
    } else if (name != "merge") {
        return place.wrong("It must be replace, keepExisting, merge, fail, or an array of stages",
                           "whenMatched");
    }
    return {};
}

Status parse_when_not_matched(MergeStage& stage, const json::View& spec, const StagePlace& place) {
    const auto given = spec.find("whenNotMatched");
    if (!given) return {};
    const std::string name = given->is_string() ? given->as_string() : std::string();
    if (name == "discard") {
        stage.when_not_matched = WhenNotMatched::Discard;
    } else if (name == "fail") {
        stage.when_not_matched = WhenNotMatched::Fail;
    } else if (name != "insert") {
        return place.wrong("It must be insert, discard or fail", "whenNotMatched");
    }
    const bool inserts = stage.when_not_matched == WhenNotMatched::Insert;
    const bool keeps =
        stage.when_matched == WhenMatched::KeepExisting || stage.when_matched == WhenMatched::Fail;
    if (keeps && !inserts) {
        return place.wrong("With whenMatched keepExisting or fail only insert makes sense", "whenNotMatched");
    }
    return {};
}

}  // namespace

Result<StageRef> MergeStage::parse(const json::View& spec, const StagePlace& place) {
    auto stage = std::make_shared<MergeStage>("$merge", StageShape::Collecting, place.where);
    if (spec.is_string()) {
        TRY(stage->into, collection_name(spec, place, "into"));
        TRY(stage->on, parse_on(json::View("{}"), place));
        return stage;
    }
    if (!spec.is_object()) return place.wrong("It needs a collection's name, or an object with into");
    TRY_VOID(check_members(spec, {"into", "on", "let", "whenMatched", "whenNotMatched"}, place));
    const auto into = spec.find("into");
    if (!into) return place.wrong("It needs the collection to merge into", "into");
    TRY(stage->into, target_name(*into, place, "into"));
    TRY(stage->on, parse_on(spec, place));
    TRY_VOID(parse_when_matched(*stage, spec, place));
    TRY_VOID(parse_when_not_matched(*stage, spec, place));
    return stage;
}

Result<StageRef> OutStage::parse(const json::View& spec, const StagePlace& place) {
    if (!spec.is_string() && !spec.is_object()) return place.wrong("It needs the name of a collection");
    TRY(std::string into, target_name(spec, place, "coll"));
    return std::make_shared<OutStage>(std::move(into), place.where);
}

}  // namespace credvault::query
