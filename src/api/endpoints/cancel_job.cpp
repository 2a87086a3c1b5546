#include "api/endpoints.h"
#include "api/endpoints/job_shapes.h"
#include "api/restricted_database.h"
#include "jobs/jobs.h"

namespace credvault::api {
namespace {

struct CancelJob {
    JobPath at;
    static Fields fields() { return {include(&CancelJob::at)}; }
};

Reply<Resource<Raw<JobShape>>> run(Context& context, const CancelJob& request) {
    const std::string actor = own_jobs_only(context);
    if (!actor.empty()) {
        CO_TRY_VOID(co_await context.services.jobs.get(std::string(context.workspace()),
                                                       std::string(request.at.job), actor));
    }
    CO_TRY(std::string text, co_await context.services.jobs.cancel(std::string(context.workspace()),
                                                                   std::string(request.at.job)));
    co_return Resource<Raw<JobShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint cancel_job = Operation<CancelJob, Resource<Raw<JobShape>>>{
    .id = "cancelJob",
    .method = http::Method::Post,
    .path = "/v1/jobs/{job}/cancel",
    .tag = "Jobs",
    .summary = "Cancel a job",
    .description =
        "A job that waits ends at once, one that runs soon; what it has done stays done. One that has "
        "ended is answered as it is, so that repeating the call is safe.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::JOB_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
