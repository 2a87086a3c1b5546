#include "api/endpoints.h"
#include "api/endpoints/job_shapes.h"
#include "api/endpoints/list_parameters.h"
#include "api/restricted_database.h"
#include "jobs/jobs.h"

namespace credvault::api {
namespace {

struct ListJobs {
    ListParameters list;
    OtherParameters filters;

    static Fields fields() {
        return {include(&ListJobs::list),
                other_query_on<JobShape>(&ListJobs::filters, {.description = "Filters by field."})};
    }
};

Reply<RawList<JobShape>> run(Context& context, const ListJobs& request) {
    CO_TRY(storage::ListQuery query, request.list.query(request.filters));
    CO_TRY(storage::Listing page,
           co_await context.services.jobs.list(std::string(context.workspace()), std::move(query),
                                               own_jobs_only(context)));
    co_return RawList<JobShape>{std::move(page.rows), std::move(page.pagination)};
}

}  // namespace

const Endpoint list_jobs = Operation<ListJobs, RawList<JobShape>>{
    .id = "listJobs",
    .method = http::Method::Get,
    .path = "/v1/jobs",
    .tag = "Jobs",
    .summary = "List jobs",
    .description =
        "Background jobs that wait, run, or ended not long ago, the oldest first unless a sort says "
        "otherwise.",
    .scope = Scope::DatabaseRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::INVALID_FILTER, ErrorCode::INVALID_EXPRESSION, ErrorCode::INVALID_SORT,
               ErrorCode::INVALID_CURSOR, ErrorCode::INVALID_PROJECTION, ErrorCode::UNSUPPORTED_OPERATOR,
               ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
