#include "api/endpoints.h"
#include "api/openapi.h"

namespace credvault::api {
namespace {

struct GetOpenApi {
    static Fields fields() { return {}; }
};

}  // namespace

const Endpoint get_openapi =
    Operation<GetOpenApi, Plain>{.id = "getOpenApi",
                                 .method = http::Method::Get,
                                 .path = "/v1/openapi.json",
                                 .tag = "Operations",
                                 .summary = "This document",
                                 .description = "OpenAPI 3.1, made from the program's own declarations.",
                                 .scope = Requirement::none(),
                                 .rate = RateClass::Exempt,
                                 .run = [](Context&, const GetOpenApi&) -> Reply<Plain> {
                                     static const std::string document = openapi_document(endpoints());
                                     return Plain{document};
                                 }};

}  // namespace credvault::api
