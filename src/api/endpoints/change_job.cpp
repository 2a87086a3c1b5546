#include "api/endpoints/change_job.h"

#include <utility>

#include "base/clock.h"
#include "jobs/jobs.h"
#include "json/writer.h"

namespace credvault::api {
namespace {

/// A kept answer that names a job, and when it was made.
struct NamedJob {
    std::string id;
    std::int64_t made_ms = 0;

    std::string text() const {
        std::string text;
        json::Writer out(text);
        out.begin_object().key("job").string(id).key("made_ms").number(made_ms).end_object();
        return text;
    }
    static std::optional<NamedJob> parse(const std::string& text) {
        if (!text.starts_with('{')) return {};
        const json::View view(text);
        const auto id = view.find("job");
        const auto made = view.find("made_ms");
        if (!id || !made) return {};
        return NamedJob{id->as_string(), made->as_int()};
    }
};

Reply<ChangeLater> start(Context& context, jobs::JobRequest request) {
    CO_TRY(jobs::StartedJob job, co_await context.services.jobs.start(std::move(request), {}));
    ChangeLater later;
    later.job = std::move(job.text);
    later.job_id = std::move(job.id);
    co_return later;
}

/// Names the job under the key, unless it was used: then the answer is the first one.
Reply<std::string> name_job(Context& context, const std::string& database, const NamedJob& named,
                            storage::Idempotency key) {
    key.answer = [text = named.text()](const storage::WriteOutcome&) { return text; };
    storage::WriteBatch batch;
    batch.database = database;
    batch.idempotency = std::move(key);
    CO_TRY(const storage::WriteOutcome outcome, co_await context.services.engine.write(batch));
    co_return outcome.answer;
}

/// Nothing where there is no such job.
Reply<std::optional<ChangeLater>> known_job(Context& context, const std::string& id) {
    Result<std::string> text = co_await context.services.jobs.get(std::string(context.workspace()), id);
    if (!text.ok() && text.error().code == ErrorCode::JOB_NOT_FOUND) co_return std::optional<ChangeLater>();
    if (!text.ok()) co_return std::move(text).error();
    ChangeLater later;
    later.job = *std::move(text);
    later.job_id = id;
    co_return std::optional<ChangeLater>(std::move(later));
}

}  // namespace

bool names_job(const std::string& answer) { return NamedJob::parse(answer).has_value(); }

Reply<ChangeLater> change_later(Context& context, const CollectionPath& at, std::string type,
                                documents::ChangeOrder order, std::optional<storage::Idempotency> key) {
    // The job knows the database itself: its own credential narrows it when it runs.
    CO_TRY(const documents::DatabaseRef database, at.in.resolve(context));
    CO_TRY(const storage::CollectionInfo info,
           co_await context.services.engine.describe_collection(database->id, order.collection));
    order.collection_ms = info.created_ms;
    jobs::JobRequest request;
    request.type = std::move(type);
    request.workspace = context.workspace();
    request.actor = context.actor();
    request.target = std::string(at.in.database) + "/" + std::string(at.collection);
    request.parameters = order.text();
    if (!key) co_return co_await start(context, std::move(request));
    NamedJob named{context.services.jobs.new_id(), now_ms()};
    CO_TRY(const std::string answer, co_await name_job(context, database->id, named, *std::move(key)));
    const std::optional<NamedJob> first = NamedJob::parse(answer);
    if (!first) {
        ChangeLater later;
        later.answer = answer;
        co_return later;
    }
    CO_TRY(std::optional<ChangeLater> known, co_await known_job(context, first->id));
    if (known) co_return *std::move(known);
    if (now_ms() - first->made_ms >= context.services.jobs.settings().keep_ms) {
        co_return Error(ErrorCode::JOB_NOT_FOUND, "The job of this Idempotency-Key has ended and is gone");
    }
    request.id = first->id;
    co_return co_await start(context, std::move(request));
}

}  // namespace credvault::api
