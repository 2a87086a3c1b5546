#include <algorithm>
#include <array>
#include <span>

#include "api/endpoints.h"
#include "api/endpoints/explain_shapes.h"
#include "api/endpoints/list_parameters.h"
#include "api/endpoints/paths.h"
#include "api/endpoints/update_shapes.h"
#include "base/clock.h"
#include "documents/aggregations.h"
#include "documents/queries.h"

namespace credvault::api {

enum class Explained : std::uint8_t { Find, Count, Distinct, Update, Delete, Aggregate };

template <>
struct EnumNames<Explained> {
    static constexpr auto names =
        std::to_array<std::pair<std::string_view, Explained>>({{"find", Explained::Find},
                                                               {"count", Explained::Count},
                                                               {"distinct", Explained::Distinct},
                                                               {"update", Explained::Update},
                                                               {"delete", Explained::Delete},
                                                               {"aggregate", Explained::Aggregate}});
};

namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view of_find[] = {"filter", "sort", "projection", "limit",
                                        "offset", "skip", "cursor",     "count"};
constexpr std::string_view of_count[] = {"filter"};
constexpr std::string_view of_distinct[] = {"filter", "field"};
constexpr std::string_view of_update[] = {"filter",        "update", "multi", "upsert",
                                          "array_filters", "sort",   "return"};
constexpr std::string_view of_delete[] = {"filter", "multi", "all", "sort", "return"};
constexpr std::string_view of_aggregate[] = {"pipeline", "let", "limit"};

Names members_of(Explained operation) {
    switch (operation) {
        case Explained::Find: return of_find;
        case Explained::Count: return of_count;
        case Explained::Distinct: return of_distinct;
        case Explained::Update: return of_update;
        case Explained::Delete: return of_delete;
        case Explained::Aggregate: break;
    }
    return of_aggregate;
}

std::string_view name_of(Explained operation) {
    return EnumNames<Explained>::names[static_cast<std::size_t>(operation)].first;
}

struct ExplainQuery {
    CollectionPath at;
    std::optional<Explained> operation;
    QueryParameters page;
    std::optional<std::string_view> field;
    std::optional<json::View> update;
    std::optional<bool> multi, upsert, all;
    std::optional<json::View> array_filters;
    documents::ReturnedRecord returned = documents::ReturnedRecord::None;
    std::optional<json::View> pipeline;
    std::optional<json::View> variables;

    static Fields fields();
    Explained kind() const {
        if (operation) return *operation;
        if (pipeline) return Explained::Aggregate;
        if (update) return Explained::Update;
        return field ? Explained::Distinct : Explained::Find;
    }
    std::string filter() const { return std::string(page.filter ? page.filter->text() : std::string_view()); }
    documents::QueryBounds bounds(Context& context) const { return {page.timeout_ms, context.http.gone()}; }
    Reply<documents::Selection> selection(Context& context, const documents::Place& place) const;
};

Fields ExplainQuery::fields() {
    using E = ExplainQuery;
    return {include(&E::at),
            body(&E::operation, "operation",
                 {.description =
                      "What to explain, with the members of its call's body. Left out: `aggregate` where "
                      "there is a `pipeline`, `update` where there is an `update`, `distinct` where there "
                      "is a `field`, else `find`.",
                  .example = "find"}),
            include(&E::page),
            body(&E::field, "field", {.description = "Of distinct.", .example = "city", .max_length = 1024}),
            body(&E::update, "update",
                 {.description = "Of an update: operators, or a whole replacement.",
                  .example = R"({"$set":{"status":"running"}})"}),
            body(&E::multi, "multi",
                 {.description = "Of updates and deletes: all records that match.", .example = "false"}),
            body(&E::upsert, "upsert", {.description = "Of an update.", .example = "false"}),
            body(&E::all, "all", {.description = "Of a delete.", .example = "false"}),
            body(&E::array_filters, "array_filters",
                 {.description = "Of an update.",
                  .example = R"([{"item.qty":{"$gt":5}}])",
                  .json = JsonKind::Array}),
            body(&E::returned, "return",
                 {.description = "Of updates and deletes; has no meaning here.",
                  .example = "after",
                  .default_value = "none"}),
            body(&E::pipeline, "pipeline",
                 {.description = "Of aggregate: the stages.",
                  .example = R"([{"$group":{"_id":"$city","n":{"$sum":1}}}])",
                  .json = JsonKind::Array}),
            body(&E::variables, "let",
                 {.description = "Of aggregate: variables.",
                  .example = R"({"least":18})",
                  .json = JsonKind::Object})};
}

/// What the kind of work does not take would be passed over in silence otherwise.
Status check_members(const Context& context, Explained kind) {
    if (context.body.empty()) return {};
    const Names known = members_of(kind);
    for (const json::Member& member : json::View(context.body).members()) {
        if (member.name == "operation" || member.name == "timeout_ms") continue;
        if (std::ranges::find(known, member.name) != known.end()) continue;
        const std::string name(member.name);
        return Error(ErrorCode::INVALID_PARAMETER,
                     "'" + name + "' has no meaning for the operation '" + std::string(name_of(kind)) + "'",
                     name);
    }
    return {};
}

Error missing(std::string_view name, Explained kind) {
    return Error(ErrorCode::MISSING_PARAMETER,
                 "The operation '" + std::string(name_of(kind)) + "' needs '" + std::string(name) + "'",
                 std::string(name));
}

Reply<documents::Selection> ExplainQuery::selection(Context& context, const documents::Place& place) const {
    if (!page.filter) co_return missing("filter", kind());
    SelectionFields which;
    which.filter = *page.filter;
    which.multi = multi;
    which.sort = page.sort;
    CO_TRY(auto searched, co_await context.services.updates.text_source(place, page.filter->text()));
    co_return which.selection(std::move(searched));
}

Reply<documents::Explanation> explain_update(Context& context, documents::Place place,
                                             const ExplainQuery& request) {
    if (!request.update) co_return missing("update", Explained::Update);
    CO_TRY(documents::Selection selection, co_await request.selection(context, place));
    CO_TRY(query::Update update, query::Update::parse(*request.update, request.array_filters));
    auto change =
        std::make_shared<const documents::UpdateChange>(std::move(update), selection.filter, now_ms());
    co_return co_await context.services.updates.explain(std::move(place), std::move(selection),
                                                        std::move(change), request.bounds(context));
}

Reply<documents::Explanation> explain_pipeline(Context& context, documents::Place place,
                                               const ExplainQuery& request) {
    if (!request.pipeline) co_return missing("pipeline", Explained::Aggregate);
    documents::AggregateQuery query;
    query.pipeline = request.pipeline->text();
    if (request.variables) query.variables = request.variables->text();
    if (json::View(context.body).find("limit")) query.limit = static_cast<std::uint64_t>(request.page.limit);
    query.actor = context.actor();
    co_return co_await context.services.aggregations.explain(std::move(place), std::move(query),
                                                             request.bounds(context));
}

Reply<documents::Explanation> explain(Context& context, documents::Place place, const ExplainQuery& request) {
    documents::Queries& queries = context.services.queries;
    const documents::QueryBounds bounds = request.bounds(context);
    switch (request.kind()) {
        case Explained::Find: {
            CO_TRY(documents::ListQuery query, request.page.query());
            co_return co_await queries.explain_page(std::move(place), std::move(query), bounds);
        }
        case Explained::Count:
            co_return co_await queries.explain_count(std::move(place), request.filter(), bounds);
        case Explained::Distinct:
            if (!request.field) co_return missing("field", Explained::Distinct);
            co_return co_await queries.explain_distinct(std::move(place), std::string(*request.field),
                                                        request.filter(), bounds);
        case Explained::Update: co_return co_await explain_update(context, std::move(place), request);
        case Explained::Delete: {
            CO_TRY(documents::Selection selection, co_await request.selection(context, place));
            co_return co_await context.services.updates.explain(std::move(place), std::move(selection),
                                                                nullptr, bounds);
        }
        case Explained::Aggregate: break;
    }
    co_return co_await explain_pipeline(context, std::move(place), request);
}

Reply<Resource<ExplainAnswer>> run(Context& context, const ExplainQuery& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY_VOID(check_members(context, request.kind()));
    CO_TRY(documents::Explanation explanation, co_await explain(context, std::move(place), request));
    co_return Resource<ExplainAnswer>{
        explain_answer(std::string(name_of(request.kind())), std::move(explanation))};
}

}  // namespace

const Endpoint explain_query = Operation<ExplainQuery, Resource<ExplainAnswer>>{
    .id = "explainQuery",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/explain",
    .tag = "Queries",
    .summary = "Explain a query, a pipeline, an update or a delete",
    .description =
        "Runs the work, drops what it finds, writes nothing, and tells how it was run, where the time went, "
        "and what "
        "index would help. An update is tried on the records that it finds, so that what would fail does. "
        "`$merge` "
        "and `$out` are left out.",
    .scope = Scope::QueryExecute,
    .rate = RateClass::Scan,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT, ErrorCode::INVALID_CURSOR,
               ErrorCode::INVALID_PROJECTION, ErrorCode::INVALID_PIPELINE, ErrorCode::INVALID_UPDATE,
               ErrorCode::IMMUTABLE_FIELD, ErrorCode::PAYLOAD_TOO_LARGE, ErrorCode::PRECONDITION_REQUIRED,
               ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::FORBIDDEN, ErrorCode::QUERY_TIMEOUT,
               ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
