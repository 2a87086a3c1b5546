#include "jobs/job_store.h"

#include <utility>

#include "base/clock.h"
#include "json/writer.h"
#include "query/hidden_fields.h"
#include "storage/platform.h"

namespace credvault::jobs {
namespace {

using storage::system_database;
constexpr std::string_view jobs_collection = "jobs";
constexpr std::string_view parameters_collection = "job_parameters";
constexpr std::string_view checkpoints_collection = "job_checkpoints";
constexpr std::size_t removed_at_once = 500;

class TextSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        text = row.record.text();
        return true;
    }
    void restart() override { text.clear(); }

    std::string text;
};

class TextsSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        texts.emplace_back(row.record.text());
        return true;
    }
    void restart() override { texts.clear(); }

    std::vector<std::string> texts;
};

/// Records that hold one value: parameters, checkpoints.
std::string held(std::string_view id, std::string_view value) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(id).key("value");
    if (value.empty()) {
        out.null();
    } else {
        out.raw(value);
    }
    out.end_object();
    return text;
}

/// What only the platform needs.
const query::HiddenFieldsRef& hidden_members() {
    static const auto hidden = std::make_shared<const query::HiddenFields>(
        query::HiddenFields{"workspace", "updated_at", "_version"});
    return hidden;
}

Error job_not_found(const std::string& id) {
    return Error(ErrorCode::JOB_NOT_FOUND, "There is no job with the id '" + id + "'", "job");
}

std::string id_of(const json::View& record) { return record.find("id")->as_string(); }

}  // namespace

std::string public_text(const json::View& record) {
    std::string text;
    query::append_without(text, record, *hidden_members());
    return text;
}

Reply<void> JobStore::make_collection(std::string_view name) {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.operations.push_back(storage::CreateCollection{name, "{}"});
    if (name == jobs_collection) {
        CO_TRY(query::Sort by_age, query::parse_sort("workspace,created_at"));
        batch.operations.push_back(
            storage::CreateIndex{name, storage::IndexSpec{"by_age", {std::move(by_age), false}, false}});
        CO_TRY(query::Sort by_end, query::parse_sort("finished_at"));
        batch.operations.push_back(
            storage::CreateIndex{name, storage::IndexSpec{"by_end", {std::move(by_end), true}, false}});
    }
    const auto made = co_await engine_.write(batch);
    if (!made.ok() && made.error().code != ErrorCode::ALREADY_EXISTS) co_return made.error();
    co_return Status();
}

Reply<void> JobStore::open() {
    for (const std::string_view name : {jobs_collection, parameters_collection, checkpoints_collection}) {
        CO_TRY_VOID(co_await make_collection(name));
    }
    co_return Status();
}

Reply<std::vector<std::shared_ptr<Job>>> JobStore::unfinished() {
    storage::FindRequest request;
    request.database = system_database;
    request.collection = jobs_collection;
    CO_TRY(request.filter, query::parse_filter(json::View(R"({"state":{"$in":["queued","running"]}})")));
    request.limit = storage::no_limit;
    TextsSink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    std::vector<std::shared_ptr<Job>> jobs;
    for (const std::string& text : sink.texts) {
        const json::View record(text);
        const std::string id = id_of(record);
        std::string held_values[2];
        for (int i = 0; i < 2; ++i) {
            TextSink found;
            const storage::RecordKey key{system_database,
                                         i == 0 ? parameters_collection : checkpoints_collection, id};
            CO_TRY(const bool there, co_await engine_.get(key, found));
            if (!there) continue;
            const json::View value = json::View(found.text).find("value").value_or(json::View());
            if (!value.is_null()) held_values[i] = value.text();
        }
        jobs.push_back(std::make_shared<Job>(id, JobFacts::parse(record), std::move(held_values[0]),
                                             std::move(held_values[1])));
    }
    co_return jobs;
}

Reply<storage::WriteOutcome> JobStore::insert(std::shared_ptr<const Job> job,
                                              std::optional<storage::Idempotency> idempotency) {
    const JobFacts facts = job->facts();
    const std::string record = facts.text(job->id);
    const std::string parameters = held(job->id, job->parameters);
    const std::string checkpoint = held(job->id, {});
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = facts.actor;
    batch.want_records = true;
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::InsertRecord{jobs_collection, record});
    batch.operations.push_back(storage::InsertRecord{parameters_collection, parameters});
    batch.operations.push_back(storage::InsertRecord{checkpoints_collection, checkpoint});
    co_return co_await engine_.write(batch);
}

Reply<void> JobStore::update(const Job& job) {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.operations.push_back(storage::ModifyRecord{jobs_collection, job.id, &job, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<void> JobStore::save(const Job& job) {
    const std::string checkpoint = held(job.id, job.checkpoint);
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.operations.push_back(storage::ModifyRecord{jobs_collection, job.id, &job, {}});
    batch.operations.push_back(storage::PutRecord{checkpoints_collection, job.id, checkpoint, true, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<void> JobStore::finish(const Job& job) {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.operations.push_back(storage::ModifyRecord{jobs_collection, job.id, &job, {}});
    batch.operations.push_back(storage::RemoveRecord{parameters_collection, job.id, {}});
    batch.operations.push_back(storage::RemoveRecord{checkpoints_collection, job.id, {}});
    const auto written = co_await engine_.write(batch);
    // An earlier try whose answer was lost did it.
    if (!written.ok() && written.error().code != ErrorCode::RECORD_NOT_FOUND) co_return written.error();
    co_return Status();
}

Reply<std::string> JobStore::get(std::string workspace, std::string id, std::string actor) {
    TextSink sink;
    const storage::RecordKey key{system_database, jobs_collection, id};
    CO_TRY(const bool there, co_await engine_.get(key, sink));
    if (!there) co_return job_not_found(id);
    const json::View record(sink.text);
    const auto owner = record.find("workspace");
    if (!owner || !owner->is_string() || owner->as_string() != workspace) co_return job_not_found(id);
    if (!actor.empty() && JobFacts::parse(record).actor != actor) co_return job_not_found(id);
    co_return public_text(record);
}

Reply<storage::Listing> JobStore::list(std::string workspace, storage::ListQuery query, std::string actor) {
    storage::ListSource source{system_database, jobs_collection, {}};
    json::Writer out(source.own);
    out.begin_object().key("workspace").string(workspace);
    if (!actor.empty()) out.key("created_by").string(actor);
    out.end_object();
    source.hidden = hidden_members();
    co_return co_await storage::list_page(engine_, source, std::move(query));
}

Reply<std::size_t> JobStore::remove_ended(std::int64_t before_ms) {
    std::string filter;
    json::Writer out(filter);
    out.begin_object().key("finished_at").begin_object();
    out.key("$lt").string(format_time(before_ms)).end_object().end_object();
    storage::FindRequest request;
    request.database = system_database;
    request.collection = jobs_collection;
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    request.any_order = true;
    request.limit = removed_at_once;
    TextsSink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    if (sink.texts.empty()) co_return std::size_t{0};
    std::vector<std::string> ids;
    for (const std::string& text : sink.texts) ids.push_back(id_of(json::View(text)));
    storage::WriteBatch batch;
    batch.database = system_database;
    for (const std::string& id : ids) {
        batch.operations.push_back(storage::RemoveRecord{jobs_collection, id, {}});
    }
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return ids.size();
}

}  // namespace credvault::jobs
