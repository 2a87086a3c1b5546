#include "app/workspace_job.h"

#include <string>
#include <utility>
#include <vector>

#include "api/endpoints/workspace_deletion.h"
#include "json/canonical.h"

namespace credvault::app {
namespace {

/// The members called `name` of a list's rows.
std::vector<std::string> names_in(const std::string& rows, std::string_view name) {
    std::vector<std::string> names;
    for (const json::View row : json::View(rows).elements()) {
        const auto member = row.find(name);
        if (member && member->is_string()) names.push_back(member->as_string());
    }
    return names;
}

storage::ListQuery unfinished_jobs() {
    storage::ListQuery query;
    query.limit = storage::max_page;
    query.filter = R"({"state":{"$in":["queued","running"]}})";
    query.count = storage::CountMode::None;
    return query;
}

Reply<void> cancel_jobs(api::ServiceSet& services, std::string workspace, std::string own) {
    CO_TRY(const storage::Listing page, co_await services.jobs.list(workspace, unfinished_jobs()));
    for (const std::string& id : names_in(page.rows, "id")) {
        if (id == own) continue;
        auto cancelled = co_await services.jobs.cancel(workspace, id);
        if (!cancelled.ok() && cancelled.error().code != ErrorCode::JOB_NOT_FOUND)
            co_return std::move(cancelled).error();
    }
    co_return Status();
}

Reply<void> drop_database(api::ServiceSet& services, std::string workspace, std::string name) {
    auto dropped = co_await services.databases.drop(std::move(workspace), std::move(name), {});
    if (!dropped.ok() && dropped.error().code != ErrorCode::DATABASE_NOT_FOUND)
        co_return std::move(dropped).error();
    co_return Status();
}

Status remove_databases(api::ServiceSet& services, jobs::JobRun& run, const std::string& workspace) {
    while (true) {
        storage::ListQuery query;
        query.limit = storage::max_page;
        TRY(const storage::Listing page,
            services.databases.list(workspace, query, [](std::string_view) { return true; }));
        const std::vector<std::string> names = names_in(page.rows, "name");
        if (names.empty()) return {};
        for (const std::string& name : names) {
            if (run.stop_asked()) return Error(ErrorCode::SHUTTING_DOWN);
            TRY_VOID(run.loop().wait(drop_database(services, workspace, name)));
        }
    }
}

/// Each step may be done again, so that a run after a crash begins from the front.
Result<std::string> remove_workspace(api::ServiceSet& services, jobs::JobRun& run) {
    const auto named = run.parameters().find("workspace");
    if (!named || !named->is_string()) return Error(ErrorCode::INTERNAL, {}, {}, "a job without a workspace");
    const std::string workspace = named->as_string();
    access::Workspaces& workspaces = services.identity.workspaces;
    TRY_VOID(run.loop().wait(cancel_jobs(services, workspace, run.id())));
    TRY_VOID(remove_databases(services, run, workspace));
    // The audit log is removed by age alone.
    const std::vector<std::string> kept{"databases", "audit_heads", "audit_pending"};
    TRY_VOID(run.loop().wait(workspaces.remove_records(workspace, kept, run.id())));
    TRY_VOID(run.loop().wait(services.keys.load()));
    TRY_VOID(run.loop().wait(services.webhooks.load()));
    TRY_VOID(run.loop().wait(workspaces.finish_deletion(workspace)));
    return std::string("{}");
}

}  // namespace

void add_workspace_job(api::ServiceSet& services) {
    jobs::JobType type;
    type.name = "delete_workspace";
    type.unit = "steps";
    type.resumable = true;
    type.run = [&services](jobs::JobRun& run) { return remove_workspace(services, run); };
    services.jobs.add(std::move(type));
}

Reply<void> resume_workspace_deletions(api::ServiceSet& services) {
    CO_TRY(const std::vector<std::string> ids, co_await services.identity.workspaces.deleting());
    for (const std::string& id : ids) {
        CO_TRY(const storage::Listing page, co_await services.jobs.list(id, unfinished_jobs()));
        if (!names_in(page.rows, "id").empty()) continue;
        jobs::JobRequest request = api::deletion_of(id, {});
        CO_TRY_VOID(co_await services.jobs.start(std::move(request), {}));
    }
    co_return Status();
}

}  // namespace credvault::app
