#include "api/openapi_answers.h"

#include <algorithm>
#include <array>
#include <vector>

#include "api/openapi_examples.h"
#include "api/openapi_links.h"
#include "api/openapi_shapes.h"
#include "api/status.h"

namespace credvault::api {
namespace {

struct SharedField {
    std::string_view name, description;
    bool of_limits;
};

constexpr std::array<SharedField, 7> shared{{
    {"X-Request-Id", "Names this request in logs.", false},
    {"Access-Control-Allow-Origin", "The page's origin, where `server.cors_origins` lets it read the answer.",
     false},
    {"RateLimit-Policy",
     "The limits that the call counts against, a structured field (RFC 9651): requests `q` in a window of "
     "`w` "
     "seconds. Absent where there are none, as are the other fields of limits.",
     true},
    {"RateLimit",
     "For each of them how many requests may come right now (`r`), and in how many seconds all of a burst "
     "may "
     "(`t`).",
     true},
    {"X-RateLimit-Limit", "Requests per window, of the limit of which least is left.", true},
    {"X-RateLimit-Remaining", "How many of them may come right now.", true},
    {"X-RateLimit-Reset", "When all of a burst may come again, in seconds since 1970.", true},
}};

/// What a success is, for people.
std::string_view meaning_of(int status) {
    switch (status) {
        case 201: return "Made: the new resource, or what was written.";
        case 202: return "Taken on as a job, which goes on in the background.";
        case 204: return "Done; there is nothing to tell.";
        case 304: return "The client has it already.";
        default: return "Done: what was asked for.";
    }
}

/// What the endpoint declares, and what the pipeline and the store say to anyone.
std::map<int, std::set<std::string_view>> errors_of(const Endpoint& endpoint) {
    std::vector<ErrorCode> codes = endpoint.info().errors;
    const auto add = [&](std::initializer_list<ErrorCode> more) { codes.insert(codes.end(), more); };
    add({ErrorCode::URI_TOO_LONG, ErrorCode::HEADER_TOO_LARGE, ErrorCode::UNKNOWN_PARAMETER,
         ErrorCode::NOT_ACCEPTABLE, ErrorCode::INTERNAL, ErrorCode::OVERLOADED, ErrorCode::SHUTTING_DOWN,
         ErrorCode::STORAGE_UNAVAILABLE});
    if (endpoint.request().fields().size() != 0)
        add({ErrorCode::INVALID_PARAMETER, ErrorCode::MISSING_PARAMETER});
    const Requirement& scope = endpoint.info().scope;
    if (scope.needs_credential())
        add({ErrorCode::UNAUTHENTICATED, ErrorCode::WORKSPACE_NOT_FOUND, ErrorCode::FORBIDDEN});
    if (scope.scope() || scope.needs_owner()) add({ErrorCode::ENROLMENT_REQUIRED});
    if (scope.needs_credential() && endpoint.info().method != http::Method::Get)
        add({ErrorCode::CSRF_TOKEN_REQUIRED});
    if (endpoint.info().rate != RateClass::Exempt) add({ErrorCode::RATE_LIMITED});
    if (endpoint.request().takes_body()) {
        add({ErrorCode::MALFORMED_JSON, ErrorCode::PAYLOAD_TOO_LARGE, ErrorCode::UNSUPPORTED_MEDIA_TYPE,
             ErrorCode::REQUEST_TIMEOUT});
    }
    if (OpenApiAnswers::may_answer(endpoint, 304)) add({ErrorCode::PRECONDITION_FAILED});
    if (endpoint.info().idempotency == Idempotency::Keyed)
        add({ErrorCode::IDEMPOTENCY_KEY_IN_FLIGHT, ErrorCode::IDEMPOTENCY_KEY_REUSED});
    std::map<int, std::set<std::string_view>> by_status;
    for (const ErrorCode code : codes) by_status[status_of(error_kind(code))].insert(error_name(code));
    return by_status;
}

}  // namespace

bool OpenApiAnswers::may_answer(const Endpoint& endpoint, int status) {
    return std::ranges::any_of(endpoint.statuses(),
                               [&](const AnswerStatus& one) { return one.status == status; });
}

void OpenApiAnswers::write(const Endpoint& endpoint, const std::vector<const Endpoint*>& all) {
    out().begin_object();
    for (const AnswerStatus& status : endpoint.statuses()) success(endpoint, status, all);
    const bool limited = endpoint.info().rate != RateClass::Exempt;
    for (const auto& [status, codes] : errors_of(endpoint)) {
        std::string name = std::to_string(status);
        for (const std::string_view code : codes) name.append(".").append(code);
        if (!limited) name.append(".unlimited");
        out().key(std::to_string(status)).begin_object();
        out().key("$ref").string("#/components/responses/" + name).end_object();
        failures_.try_emplace(std::move(name), Failure{status, codes, limited});
    }
    out().end_object();
}

void OpenApiAnswers::success(const Endpoint& endpoint, const AnswerStatus& status,
                             const std::vector<const Endpoint*>& all) {
    out().key(std::to_string(status.status)).begin_object();
    out().key("description").string(meaning_of(status.status));
    out().key("headers").begin_object();
    shared_fields(endpoint.info().rate != RateClass::Exempt);
    if (status.location) response_field("Location", "Where the new resource is.");
    if (status.etag) response_field("ETag", "The resource's version, for If-Match and If-None-Match.");
    // Where a schema can refuse records, it can also just warn.
    const auto& codes = endpoint.info().errors;
    if (status.status != 304 && !endpoint.paged() &&
        std::ranges::count(codes, ErrorCode::SCHEMA_VIOLATION) > 0) {
        response_field("X-Schema-Violations",
                       "JSON, where written records violate a schema that only warns: how many `records`, "
                       "the place of the first among what was written (`record`), and its `violations`.");
    }
    out().end_object();
    if (status.status != 204 && status.status != 304) content(endpoint, status.status);
    if (status.status == 201) append_links(out(), endpoint, all);
    out().end_object();
}

void OpenApiAnswers::content(const Endpoint& endpoint, int status) {
    out().key("content").begin_object();
    out().key(endpoint.info().produces).begin_object();
    out().key("schema").begin_object();
    if (endpoint.enveloped()) enveloped(endpoint);
    out().end_object();
    const std::string_view example = openapi_examples().answer(endpoint.info().id, status);
    if (!example.empty()) out().key("example").raw(example);
    out().end_object();
    for (const std::string_view type : endpoint.info().streams) {
        out().key(type).begin_object().key("schema").begin_object();
        if (type == "application/json") {
            out().key("type").string("array").key("items").begin_object().end_object();
        } else {
            out().key("type").string("string");
        }
        out().end_object().end_object();
    }
    out().end_object();
}

void OpenApiAnswers::enveloped(const Endpoint& endpoint) {
    out().key("type").string("object");
    out().key("properties").begin_object();
    out().key("status").begin_object().key("const").string("success");
    out().key("description").string("Always `success`.").end_object();
    out().key("data");
    endpoint.response_schema(schemas_);
    if (endpoint.paged()) {
        out().key("pagination");
        schemas_.whole(&Codec<PaginationShape>::schema);
    }
    out().end_object();
    out().key("required").begin_array().string("status").string("data");
    if (endpoint.paged()) out().string("pagination");
    out().end_array();
}

/// What every answer has, by reference.
void OpenApiAnswers::shared_fields(bool limited) {
    for (const SharedField& field : shared) {
        if (limited || !field.of_limits) reference(field.name);
    }
}

void OpenApiAnswers::reference(std::string_view name) {
    out()
        .key(name)
        .begin_object()
        .key("$ref")
        .string("#/components/headers/" + std::string(name))
        .end_object();
}

void OpenApiAnswers::response_field(std::string_view name, std::string_view description) {
    out().key(name).begin_object().key("description").string(description);
    out().key("schema").begin_object().key("type").string("string").end_object().end_object();
}

void OpenApiAnswers::failure(const Failure& failure) {
    std::string description;
    for (const std::string_view code : failure.codes) {
        description.append(description.empty() ? "`" : ", `").append(code).append("`");
    }
    out().begin_object();
    out().key("description").string(description);
    out().key("headers").begin_object();
    shared_fields(failure.limited);
    if (failure.status == 429 || failure.status == 503) reference("Retry-After");
    out().end_object();
    out().key("content").begin_object().key("application/json").begin_object().key("schema");
    schemas_.whole(&Codec<ErrorShape>::schema);
    bool any = false;
    for (const std::string_view code : failure.codes) {
        const std::string_view example = openapi_examples().error(code);
        if (example.empty()) continue;
        if (!any) out().key("examples").begin_object();
        any = true;
        out().key(code).begin_object().key("value").raw(example).end_object();
    }
    if (any) out().end_object();
    out().end_object().end_object();
    out().end_object();
}

void OpenApiAnswers::components() {
    out().key("headers").begin_object();
    for (const SharedField& field : shared) response_field(field.name, field.description);
    response_field("Retry-After", "Seconds to wait before the call is made again.");
    out().end_object();
    out().key("responses").begin_object();
    for (const auto& [name, one] : failures_) {
        out().key(name);
        failure(one);
    }
    out().end_object();
}

}  // namespace credvault::api
