#include "documents/aggregations.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"
#include "query/cursor.h"
#include "query/key.h"
#include "query/pipeline/leading_query.h"
#include "query/pipeline/leading_stages.h"
#include "storage/searches.h"

namespace credvault::documents {
namespace {

using query::Batch;
using query::BatchRoom;

constexpr std::uint64_t batch_documents = 1'000;
constexpr std::size_t batch_bytes = 256 * 1024;

/// Values of `let`, by slot.
Result<std::vector<query::Item>> declare_variables(const std::string& text, query::Scope& scope) {
    std::vector<query::Item> values;
    if (text.empty()) return values;
    query::Evaluation evaluation;
    evaluation.begin(json::View("{}"));
    const query::StagePlace place("let", scope);
    std::vector<std::string> names;
    for (const json::Member& member : json::View(text).members()) {
        std::string name;
        json::append_decoded(name, member.name);
        TRY_VOID(query::check_variable_name(name, place));
        // None sees another.
        TRY(const query::Expression expression, place.expression(member.value, name));
        TRY(const query::Item value, expression.evaluate(evaluation));
        values.push_back(value.owned());
        names.push_back(std::move(name));
    }
    for (std::string& name : names) scope.declare(std::move(name));
    return values;
}

/// A cursor of a pipeline that is run again for each page: how many results have been given.
std::string position_of_count(std::uint64_t count) {
    std::string position;
    query::append_id_key(position, std::to_string(count), false);
    return position;
}

Result<std::uint64_t> count_of_position(std::string_view position) {
    TRY(const std::string digits, query::decode_id_key(position, false));
    std::uint64_t count = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (problem != std::errc() || end != digits.data() + digits.size()) {
        return Error(ErrorCode::INVALID_CURSOR, "The cursor is not one that this server made", "cursor");
    }
    return count;
}

void begin(PipelineContext& context, const AggregateQuery& query) {
    context.actor = query.actor;
    context.may_write = query.may_write;
    context.now_ms = now_ms();
}

}  // namespace

struct Aggregations::Parsed {
    query::Pipeline pipeline;
    std::vector<query::Item> variables;
    std::uint64_t fingerprint = 0;
    std::string position;  ///< Of the cursor; empty for the first page.
    /// Whether a page can go on behind a record's position; else the pipeline is run again.
    bool continues = false;
    bool wants_scores = false;  ///< An expression may ask for the score of a search.
};

namespace {

bool writes(const query::Pipeline& pipeline) {
    if (pipeline.stages().empty()) return false;
    const std::string_view last = pipeline.stages().back()->name();
    return last == "$merge" || last == "$out";
}

/// Whether each record of the collection gives at most one result, whatever the others are.
bool continues(const query::Pipeline& pipeline) {
    return std::ranges::all_of(pipeline.stages(), [](const query::StageRef& stage) {
        using query::StageShape;
        return !stage->asks_store() &&
               (stage->shape() == StageShape::OneToOne || stage->shape() == StageShape::Filter);
    });
}

}  // namespace

query::WorkBounds Aggregations::bounds_of(const QueryBounds& bounds) const {
    query::WorkBounds work;
    work.timeout_ms = settings_.timeout_of(bounds);
    work.memory_bytes = settings_.memory_bytes;
    work.spill_bytes = settings_.spill_bytes;
    work.spill_directory = settings_.spill_directory;
    work.cancelled = bounds.cancelled;
    return work;
}

Reply<Aggregations::Parsed> Aggregations::parse(const AggregateQuery& query, const Place& place) {
    Parsed parsed;
    query::Scope scope;
    CO_TRY(parsed.variables, declare_variables(query.variables, scope));
    const bool on_collection = !place.collection.empty();
    std::shared_ptr<const query::TextSource> text;
    if (on_collection) {
        CO_TRY(text,
               co_await storage::text_source(engine_, place.database->id, place.collection, query.pipeline));
    }
    CO_TRY(parsed.pipeline, query::parse_pipeline(json::View(query.pipeline), scope,
                                                  query::query_limits().pipeline, std::move(text)));
    if (on_collection && parsed.pipeline.has_documents()) {
        co_return Error(ErrorCode::INVALID_PIPELINE,
                        "A pipeline that begins with $documents runs on a database, not on a collection",
                        "pipeline.0.$documents");
    }
    if (!on_collection && !parsed.pipeline.has_documents()) {
        co_return Error(ErrorCode::INVALID_PIPELINE, "A pipeline on a database must begin with $documents",
                        "pipeline");
    }
    parsed.wants_scores = query.pipeline.find("$meta") != std::string::npos;
    parsed.continues = on_collection && continues(parsed.pipeline);
    parsed.fingerprint = query::fingerprint_of(
        query.pipeline + "\n" + query.variables + "\n" + std::string(place.collection), {});
    if (!query.cursor.empty()) {
        CO_TRY(query::Cursor cursor, query::decode_cursor(query.cursor, parsed.fingerprint, {}));
        parsed.position = std::move(cursor.position);
    }
    co_return parsed;
}

Reply<bool> Aggregations::is_done(const Place& place, const Parsed& parsed, AggregateQuery& query) {
    if (!query.idempotency) co_return false;
    if (!writes(parsed.pipeline)) {
        query.idempotency.reset();
        co_return false;
    }
    query.idempotency->answer = [](const storage::WriteOutcome&) { return std::string("[]"); };
    storage::WriteBatch look;
    look.database = place.database->id;
    look.actor = query.actor;
    look.idempotency = query.idempotency;
    look.idempotency->only_look = true;
    CO_TRY(const storage::WriteOutcome outcome, co_await engine_.write(look));
    co_return outcome.replayed;
}

Reply<Listing> Aggregations::page(Place place, AggregateQuery query, QueryBounds bounds) {
    CO_TRY(Parsed parsed, co_await parse(query, place));
    CO_TRY(const bool done, co_await is_done(place, parsed, query));
    if (done) {
        Listing nothing;
        nothing.rows = "[]";
        nothing.pagination.limit = query.limit;
        co_return nothing;
    }
    PipelineContext context(engine_, pool_, place.database, bounds_of(bounds));
    begin(context, query);
    context.once = std::move(query.idempotency);
    const std::int64_t before = monotonic_ns();
    Listing listing;
    if (parsed.continues) {
        CO_TRY(listing, co_await continued_page(place, parsed, query.limit, context));
    } else {
        CO_TRY(listing, co_await counted_page(place, parsed, query.limit, context));
    }
    note(place, parsed.pipeline, context, monotonic_ns() - before);
    co_return listing;
}

Reply<Explanation> Aggregations::explain(Place place, AggregateQuery query, QueryBounds bounds) {
    CO_TRY(Parsed parsed, co_await parse(query, place));
    PipelineContext context(engine_, pool_, place.database, bounds_of(bounds));
    begin(context, query);
    auto stages = parsed.pipeline.stages();
    const query::StageRef writing = parsed.pipeline.writes() ? stages.back() : nullptr;
    if (writing) stages = stages.first(stages.size() - 1);
    query::Profile profile;
    const std::int64_t before = monotonic_ns();
    PipelineRun run(context, query::Pipeline({stages.begin(), stages.end()}), std::move(parsed.variables));
    run.explain(profile);
    FindPlan plan;
    plan.collection = place.collection;
    CO_TRY_VOID(run.begin(std::move(plan)));
    std::uint64_t given = 0;
    for (bool more = true; more && given < query.limit;) {
        const BatchRoom room{std::min(query.limit - given, batch_documents), batch_bytes};
        Batch batch(room);
        CO_TRY(more, co_await run.next(batch));
        given += batch.size();
    }
    const std::int64_t elapsed_ns = monotonic_ns() - before;
    if (writing) profile.add(writing.get(), writing->name()).skipped = true;
    Explanation explanation = explanation_of(profile, elapsed_ns);
    // The last batch may have been read further than was wanted.
    explanation.stats.returned = given;
    CO_TRY_VOID(co_await drop_known_advice(engine_, place.database->id, place.collection, explanation));
    co_return explanation;
}

void Aggregations::note(const Place& place, const query::Pipeline& pipeline, const PipelineContext& context,
                        std::int64_t elapsed_ns) const {
    if (settings_.log == nullptr || !settings_.log->is_slow(elapsed_ns)) return;
    storage::WorkStats stats = context.asked;
    stats.elapsed_ns = elapsed_ns;
    const query::LeadingQuery leading = query::leading_query(pipeline.stages());
    const query::Sort no_sort;
    const query::QueryShape shape{leading.filter, leading.sort == nullptr ? no_sort : leading.sort->sort(),
                                  leading.sort == nullptr, leading.limit != query::LeadingQuery::all};
    std::string names;
    for (const query::StageRef& stage : pipeline.stages()) {
        if (!names.empty()) names += ',';
        names += stage->name();
    }
    settings_.log->note_whole(
        {"aggregate", place.database->stored_id(), place.collection, shape, std::move(names)}, stats);
}

Reply<Listing> Aggregations::continued_page(Place place, Parsed parsed, std::uint64_t limit,
                                            PipelineContext& context) {
    PipelineRun run(context, std::move(parsed.pipeline), std::move(parsed.variables));
    FindPlan plan;
    plan.collection = place.collection;
    plan.want_scores = parsed.wants_scores;
    plan.single_batch = true;
    plan.after = std::move(parsed.position);
    CO_TRY_VOID(run.begin(std::move(plan)));
    const BatchRoom room{limit, settings_.page_bytes};
    Batch batch(room);
    CO_TRY(const bool full, co_await run.next(batch));
    Listing listing;
    listing.pagination.limit = limit;
    if (full && !run.position().empty()) {
        listing.pagination.has_more = true;
        listing.pagination.next_cursor = query::encode_cursor({run.position(), {}, true}, parsed.fingerprint);
    }
    context.asked.returned = batch.size();
    listing.rows = "[" + batch.text() + "]";
    co_return listing;
}

Reply<Listing> Aggregations::counted_page(Place place, Parsed parsed, std::uint64_t limit,
                                          PipelineContext& context) {
    std::uint64_t given = 0;
    if (!parsed.position.empty()) {
        CO_TRY(given, count_of_position(parsed.position));
    }
    PipelineRun run(context, std::move(parsed.pipeline), std::move(parsed.variables));
    FindPlan plan;
    plan.collection = place.collection;
    plan.want_scores = parsed.wants_scores;
    plan.single_batch = given == 0;
    CO_TRY_VOID(run.begin(std::move(plan)));
    bool more = true;
    for (std::uint64_t left = given; left > 0 && more;) {
        const BatchRoom room{std::min(left, batch_documents), batch_bytes};
        Batch skipped(room);
        CO_TRY(more, co_await run.next(skipped));
        left -= skipped.size();
    }
    const BatchRoom room{limit + 1, settings_.page_bytes};
    Batch batch(room);
    if (more) {
        CO_TRY(more, co_await run.next(batch));
    }
    Listing listing;
    listing.pagination.limit = limit;
    listing.pagination.has_more = more;
    if (batch.size() > limit) batch.truncate(limit);
    if (more) {
        listing.pagination.next_cursor =
            query::encode_cursor({position_of_count(given + batch.size()), {}, true}, parsed.fingerprint);
    }
    context.asked.returned = batch.size();
    listing.rows = "[" + batch.text() + "]";
    co_return listing;
}

AggregateStream::AggregateStream(storage::Engine& engine, WorkerPool& pool, DatabaseRef database,
                                 query::WorkBounds bounds)
    : context_(engine, pool, std::move(database), [&] {
          bounds.cancelled = &cancelled_;
          return std::move(bounds);
      }()) {}

Reply<std::string> AggregateStream::next() {
    if (!first_.empty()) co_return std::exchange(first_, {});
    if (ended_) co_return std::string();
    const BatchRoom room{BatchRoom().documents, batch_bytes};
    Batch batch(room, '\n');
    const std::int64_t before = monotonic_ns();
    CO_TRY(const bool more, co_await run_->next(batch));
    elapsed_ns_ += monotonic_ns() - before;
    context_.asked.returned += batch.size();
    ended_ = !more;
    if (ended_) note_(context_, elapsed_ns_);
    if (!batch.empty()) batch.text() += '\n';
    co_return std::move(batch.text());
}

Reply<std::unique_ptr<AggregateStream>> Aggregations::stream(Place place, AggregateQuery query,
                                                             QueryBounds bounds) {
    CO_TRY(Parsed parsed, co_await parse(query, place));
    CO_TRY(const bool done, co_await is_done(place, parsed, query));
    auto stream = std::make_unique<AggregateStream>(engine_, pool_, place.database, bounds_of(bounds));
    if (done) {
        stream->ended_ = true;
        co_return stream;
    }
    begin(stream->context_, query);
    stream->context_.once = std::move(query.idempotency);
    stream->note_ = [this, database = place.database, collection = std::string(place.collection),
                     pipeline = parsed.pipeline](const PipelineContext& context, std::int64_t elapsed_ns) {
        note(Place(database, collection), pipeline, context, elapsed_ns);
    };
    stream->run_ = std::make_unique<PipelineRun>(stream->context_, std::move(parsed.pipeline),
                                                 std::move(parsed.variables));
    FindPlan plan;
    plan.collection = place.collection;
    plan.want_scores = parsed.wants_scores;
    CO_TRY_VOID(stream->run_->begin(std::move(plan)));
    CO_TRY(stream->first_, co_await stream->next());
    co_return stream;
}

}  // namespace credvault::documents
