#include "api/openapi.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "api/openapi_webhooks.h"
#include "api/status.h"

namespace credvault::api {
namespace {

struct PaginationShape {
    std::int64_t limit = 0;
    std::int64_t offset = 0;
    std::optional<std::int64_t> total;
    std::optional<std::string> total_relation;
    bool has_more = false;
    std::optional<std::string> next_cursor;
    static constexpr std::string_view schema_name = "Pagination";
    static Fields fields() {
        using P = PaginationShape;
        return {body(&P::limit, "limit", {.description = "The most rows of a page.", .example = "20"}),
                body(&P::offset, "offset",
                     {.description = "Rows left out before the first one.", .example = "0"}),
                body(&P::total, "total",
                     {.description = "Rows in all, as total_relation says.", .example = "137"}),
                body(&P::total_relation, "total_relation",
                     {.description = "`eq`: total is exact; `gte`: there are at least so many.",
                      .example = "eq"}),
                body(&P::has_more, "has_more", {.description = "Whether rows follow.", .example = "true"}),
                body(&P::next_cursor, "next_cursor", {.description = "The `cursor` of the next page."})};
    }
};

struct DetailShape {
    std::string field, code, message;
    static constexpr std::string_view schema_name = "ErrorDetail";
    static Fields fields() {
        return {body(&DetailShape::field, "field", {.description = "The parameter or field that is wrong."}),
                body(&DetailShape::code, "code", {.example = "INVALID_PARAMETER"}),
                body(&DetailShape::message, "message",
                     {.description = "What is wrong and what would be right."})};
    }
};

struct ErrorShape {
    std::string status, code, message, request_id;
    std::optional<std::string> field;
    std::optional<std::vector<DetailShape>> details;
    std::optional<Raw<AnyObject>> result;
    static constexpr std::string_view schema_name = "Error";
    static Fields fields() {
        using E = ErrorShape;
        return {
            body(&E::status, "status", {.example = "error"}),
            body(&E::code, "code", {.description = "Stable, for programs.", .example = "MISSING_PARAMETER"}),
            body(&E::message, "message",
                 {.description = "What is wrong and what would be right, for people.",
                  .example = "Required parameter 'name' is missing from request"}),
            body(&E::field, "field", {.description = "The parameter or field concerned.", .example = "name"}),
            body(&E::details, "details", {.description = "Where several fields are wrong: all of them."}),
            body(&E::result, "result",
                 {.description = "Of work that is done piece by piece: what was done before it failed."}),
            body(&E::request_id, "request_id", {.description = "The same as X-Request-Id."})};
    }
};

class Document {
public:
    explicit Document(const std::vector<const Endpoint*>& endpoints) : endpoints_(endpoints) {}

    std::string text() {
        out().begin_object();
        out().key("openapi").string("3.1.0");
        info();
        servers_and_tags();
        paths();
        out().key("webhooks");
        append_webhooks(out());
        components();
        out().end_object();
        return std::move(text_);
    }

private:
    json::Writer& out() { return schemas_.out(); }

    void info() {
        out().key("info").begin_object();
        out().key("title").string("CredVault");
        out().key("version").string("v1");
        out()
            .key("description")
            .string(
                "A document database behind a REST API. Success is `{\"status\":\"success\",\"data\":…}`, "
                "failure "
                "`{\"status\":\"error\",\"code\":…,\"message\":…}`. Within v1 fields may be added; none is "
                "removed "
                "or changes meaning.");
        out()
            .key("license")
            .begin_object()
            .key("name")
            .string("Apache-2.0")
            .key("identifier")
            .string("Apache-2.0");
        out().end_object();
        out().end_object();
    }

    void servers_and_tags() {
        out().key("servers").begin_array().begin_object().key("url").string("/").end_object().end_array();
        out().key("tags").begin_array();
        std::set<std::string_view> seen;
        for (const Endpoint* endpoint : endpoints_) {
            if (seen.insert(endpoint->info().tag).second) {
                out().begin_object().key("name").string(endpoint->info().tag).end_object();
            }
        }
        out().end_array();
    }

    void paths() {
        out().key("paths").begin_object();
        std::set<std::string_view> seen;
        for (const Endpoint* first : endpoints_) {
            if (!seen.insert(first->info().path).second) continue;
            out().key(first->info().path).begin_object();
            for (const Endpoint* endpoint : endpoints_) {
                if (endpoint->info().path == first->info().path) operation(*endpoint);
            }
            out().end_object();
        }
        out().end_object();
    }

    void operation(const Endpoint& endpoint) {
        const OperationInfo& info = endpoint.info();
        std::string method(http::method_name(info.method));
        std::transform(method.begin(), method.end(), method.begin(),
                       [](char c) { return static_cast<char>(c | 0x20); });
        out().key(method).begin_object();
        out().key("operationId").string(info.id);
        out().key("tags").begin_array().string(info.tag).end_array();
        out().key("summary").string(info.summary);
        if (!info.description.empty()) out().key("description").string(info.description);
        security(info.scope);
        schemas_.describe_responses(false);
        parameters(endpoint);
        request_body(endpoint);
        schemas_.describe_responses(true);
        responses(endpoint);
        out().end_object();
    }

    void security(const Requirement& requirement) {
        out().key("security").begin_array();
        if (requirement.needs_credential()) {
            for (const std::string_view scheme : {"ApiKey", "Bearer", "Cookie"}) {
                // Only a signed-in user can make these.
                if (scheme == "ApiKey" && requirement.needs_user()) continue;
                out().begin_object().key(scheme).begin_array();
                if (const auto scope = requirement.scope()) out().string(access::scope_name(*scope));
                out().end_array().end_object();
            }
        }
        out().end_array();
    }

    void parameters(const Endpoint& endpoint) {
        out().key("parameters").begin_array();
        for (const Field& field : endpoint.request().fields()) {
            switch (field.source) {
                case Source::Path: parameter(field, "path"); break;
                case Source::Query: parameter(field, "query"); break;
                case Source::Header: parameter(field, "header"); break;
                case Source::OtherQuery: filters(field); break;
                case Source::Body:
                case Source::Document:
                case Source::MediaType: break;
            }
        }
        if (endpoint.info().method == http::Method::Get && may_answer(endpoint, 304)) conditions();
        out().end_array();
    }

    void parameter(const Field& field, std::string_view in) {
        Field bare = field;
        bare.rules.description = {};
        out().begin_object();
        out().key("name").string(field.name);
        out().key("in").string(in);
        if (!field.rules.description.empty()) out().key("description").string(field.rules.description);
        if (field.rules.required) out().key("required").boolean(true);
        if (field.type->form == TextForm::Json) {
            out().key("content").begin_object().key("application/json").begin_object().key("schema");
            schemas_.field(bare);
            out().end_object().end_object();
        } else {
            if (field.type->form == TextForm::List && in == "query") {
                out().key("style").string("form").key("explode").boolean(false);
            }
            out().key("schema");
            schemas_.field(bare);
        }
        out().end_object();
    }

    void filters(const Field& field) {
        out().begin_object();
        out().key("name").string("filters");
        out().key("in").string("query");
        out().key("description").string(field.rules.description);
        out().key("style").string("form").key("explode").boolean(true);
        out().key("schema").begin_object().key("type").string("object");
        out().key("additionalProperties").begin_object().key("type").string("string").end_object();
        out().end_object();
        out().end_object();
    }

    void conditions() {
        condition("If-Match", "Answers 412 if the resource has none of these ETags.");
        condition("If-None-Match", "Answers 304 if the resource still has one of these ETags.");
    }

    void condition(std::string_view name, std::string_view description) {
        out().begin_object();
        out().key("name").string(name).key("in").string("header");
        out().key("description").string(description);
        out().key("schema").begin_object().key("type").string("string").end_object();
        out().end_object();
    }

    void request_body(const Endpoint& endpoint) {
        if (!endpoint.request().takes_body() && !endpoint.info().streams_body) return;
        out().key("requestBody").begin_object();
        if (endpoint.request().needs_body()) out().key("required").boolean(true);
        out().key("content").begin_object();
        for (const std::string_view type : endpoint.info().consumes) {
            out().key(type).begin_object().key("schema");
            if (endpoint.info().streams_body) {
                out().begin_object().key("type").string("string").end_object();
            } else {
                body_schema(endpoint.request().fields());
            }
            out().end_object();
        }
        out().end_object();
        out().end_object();
    }

    void body_schema(const Fields& fields) {
        const auto document = std::find_if(fields.begin(), fields.end(), [](const Field& field) {
            return field.source == Source::Document;
        });
        if (document != fields.end()) return schemas_.field(*document);
        std::vector<Field> members;
        std::copy_if(fields.begin(), fields.end(), std::back_inserter(members),
                     [](const Field& field) { return field.source == Source::Body; });
        const Fields body_fields{Fields::Group(std::move(members))};
        out().begin_object();
        schemas_.object({{}, {}, &body_fields, false});
        out().end_object();
    }

    static bool may_answer(const Endpoint& endpoint, int status) {
        const auto& all = endpoint.statuses();
        return std::any_of(all.begin(), all.end(),
                           [&](const AnswerStatus& one) { return one.status == status; });
    }

    void responses(const Endpoint& endpoint) {
        out().key("responses").begin_object();
        for (const AnswerStatus& status : endpoint.statuses()) success(endpoint, status);
        for (const auto& [status, codes] : errors_of(endpoint)) failure(endpoint, status, codes);
        out().end_object();
    }

    void success(const Endpoint& endpoint, const AnswerStatus& status) {
        constexpr std::string_view unchanged = "The client has it already.";
        out().key(std::to_string(status.status)).begin_object();
        out().key("description").string(status.status == 304 ? unchanged : std::string_view("Success."));
        out().key("headers").begin_object();
        shared_fields(endpoint);
        if (status.location) response_field("Location", "Where the new resource is.");
        if (status.etag) response_field("ETag", "The resource's version, for If-Match and If-None-Match.");
        // Where a schema can refuse records, it can also just warn.
        const auto& codes = endpoint.info().errors;
        if (status.status != 304 && !endpoint.paged() &&
            std::ranges::count(codes, ErrorCode::SCHEMA_VIOLATION) > 0) {
            response_field(
                "X-Schema-Violations",
                "JSON, where written records violate a schema that only warns: how many `records`, "
                "the place of the first among what was written (`record`), and its `violations`.");
        }
        out().end_object();
        if (status.status != 204 && status.status != 304) content(endpoint);
        out().end_object();
    }

    /// What every answer has, by reference.
    void shared_fields(const Endpoint& endpoint) {
        for (const SharedField& field : shared_fields_) {
            if (field.of_limits && endpoint.info().rate == RateClass::Exempt) continue;
            reference(field.name);
        }
    }

    void reference(std::string_view name) {
        const std::string target = "#/components/headers/" + std::string(name);
        out().key(name).begin_object().key("$ref").string(target).end_object();
    }

    void response_field(std::string_view name, std::string_view description) {
        out().key(name).begin_object().key("description").string(description);
        out().key("schema").begin_object().key("type").string("string").end_object().end_object();
    }

    void content(const Endpoint& endpoint) {
        out().key("content").begin_object();
        out().key(endpoint.info().produces).begin_object();
        out().key("schema").begin_object();
        if (endpoint.enveloped()) {
            out().key("type").string("object");
            out().key("properties").begin_object();
            out().key("status").begin_object().key("const").string("success").end_object();
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
        out().end_object();
        out().end_object();
        for (const std::string_view type : endpoint.info().streams) {
            out().key(type).begin_object();
            const bool json = type == "application/json";
            out().key("schema").begin_object().key("type").string(json ? "array" : "string").end_object();
            out().end_object();
        }
        out().end_object();
    }

    /// What the endpoint declares, and what the pipeline and the store say to anyone.
    static std::map<int, std::set<std::string_view>> errors_of(const Endpoint& endpoint) {
        std::vector<ErrorCode> codes = endpoint.info().errors;
        const auto add = [&](std::initializer_list<ErrorCode> more) { codes.insert(codes.end(), more); };
        add({ErrorCode::UNKNOWN_PARAMETER, ErrorCode::NOT_ACCEPTABLE, ErrorCode::INTERNAL,
             ErrorCode::OVERLOADED, ErrorCode::SHUTTING_DOWN, ErrorCode::STORAGE_UNAVAILABLE});
        if (endpoint.request().fields().size() != 0)
            add({ErrorCode::INVALID_PARAMETER, ErrorCode::MISSING_PARAMETER});
        const Requirement& scope = endpoint.info().scope;
        if (scope.needs_credential()) add({ErrorCode::UNAUTHENTICATED, ErrorCode::WORKSPACE_NOT_FOUND});
        if (scope.needs_credential()) add({ErrorCode::FORBIDDEN});
        if (scope.scope() || scope.needs_owner()) add({ErrorCode::ENROLMENT_REQUIRED});
        if (scope.needs_credential() && endpoint.info().method != http::Method::Get)
            add({ErrorCode::CSRF_TOKEN_REQUIRED});
        if (endpoint.info().rate != RateClass::Exempt) add({ErrorCode::RATE_LIMITED});
        if (endpoint.request().takes_body()) {
            add({ErrorCode::MALFORMED_JSON, ErrorCode::PAYLOAD_TOO_LARGE, ErrorCode::UNSUPPORTED_MEDIA_TYPE,
                 ErrorCode::REQUEST_TIMEOUT});
        }
        if (may_answer(endpoint, 304)) add({ErrorCode::PRECONDITION_FAILED});
        if (endpoint.info().idempotency == Idempotency::Keyed) {
            add({ErrorCode::IDEMPOTENCY_KEY_IN_FLIGHT, ErrorCode::IDEMPOTENCY_KEY_REUSED});
        }
        std::map<int, std::set<std::string_view>> by_status;
        for (const ErrorCode code : codes) by_status[status_of(error_kind(code))].insert(error_name(code));
        return by_status;
    }

    void failure(const Endpoint& endpoint, int status, const std::set<std::string_view>& codes) {
        std::string description;
        for (const std::string_view code : codes) {
            description.append(description.empty() ? "`" : ", `").append(code).append("`");
        }
        out().key(std::to_string(status)).begin_object();
        out().key("description").string(description);
        out().key("headers").begin_object();
        shared_fields(endpoint);
        if (status == 429 || status == 503) reference("Retry-After");
        out().end_object();
        out().key("content").begin_object().key("application/json").begin_object().key("schema");
        schemas_.whole(&Codec<ErrorShape>::schema);
        out().end_object().end_object();
        out().end_object();
    }

    void components() {
        out().key("components").begin_object();
        out().key("securitySchemes").begin_object();
        out().key("ApiKey").begin_object();
        out().key("type").string("apiKey").key("in").string("header").key("name").string("Authorization");
        out().key("description").string("`Authorization: ApiKey cv_live_…`");
        out().end_object();
        out().key("Bearer").begin_object();
        out().key("type").string("http").key("scheme").string("bearer");
        out().key("description").string("An API key or a user's access token.");
        out().end_object();
        out().key("Cookie").begin_object();
        out().key("type").string("apiKey").key("in").string("cookie");
        out().key("name").string("__Host-credvault_session");
        out()
            .key("description")
            .string(
                "A browser's session (`\"cookie\": true` when signing in). Calls that change something also "
                "need `X-CSRF-Token`. Without TLS the cookie is called `credvault_session`.");
        out().end_object();
        out().end_object();
        out().key("headers").begin_object();
        for (const SharedField& field : shared_fields_) response_field(field.name, field.description);
        response_field("Retry-After", "Seconds to wait before the call is made again.");
        out().end_object();
        out().key("schemas");
        schemas_.components();
        out().end_object();
    }

    struct SharedField {
        std::string_view name, description;
        bool of_limits;
    };
    static constexpr std::array<SharedField, 6> shared_fields_{
        {{"X-Request-Id", "Names this request in logs.", false},
         {"RateLimit-Policy",
          "The limits that the call counts against, a structured field (RFC 9651): requests `q` in a window "
          "of `w` "
          "seconds. Absent where there are none, as are the other fields of limits.",
          true},
         {"RateLimit",
          "For each of them how many requests may come right now (`r`), and in how many seconds all of a "
          "burst may "
          "(`t`).",
          true},
         {"X-RateLimit-Limit", "Requests per window, of the limit of which least is left.", true},
         {"X-RateLimit-Remaining", "How many of them may come right now.", true},
         {"X-RateLimit-Reset", "When all of a burst may come again, in seconds since 1970.", true}}};

    const std::vector<const Endpoint*>& endpoints_;
    std::string text_;
    SchemaWriter schemas_{text_};
};

}  // namespace

std::string openapi_document(const std::vector<const Endpoint*>& endpoints) {
    return Document(endpoints).text();
}

}  // namespace credvault::api
