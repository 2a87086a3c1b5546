#include "access/audit_log.h"
#include "api/endpoints.h"
#include "api/metrics.h"

namespace credvault::api {
namespace {

struct GetMetrics {
    static Fields fields() { return {}; }
};

/// They count what everybody does: other workspaces must not learn of it.
Reply<Plain> run(Context& context, const GetMetrics&) {
    if (context.principal.workspace != context.services.audit.first_workspace()) {
        return Error(ErrorCode::FORBIDDEN,
                     "The server's metrics are for its first workspace; yours are in /v1/usage");
    }
    return Plain{context.services.metrics.text(), "text/plain; version=0.0.4; charset=utf-8"};
}

}  // namespace

const Endpoint get_metrics = Operation<GetMetrics, Plain>{
    .id = "getMetrics",
    .method = http::Method::Get,
    .path = "/metrics",
    .tag = "Operations",
    .summary = "Counters and gauges for Prometheus",
    .description =
        "Text as Prometheus scrapes it: requests by operation and status, stores, jobs, limits. Of the "
        "whole server, for credentials of its first workspace.",
    .scope = Scope::LogsRead,
    .rate = RateClass::Exempt,
    .produces = "text/plain",
    .run = run};

}  // namespace credvault::api
