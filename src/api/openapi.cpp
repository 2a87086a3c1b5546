#include "api/openapi.h"

#include <algorithm>
#include <set>

#include "api/openapi_answers.h"
#include "api/openapi_examples.h"
#include "api/openapi_tags.h"
#include "api/openapi_webhooks.h"

namespace credvault::api {
namespace {

class Document {
public:
    Document(const std::vector<const Endpoint*>& endpoints, const std::vector<std::string>& servers)
        : endpoints_(endpoints), servers_(servers) {}

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
        out().key("servers").begin_array();
        // Without a word of the configuration: where the document came from.
        for (const std::string& url : servers_.empty() ? std::vector<std::string>{"/"} : servers_) {
            out().begin_object().key("url").string(url);
            out().key("description").string(url == "/" ? "This server." : "As the configuration names it.");
            out().key("x-internal").boolean(false).end_object();
        }
        out().end_array();
        out().key("tags").begin_array();
        std::set<std::string_view> seen;
        for (const Endpoint* endpoint : endpoints_) {
            const std::string_view name = endpoint->info().tag;
            if (!seen.insert(name).second) continue;
            out().begin_object().key("name").string(name);
            out().key("description").string(tag_description(name)).end_object();
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
        out().key("responses");
        answers_.write(endpoint, endpoints_);
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
        if (endpoint.info().method == http::Method::Get && OpenApiAnswers::may_answer(endpoint, 304))
            conditions(endpoint);
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

    /// What the pipeline does for every read with an ETag, unless the operation says more of it.
    void conditions(const Endpoint& endpoint) {
        const auto declares = [&](std::string_view name) {
            return std::ranges::any_of(endpoint.request().fields(),
                                       [&](const Field& field) { return field.name == name; });
        };
        if (!declares("If-Match"))
            condition("If-Match", "Answers 412 if the resource has none of these ETags.");
        if (!declares("If-None-Match"))
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
            const std::string_view example = openapi_examples().request(endpoint.info().id);
            if (type == endpoint.info().consumes.front() && !example.empty())
                out().key("example").raw(example);
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
        answers_.components();
        out().key("schemas");
        schemas_.components();
        out().end_object();
    }

    const std::vector<const Endpoint*>& endpoints_;
    const std::vector<std::string>& servers_;
    std::string text_;
    SchemaWriter schemas_{text_};
    OpenApiAnswers answers_{schemas_};
};

std::vector<std::string>& servers() {
    static std::vector<std::string> urls;
    return urls;
}

}  // namespace

void set_api_servers(std::vector<std::string> urls) { servers() = std::move(urls); }

std::string openapi_document(const std::vector<const Endpoint*>& endpoints) {
    return Document(endpoints, servers()).text();
}

}  // namespace credvault::api
