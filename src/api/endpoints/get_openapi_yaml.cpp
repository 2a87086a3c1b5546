#include "api/endpoints.h"
#include "api/openapi.h"
#include "api/yaml.h"

namespace credvault::api {
namespace {

struct GetOpenApiYaml {
    static Fields fields() { return {}; }
};

}  // namespace

const Endpoint get_openapi_yaml = Operation<GetOpenApiYaml, Plain>{
    .id = "getOpenApiYaml",
    .method = http::Method::Get,
    .path = "/v1/openapi.yaml",
    .tag = "Operations",
    .summary = "This document as YAML",
    .description = "The same as /v1/openapi.json, for people and for tools that read YAML.",
    .scope = Requirement::none(),
    .rate = RateClass::Exempt,
    .produces = "application/yaml",
    .run = [](Context&, const GetOpenApiYaml&) -> Reply<Plain> {
        static const std::string document = yaml_from_json(openapi_document(endpoints()));
        return Plain{document, "application/yaml"};
    }};

}  // namespace credvault::api
