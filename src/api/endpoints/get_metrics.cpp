#include "api/endpoints.h"
#include "api/metrics.h"

namespace credvault::api {
namespace {

struct GetMetrics {
    static Fields fields() { return {}; }
};

}  // namespace

const Endpoint get_metrics = Operation<GetMetrics, Plain>{
    .id = "getMetrics",
    .method = http::Method::Get,
    .path = "/metrics",
    .tag = "Operations",
    .summary = "Counters and gauges for Prometheus",
    .description = "Text as Prometheus scrapes it: requests by operation and status, stores, jobs, limits.",
    .scope = Scope::LogsRead,
    .rate = RateClass::Exempt,
    .produces = "text/plain",
    .run = [](Context& context, const GetMetrics&) -> Reply<Plain> {
        return Plain{context.services.metrics.text(), "text/plain; version=0.0.4; charset=utf-8"};
    }};

}  // namespace credvault::api
