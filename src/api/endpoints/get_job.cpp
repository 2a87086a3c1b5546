#include "api/endpoints.h"
#include "api/endpoints/job_shapes.h"
#include "api/restricted_database.h"
#include "jobs/jobs.h"

namespace credvault::api {
namespace {

struct GetJob {
    JobPath at;
    static Fields fields() { return {include(&GetJob::at)}; }
};

Reply<Resource<Raw<JobShape>>> run(Context& context, const GetJob& request) {
    CO_TRY(std::string text,
           co_await context.services.jobs.get(std::string(context.workspace()), std::string(request.at.job),
                                              own_jobs_only(context)));
    co_return Resource<Raw<JobShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_job = Operation<GetJob, Resource<Raw<JobShape>>>{
    .id = "getJob",
    .method = http::Method::Get,
    .path = "/v1/jobs/{job}",
    .tag = "Jobs",
    .summary = "Get a job",
    .description = "How far a job is, or how it ended. Progress is written once a second.",
    .scope = Scope::DatabaseRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::JOB_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
