#include "documents/updates.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "documents/collections.h"
#include "documents/id_sink.h"
#include "documents/timed_sink.h"
#include "json/writer.h"
#include "storage/errors.h"

namespace credvault::documents {
namespace {

/// Rounds of finding and writing one record while others change it under us; the later ones find within the writer.
constexpr int max_rounds = 20;
constexpr int rounds_outside = 2;
constexpr int insertion_rounds = 4;

/// Tries what an update would make of records, and drops it.
class TrialSink final : public storage::RowSink {
public:
    explicit TrialSink(const UpdateChange* change) : change_(change) {}

    bool row(const storage::Row& row) override {
        ++matched;
        if (change_ == nullptr) {
            ++modified;
            return true;
        }
        const Result<std::string> made = change_->apply(row.record);
        if (!made.ok()) {
            status = made.error();
            return false;
        }
        modified += *made == row.record.text() ? 0 : 1;
        return true;
    }
    void restart() override {
        matched = modified = 0;
        status = Status();
    }

    std::uint64_t matched = 0;
    std::uint64_t modified = 0;
    Status status;

private:
    const UpdateChange* change_;
};

/// Whether an insertion failed because of a record that the filter may find by now.
bool may_be_found_now(ErrorCode code) {
    return code == ErrorCode::DUPLICATE_KEY || code == ErrorCode::ALREADY_EXISTS;
}

storage::WriteOutcome nothing_done() { return {}; }

const storage::OperationOutcome* single(const storage::WriteOutcome& outcome) {
    return outcome.operations.size() == 1 ? &outcome.operations.front() : nullptr;
}

void append_record(json::Writer& out, const std::string& record) {
    out.key("record");
    if (record.empty()) {
        out.null();
    } else {
        out.raw(record);
    }
}

}  // namespace

bool fixes(const query::FilterNode& node, std::string_view path) {
    if (node.op == query::FilterOp::And) {
        return std::ranges::any_of(node.children, [&](const auto& child) { return fixes(child, path); });
    }
    return node.op == query::FilterOp::Eq && node.path.text == path;
}

/// One update or removal on its way. Its operations refer to it.
struct Updates::Work {
    Place place;
    Selection selection;
    std::shared_ptr<const UpdateChange> change;  ///< None: a removal.
    bool upsert = false;
    UpdateOptions options;
    storage::WorkStats found = {};  ///< By the reads so far.

    storage::Operation on_record(const std::string& id, bool required) const {
        const storage::Guard guard{&selection.filter, required};
        if (!change) return storage::RemoveRecord{place.collection, id, {}, guard};
        return storage::ModifyRecord{place.collection, id, change.get(), {}, guard};
    }
    storage::Operation on_matches() const {
        const std::uint64_t limit = selection.multi ? storage::no_limit : 1;
        if (!change) return storage::RemoveMatches{place.collection, selection.filter, selection.sort, limit};
        return storage::ModifyMatches{
            place.collection, selection.filter, selection.sort, limit, change.get(), upsert};
    }
};

Reply<storage::WriteOutcome> Updates::update(Place place, Selection selection,
                                             std::shared_ptr<const UpdateChange> change, bool upsert,
                                             UpdateOptions options) {
    return run({std::move(place), std::move(selection), std::move(change), upsert, std::move(options)});
}

Reply<storage::WriteOutcome> Updates::remove(Place place, Selection selection, UpdateOptions options) {
    return run({std::move(place), std::move(selection), nullptr, false, std::move(options)});
}

Reply<storage::WriteOutcome> Updates::run(Work work) {
    CO_TRY_VOID(co_await check_guard(work.place, work.selection.filter));
    const std::int64_t before = monotonic_ns();
    Result<storage::WriteOutcome> outcome = nothing_done();
    if (work.selection.multi) {
        outcome = co_await run_all(work);
    } else {
        outcome = co_await run_one(work);
    }
    if (outcome.ok()) note(work, *outcome, monotonic_ns() - before);
    co_return outcome;
}

void Updates::note(const Work& work, const storage::WriteOutcome& outcome, std::int64_t elapsed_ns) const {
    if (queries_.log == nullptr || !queries_.log->is_slow(elapsed_ns)) return;
    storage::WorkStats stats = work.found;
    stats.elapsed_ns = elapsed_ns;
    stats.returned = 0;
    for (const storage::OperationOutcome& one : outcome.operations) stats.returned += one.matched;
    const Selection& selection = work.selection;
    const query::QueryShape shape{selection.filter, selection.sort, selection.multi, !selection.multi};
    queries_.log->note_whole(
        {work.change ? "update" : "delete", work.place.database->stored_id(), work.place.collection, shape},
        stats);
}

Reply<Explanation> Updates::explain(Place place, Selection selection,
                                    std::shared_ptr<const UpdateChange> change, QueryBounds bounds) {
    CO_TRY_VOID(co_await check_guard(place, selection.filter));
    const std::uint64_t limit = selection.multi ? settings_.max_matched + 1 : 1;
    storage::FindRequest find = request(place, selection, limit);
    if (bounds.timeout_ms != 0) find.limits.timeout_ms = std::min(bounds.timeout_ms, queries_.max_timeout_ms);
    find.limits.cancelled = bounds.cancelled;
    find.explain = true;
    TrialSink trial(change.get());
    TimedSink timed(trial);
    CO_TRY(storage::FindResult found, co_await engine_.find(find, timed));
    if (!trial.status.ok()) co_return std::move(trial.status).error();
    Explanation explanation{std::move(found.stats), {}, trial.matched, trial.modified, false};
    explanation.by_job = trial.matched > settings_.max_matched;
    explanation.stages.push_back(stage_of("find", explanation.stats, timed.ns()));
    ExplainedStage& changing = explanation.stages.emplace_back();
    changing.name = change ? "update" : "delete";
    changing.documents_in = trial.matched;
    changing.documents_out = trial.modified;
    changing.elapsed_ns = timed.ns();
    CO_TRY_VOID(co_await drop_known_advice(engine_, place.database->id, place.collection, explanation));
    co_return explanation;
}

Reply<storage::WriteOutcome> Updates::run_one(Work& work) {
    // By its id the writer finds a record as cheaply as we would.
    bool within_writer = fixes(work.selection.filter.root(), "id");
    bool writer_refused = false;  // The writer would have to look at too many records.
    Error last(ErrorCode::WRITE_CONFLICT);
    for (int round = 0; round < max_rounds; ++round) {
        std::vector<std::string> ids;
        if (!within_writer) {
            CO_TRY(ids, co_await find(work, 1));
            if (ids.empty() && !work.upsert) co_return co_await write(work, {});
        }
        Result<storage::WriteOutcome> written = nothing_done();
        if (within_writer || (ids.empty() && !writer_refused)) {
            storage::Operation on_matches = work.on_matches();
            written = co_await write_one(work, std::move(on_matches));
            if (written.ok() || written.error().code != ErrorCode::QUERY_TOO_LARGE) co_return written;
            within_writer = false;
            writer_refused = true;
        } else if (ids.empty()) {
            CO_TRY(const std::string record, work.change->insertion());
            storage::Operation insertion = storage::InsertRecord{work.place.collection, record};
            written = co_await write_one(work, std::move(insertion));
            if (written.ok() || !may_be_found_now(written.error().code) || round >= insertion_rounds)
                co_return written;
        } else {
            storage::Operation on_record = work.on_record(ids.front(), true);
            written = co_await write_one(work, std::move(on_record));
            if (written.ok() || written.error().code != ErrorCode::WRITE_CONFLICT) co_return written;
            within_writer = !writer_refused && round + 1 >= rounds_outside;
        }
        last = std::move(written).error();
    }
    co_return last;
}

Reply<storage::WriteOutcome> Updates::write_one(const Work& work, storage::Operation operation) {
    std::vector<storage::Operation> operations;
    operations.push_back(std::move(operation));
    return write(work, std::move(operations));
}

Reply<storage::WriteOutcome> Updates::run_all(Work& work) {
    CO_TRY(const std::vector<std::string> ids, co_await find(work, settings_.max_matched + 1));
    if (ids.size() > settings_.max_matched) co_return storage::too_many_matches(settings_.max_matched);
    std::vector<storage::Operation> operations;
    for (const std::string& id : ids) operations.push_back(work.on_record(id, false));
    if (ids.empty() && work.upsert) operations.push_back(work.on_matches());
    co_return co_await write(work, std::move(operations));
}

storage::FindRequest Updates::request(const Place& place, const Selection& selection,
                                      std::uint64_t limit) const {
    storage::FindRequest request;
    request.database = place.database->id;
    request.collection = place.collection;
    request.filter = selection.filter;
    request.any_order = selection.multi;
    if (!request.any_order) request.sort = selection.sort;
    request.limit = limit;
    request.limits.timeout_ms = queries_.timeout_ms;
    request.limits.memory_bytes = queries_.memory_bytes;
    return request;
}

Reply<std::vector<std::string>> Updates::find(Work& work, std::uint64_t limit) {
    const storage::FindRequest find = request(work.place, work.selection, limit);
    IdSink sink;
    CO_TRY(storage::FindResult found, co_await engine_.find(find, sink));
    work.found.records_examined += found.stats.records_examined;
    work.found.entries_examined += found.stats.entries_examined;
    work.found.index = std::move(found.stats.index);
    work.found.sorted = found.stats.sorted;
    std::ranges::sort(sink.ids);
    co_return std::move(sink.ids);
}

Reply<storage::WriteOutcome> Updates::write(const Work& work, std::vector<storage::Operation> operations) {
    if (operations.empty() && !work.options.idempotency) co_return nothing_done();
    storage::WriteBatch batch;
    batch.database = work.place.database->id;
    batch.operations = std::move(operations);
    batch.actor = work.options.actor;
    batch.want_records = work.options.returned == ReturnedRecord::After;
    batch.want_before = work.options.returned == ReturnedRecord::Before;
    batch.max_examined = settings_.max_examined;
    batch.max_matched = settings_.max_matched;
    batch.idempotency = work.options.idempotency;
    co_return co_await engine_.write(batch);
}

Reply<void> Updates::check_guard(const Place& place, const query::Filter& filter) {
    if (fixes(filter.root(), "_version")) co_return Status();
    Collections collections(engine_);
    CO_TRY(const CollectionOptions options, co_await collections.options(place));
    if (!options.require_if_match) co_return Status();
    co_return Error(ErrorCode::PRECONDITION_REQUIRED,
                    "This collection wants the version of what is changed: a filter here must fix '_version'",
                    "filter");
}

Status complete_sort(Selection& selection) {
    if (query::has_rank(selection.sort) && selection.filter.text() == nullptr) {
        return Error(ErrorCode::INVALID_SORT, "Sorting by textScore needs a filter with $text", "sort");
    }
    const bool nearest = selection.sort.empty() && !selection.multi && selection.filter.near() != nullptr;
    if (nearest) selection.sort = query::nearest_first();
    return {};
}

std::string update_text(const storage::WriteOutcome& outcome, ReturnedRecord returned) {
    std::uint64_t matched = 0;
    std::uint64_t modified = 0;
    const std::string* inserted = nullptr;
    for (const storage::OperationOutcome& one : outcome.operations) {
        matched += one.matched;
        modified += one.modified;
        if (one.effect == storage::Effect::Created) inserted = &one.id;
    }
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("matched_count").number(static_cast<std::int64_t>(matched));
    out.key("modified_count").number(static_cast<std::int64_t>(modified));
    out.key("upserted_id");
    if (inserted != nullptr) {
        out.string(*inserted);
    } else {
        out.null();
    }
    const storage::OperationOutcome* const one = single(outcome);
    append_record(out, one == nullptr                       ? std::string()
                       : returned == ReturnedRecord::Before ? one->before
                                                            : one->record);
    out.end_object();
    return text;
}

std::string removal_text(const storage::WriteOutcome& outcome, ReturnedRecord returned) {
    std::uint64_t removed = 0;
    for (const storage::OperationOutcome& one : outcome.operations) removed += one.modified;
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("deleted_count").number(static_cast<std::int64_t>(removed));
    const storage::OperationOutcome* const one = single(outcome);
    append_record(out, one != nullptr && returned != ReturnedRecord::None ? one->before : std::string());
    out.end_object();
    return text;
}

}  // namespace credvault::documents
