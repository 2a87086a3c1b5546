#include "api/pipeline.h"

#include <algorithm>
#include <utility>

#include "access/api_keys.h"
#include "access/data_rules.h"
#include "api/audit_trail.h"
#include "api/authentication.h"
#include "api/conditions.h"
#include "api/negotiation.h"
#include "api/status.h"
#include "base/clock.h"
#include "base/log.h"
#include "json/canonical.h"

namespace credvault::api {
namespace {

/// A body where none is taken must say nothing.
constexpr std::size_t max_unwanted_bytes = 64 * 1024;
constexpr std::size_t max_idle_calls = 64;
/// An array of records has one level more than a record may have.
constexpr std::size_t max_body_depth = 101;

/// The thread's calls that are free to be used again.
std::vector<std::unique_ptr<Call>>& idle_calls() {
    thread_local std::vector<std::unique_ptr<Call>> calls;
    return calls;
}

bool says_nothing(std::string_view body) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = std::min(body.find_first_not_of(space), body.size());
    body = body.substr(first, body.find_last_not_of(space) + 1 - first);
    return body.empty() || body == "{}";
}

/// Every role has scopes: a user without them is kept out until he enrols, or belongs nowhere.
Error without_rights(const access::Principal& user) {
    if (user.workspace.empty())
        return Error(ErrorCode::FORBIDDEN, "You belong to no workspace: make one, or accept an invitation");
    return Error(ErrorCode::ENROLMENT_REQUIRED,
                 "This workspace demands a second factor: enrol with POST /v1/auth/totp first");
}

void log_failure(Call& call, const Error& error) {
    if (error_kind(error.code) != ErrorKind::Internal && error.cause.empty()) return;
    log::error("request failed", {{"request_id", call.request_id()},
                                  {"path", call.http().path},
                                  {"code", error_name(error.code)},
                                  {"cause", error.cause}});
}

}  // namespace

Pipeline::Pipeline(const std::vector<const Endpoint*>& endpoints, PipelineParts parts,
                   PipelineSettings settings)
    : router_(endpoints),
      cors_(settings.cors_origins),
      client_addresses_(settings.trusted_proxies, settings.forwarded_header),
      parts_(parts),
      settings_(std::move(settings)) {}

void Pipeline::Recycle::operator()(Call* call) const {
    call->end();
    std::unique_ptr<Call> owned(call);
    if (idle_calls().size() < max_idle_calls) idle_calls().push_back(std::move(owned));
}

Pipeline::CallHolder Pipeline::begin(http::Request& request) {
    auto& idle = idle_calls();
    CallHolder call(idle.empty() ? new Call : idle.back().release());
    if (!idle.empty()) idle.pop_back();
    call->begin(parts_.services, request);
    return call;
}

namespace {

bool is_over_quota(const Result<http::Response>& result) {
    return !result.ok() && result.error().code == ErrorCode::QUOTA_EXCEEDED;
}

}  // namespace

Reply<http::Response> Pipeline::handle(http::Request& request) {
    request.remote_address = client_addresses_.of(request);
    CallHolder call = begin(request);
    // What a library throws becomes a 500 here; inside coroutines their promise sees to it.
    try {
        if (const pages::Page* page = page_for(request)) return finish(*call, answer_page(*call, *page));
        if (request.method == http::Method::Options) return finish(*call, answer_options(request));
        if (Status admitted = admit(*call); !admitted.ok()) return finish(*call, std::move(admitted).error());
        Reply<http::Response> reply = serve(*call);
        if (!reply.ready()) return finish_later(std::move(call), std::move(reply));
        Result<http::Response> result = reply.take();
        if (!is_over_quota(result)) return finish(*call, std::move(result));
        return finish_later(std::move(call), std::move(result));
    } catch (const std::exception& thrown) {
        return finish(*call, Error(ErrorCode::INTERNAL, {}, {}, thrown.what()));
    }
}

/// Nothing below /v1 and nothing that the router knows is ever a page.
const pages::Page* Pipeline::page_for(const http::Request& request) const {
    if (parts_.pages == nullptr || request.path == "/v1" || request.path.starts_with("/v1/")) return nullptr;
    if (const pages::Page* file = parts_.pages->find(request.path)) return file;
    return router_.allow(request.path).empty() ? parts_.pages->find_view(request) : nullptr;
}

Result<http::Response> Pipeline::answer_page(Call& call, const pages::Page& page) const {
    constexpr std::string_view methods = "GET, HEAD, OPTIONS";
    switch (call.http().method) {
        case http::Method::Get:
        case http::Method::Head: return parts_.pages->answer(call.http(), page);
        case http::Method::Options: return cors_.options(call.http(), methods);
        default: break;
    }
    call.route.allow = methods;
    return Error(ErrorCode::METHOD_NOT_ALLOWED, "A page takes GET, HEAD, OPTIONS");
}

Status Pipeline::admit(Call& call) {
    TRY_VOID(router_.find(call.http().method, call.http().path, call.route));
    const RateClass rate = call.route.endpoint->info().rate;
    Status known = authenticate(call);
    // Whoever has a valid credential is not held to account for others behind the same address.
    TRY_VOID(call.principal ? parts_.limits.admit_principal(call, rate)
                            : parts_.limits.admit_address(call, rate));
    TRY_VOID(std::move(known));
    TRY_VOID(apply_restrictions(call));
    TRY_VOID(check_scope(call));
    TRY_VOID(check_accept(call));
    return check_content_type(call);
}

Result<http::Response> Pipeline::answer_options(http::Request& request) const {
    const std::string_view methods = router_.allow(request.path);
    if (methods.empty()) return Error(ErrorCode::NOT_FOUND);
    return cors_.options(request, methods);
}

Status Pipeline::authenticate(Call& call) {
    TRY(call.principal, principal_of(call.http(), parts_.services, call.route.endpoint->info()));
    if (call.principal && call.principal->use) call.principal->use->note(call.started_ns);
    return {};
}

Status Pipeline::apply_restrictions(Call& call) const {
    if (!call.principal) return {};
    if (call.principal->kind == access::PrincipalKind::User)
        call.principal = parts_.services.data_rules.applied(call.principal);
    if (!call.principal->restrictions) [[likely]]
        return {};
    if (call.principal->restrictions->allows_address(call.http().remote_address)) return {};
    if (!call.route.endpoint->info().scope.needs_credential()) {
        call.principal.reset();
        return {};
    }
    return Error(ErrorCode::FORBIDDEN, "The credential may not be used from this address");
}

namespace {

/// A credential that sees only some of the data can't be let near what works on all of it (backups, logs …). A
/// webhook tells nothing that who made it may not read.
Status check_narrowable(const Call& call, Scope scope) {
    if (!call.principal->restrictions || !call.principal->restrictions->restrict_data()) return {};
    switch (scope) {
        case Scope::DatabaseRead:
        case Scope::DatabaseWrite:
        case Scope::DatabaseManage:
        case Scope::QueryExecute:
        case Scope::MetadataRead:
        case Scope::WebhookRead:
        case Scope::WebhookManage:
        case Scope::KeyManage: return {};
        default: break;
    }
    return Error(ErrorCode::FORBIDDEN,
                 "The credential is restricted to some of the data: calls that need the scope " +
                     std::string(access::scope_name(scope)) + " work on all of them");
}

}  // namespace

Status Pipeline::check_scope(Call& call) {
    const Requirement& required = call.route.endpoint->info().scope;
    if (required.needs_user() && call.principal->kind != access::PrincipalKind::User)
        return Error(ErrorCode::FORBIDDEN, "This call is for signed-in users: an API key can't make it");
    if (required.needs_owner() && call.principal->kind == access::PrincipalKind::User &&
        call.principal->scopes == access::ScopeSet())
        return without_rights(*call.principal);
    if (required.needs_owner() && call.principal->role != access::Role::Owner)
        return Error(ErrorCode::FORBIDDEN, "This call is for the owners of the workspace");
    const auto scope = required.scope();
    if (!scope) return {};
    if (call.principal->scopes.has(*scope)) return check_narrowable(call, *scope);
    if (call.principal->kind == access::PrincipalKind::User && call.principal->scopes == access::ScopeSet())
        return without_rights(*call.principal);
    return Error(ErrorCode::FORBIDDEN, "This call needs the scope " +
                                           std::string(access::scope_name(*scope)) +
                                           ", which the credential does not have");
}

Reply<http::Response> Pipeline::serve(Call& call) {
    switch (trail_of(call.route.endpoint->info())) {
        case Trail::Change: return serve_change(call);
        case Trail::SignIn: return serve_sign_in(call);
        default: return run(call);
    }
}

Reply<http::Response> Pipeline::run(Call& call) {
    const Endpoint& endpoint = *call.route.endpoint;
    if (!call.http().has_body || endpoint.info().streams_body) return endpoint.invoke(call);
    return serve_with_body(call);
}

Reply<http::Response> Pipeline::serve_with_body(Call& call) {
    CO_TRY_VOID(co_await read_body(call));
    co_return co_await call.route.endpoint->invoke(call);
}

Reply<void> Pipeline::read_body(Call& call) {
    const Endpoint& endpoint = *call.route.endpoint;
    if (!endpoint.request().takes_body()) {
        CO_TRY(const std::string_view unwanted, co_await call.http().body(max_unwanted_bytes));
        if (says_nothing(unwanted)) co_return Status();
        co_return Error(ErrorCode::UNKNOWN_PARAMETER, "This call takes no body", "body");
    }
    const std::size_t configured = settings_.body_bytes;
    const std::size_t most =
        endpoint.info().max_body_bytes == 0 ? configured : endpoint.info().max_body_bytes;
    CO_TRY(const std::string_view text, co_await call.http().body(most));
    const auto canonicalize = [&call, text, most]() -> Result<bool> {
        TRY_VOID(json::canonicalize_to(call.body, text, {.max_depth = max_body_depth, .max_bytes = most}));
        return true;
    };
    if (parts_.pool != nullptr && text.size() > settings_.pool_body_bytes) {
        CO_TRY_VOID(co_await parts_.pool->run<bool>(canonicalize));
    } else {
        CO_TRY_VOID(canonicalize());
    }
    co_return Status();
}

Reply<http::Response> Pipeline::finish_later(CallHolder call, Reply<http::Response> reply) {
    Result<http::Response> result = co_await std::move(reply);
    if (is_over_quota(result)) CO_TRY_VOID(co_await tell_quota(*call, result.error()));
    co_return finish(*call, std::move(result));
}

http::Response Pipeline::finish(Call& call, Result<http::Response> result) {
    if (result.ok()) {
        if (Status holds = check_conditions(call, *result); !holds.ok()) result = std::move(holds).error();
    }
    if (result.ok()) {
        note_end(call, &*result, nullptr);
        complete(call, *result);
        record(call, *result, {});
        return std::move(result).value();
    }
    const Error& error = result.error();
    log_failure(call, error);
    note_end(call, nullptr, &error);
    http::Response response = error_response(error, call.request_id(), call.route.allow);
    complete(call, response);
    record(call, response, error_name(error.code));
    return response;
}

void Pipeline::complete(Call& call, http::Response& response) {
    const bool revalidated = response.fields.find("ETag").has_value();
    response.fields.add("X-Request-Id", call.request_id());
    // Pages have their own.
    if (!response.fields.find("Cache-Control"))
        response.fields.add("Cache-Control", revalidated ? "private, no-cache" : "no-store");
    response.fields.add("X-Content-Type-Options", "nosniff");
    call.duration_ns = monotonic_ns() - call.started_ns;
    parts_.limits.describe(call, response);
    parts_.limits.settle(call, response);
    cors_.allow(call.http(), response);
}

void Pipeline::record(Call& call, const http::Response& response, std::string_view error) {
    const Endpoint* const endpoint = call.route.endpoint;
    parts_.counters.count(endpoint != nullptr ? call.route.number : parts_.counters.operations(),
                          response.status, call.duration_ns);
    if (parts_.log == nullptr) return;
    const http::Request& request = call.http();
    parts_.log->add({call.request_id(),
                     request.method_text.empty() ? http::method_name(request.method) : request.method_text,
                     request.path, endpoint != nullptr ? endpoint->info().id : std::string_view(),
                     response.status, call.duration_ns,
                     call.principal ? std::string_view(call.principal->id) : std::string_view(),
                     request.remote_address, response.body.size(), error});
}

http::Response Pipeline::reject(const Error& error, std::string_view remote_address) {
    RequestId id;
    id.generate();
    http::Response response = error_response(error, id.text());
    response.fields.add("X-Request-Id", id.text());
    response.fields.add("Cache-Control", "no-store");
    response.fields.add("X-Content-Type-Options", "nosniff");
    parts_.counters.count(parts_.counters.operations(), response.status, 0);
    if (parts_.log != nullptr) {
        AccessEntry entry;
        entry.request_id = id.text();
        entry.status = response.status;
        entry.address = remote_address;
        entry.bytes = response.body.size();
        entry.error = error_name(error.code);
        parts_.log->add(entry);
    }
    return response;
}

}  // namespace credvault::api
