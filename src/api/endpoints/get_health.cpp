#include "api/endpoints.h"

namespace credvault::api {
namespace {

struct GetHealth {
    static Fields fields() { return {}; }
};

struct Health {
    bool healthy = true;
    static constexpr std::string_view schema_name = "Health";
    static Fields fields() {
        return {body(&Health::healthy, "healthy",
                     {.description = "Always true: the process answers.", .example = "true"})};
    }
};

}  // namespace

const Endpoint get_health = Operation<GetHealth, Resource<Health>>{
    .id = "getHealth",
    .method = http::Method::Get,
    .path = "/healthz",
    .tag = "Operations",
    .summary = "Whether the process is alive",
    .description = "For watchdogs: it says nothing about the stores, of which `/readyz` tells.",
    .scope = Requirement::none(),
    .rate = RateClass::Exempt,
    .run = [](Context&, const GetHealth&) -> Reply<Resource<Health>> { return Resource<Health>{}; }};

}  // namespace credvault::api
