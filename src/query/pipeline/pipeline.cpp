#include "query/pipeline/pipeline.h"

#include <algorithm>
#include <array>
#include <utility>

#include "json/writer.h"
#include "query/pipeline/documents_stage.h"
#include "query/pipeline/grouping.h"
#include "query/pipeline/leading_stages.h"
#include "query/pipeline/stages.h"
#include "query/pipeline/store_stages.h"
#include "query/pipeline/transform.h"

namespace credvault::query {
namespace {

struct Row {
    std::string_view name;
    Result<StageRef> (*parse)(const json::View& spec, const StagePlace& place);
};

constexpr auto rows = std::to_array<Row>({{"$bucket", parse_bucket},
                                          {"$bucketAuto", parse_bucket_auto},
                                          {"$count", parse_count},
                                          {"$documents", DocumentsStage::parse},
                                          {"$facet", parse_facet},
                                          {"$graphLookup", GraphLookupStage::parse},
                                          {"$group", GroupStage::parse},
                                          {"$limit", LimitStage::parse},
                                          {"$lookup", LookupStage::parse},
                                          {"$match", MatchStage::parse},
                                          {"$merge", MergeStage::parse},
                                          {"$out", OutStage::parse},
                                          {"$redact", parse_redact},
                                          {"$sample", parse_sample},
                                          {"$setWindowFields", parse_set_window_fields},
                                          {"$skip", SkipStage::parse},
                                          {"$sort", SortStage::parse},
                                          {"$unionWith", UnionStage::parse},
                                          {"$unwind", parse_unwind}});

bool writes_name(std::string_view name) { return name == "$merge" || name == "$out"; }

/// Whether a stage looks at documents one by one as they come from the engine, or sorted: then their scores are known.
bool knows_scores(std::string_view name) {
    constexpr std::string_view known[] = {"$addFields", "$bucket", "$group",       "$limit",       "$match",
                                          "$project",   "$redact", "$replaceRoot", "$replaceWith", "$set",
                                          "$skip",      "$sort",   "$sortByCount", "$unset",       "$unwind"};
    return std::ranges::find(known, name) != std::end(known);
}

/// Parses the stages of one pipeline.
class PipelineParser {
public:
    PipelineParser(std::string where, const Scope& scope, Nested nested, std::size_t depth)
        : where_(std::move(where)), scope_(scope), nested_(nested), depth_(depth) {
        scope_.set_text_score(false);
    }

    /// Lets the first stage search.
    void search(std::shared_ptr<const TextSource> text) {
        text_ = std::move(text);
        may_search_ = true;
    }

    Result<Pipeline> parse(const json::View& stages, const PipelineLimits& limits, std::size_t& stages_left) {
        if (!stages.is_array()) {
            return wrong("A pipeline must be an array of stages, for instance [{\"$match\": {\"age\": 30}}]",
                         where_);
        }
        std::vector<StageRef> parsed;
        const std::size_t size = stages.size();
        std::size_t number = 0;
        for (const json::View stage : stages.elements()) {
            const std::string at = where_ + "." + std::to_string(number++);
            if (stages_left-- == 0) {
                return wrong("A pipeline may have at most " + std::to_string(limits.max_stages) +
                                 " stages, those of pipelines in it among them",
                             at);
            }
            if (!stage.is_object() || stage.size() != 1) {
                return wrong("A stage must be an object with one member, for instance {\"$limit\": 5}", at);
            }
            const json::Member member = *stage.members().begin();
            StagePlace place(at + "." + shown_name(member.name), scope_);
            place.depth = depth_;
            place.limits = limits;
            place.stages_left = &stages_left;
            TRY_VOID(check_place(member.name, place, number == 1, number == size));
            if (number == 1 && may_search_) {
                place.text = text_;
                place.no_search = {};
            }
            if (!knows_scores(member.name)) scope_.set_text_score(false);
            const std::size_t before = parsed.size();
            if (member.name == "$sortByCount") {
                TRY_VOID(parse_sort_by_count(member.value, place, parsed));
            } else {
                TRY(StageRef one, stage_of(member, place));
                parsed.push_back(std::move(one));
            }
            for (std::size_t i = before; i < parsed.size(); ++i) follow_scores(*parsed[i], i == 0);
        }
        limit_sorts(parsed);
        return Pipeline(std::move(parsed));
    }

private:
    static Error wrong(std::string message, std::string field) {
        return Error(ErrorCode::INVALID_PIPELINE, std::move(message), std::move(field));
    }

    Status check_place(std::string_view name, const StagePlace& place, bool first, bool last) const {
        if (name == "$documents" && (!first || nested_ == Nested::Facet)) {
            return place.wrong("$documents can only begin a pipeline");
        }
        if (writes_name(name) && (!last || depth_ > 0)) {
            return place.wrong(std::string(name) + " can only end a pipeline, and none within another one");
        }
        if (nested_ == Nested::Facet && name == "$facet") {
            return place.wrong("$facet can't stand within $facet");
        }
        if (nested_ == Nested::Update && !is_transform(name)) {
            return place.wrong("Only $set, $unset, $project and $replaceWith can be used here");
        }
        return {};
    }

    /// Whether scores are known behind a stage.
    void follow_scores(const Stage& stage, bool first) {
        const auto* const match = first ? dynamic_cast<const MatchStage*>(&stage) : nullptr;
        if (match != nullptr) scope_.set_text_score(match->filter().text() != nullptr);
        const bool keeps = stage.shape() != StageShape::Collecting || stage.name() == "$sort";
        if (!keeps) scope_.set_text_score(false);
    }

    static Result<StageRef> stage_of(const json::Member& member, const StagePlace& place) {
        const auto* const row = std::ranges::find(rows, member.name, &Row::name);
        if (row != rows.end()) return row->parse(member.value, place);
        if (is_transform(member.name)) return parse_transform_stage(member.name, member.value, place);
        std::string known;
        for (const Row& one : rows) known += std::string(one.name) + ", ";
        return Error(ErrorCode::UNSUPPORTED_OPERATOR,
                     "There is no stage '" + shown_name(member.name) + "'; there are " + known +
                         "$project, $addFields, $set, $unset, $replaceRoot, $replaceWith",
                     place.where);
    }

    /// A sort with a limit behind it needs to keep only so many.
    static void limit_sorts(std::vector<StageRef>& stages) {
        for (std::size_t i = 0; i < stages.size(); ++i) {
            const auto* const sort = dynamic_cast<const SortStage*>(stages[i].get());
            if (sort == nullptr) continue;
            std::uint64_t skipped = 0;
            for (std::size_t j = i + 1; j < stages.size(); ++j) {
                if (const auto* skip = dynamic_cast<const SkipStage*>(stages[j].get())) {
                    skipped += skip->count();
                    continue;
                }
                if (const auto* limit = dynamic_cast<const LimitStage*>(stages[j].get())) {
                    stages[i] =
                        std::make_shared<SortStage>(sort->sort(), skipped + limit->count(), sort->where());
                }
                break;
            }
        }
    }

    std::string where_;
    Scope scope_;
    Nested nested_;
    std::size_t depth_;
    std::shared_ptr<const TextSource> text_;
    bool may_search_ = false;
};

}  // namespace

bool Pipeline::has_documents() const { return !stages().empty() && stages().front()->name() == "$documents"; }

bool Pipeline::writes() const { return !stages().empty() && writes_name(stages().back()->name()); }

Result<Pipeline> parse_pipeline(const json::View& stages, const Scope& scope, const PipelineLimits& limits,
                                std::shared_ptr<const TextSource> text) {
    std::size_t stages_left = limits.max_stages;
    PipelineParser parser("pipeline", scope, Nested::Free, 0);
    parser.search(std::move(text));
    return parser.parse(stages, limits, stages_left);
}

Result<Pipeline> parse_nested_pipeline(const json::View& stages, const StagePlace& place,
                                       std::string_view name, const Scope& scope, Nested nested) {
    if (place.depth == place.limits.max_depth) {
        return place.wrong(
            "Pipelines may be nested " + std::to_string(place.limits.max_depth) + " deep at most", name);
    }
    return PipelineParser(place.below(name), scope, nested, place.depth + 1)
        .parse(stages, place.limits, *place.stages_left);
}

}  // namespace credvault::query
