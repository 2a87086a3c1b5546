#include "api/audit_trail.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "api/status.h"
#include "base/clock.h"
#include "json/canonical.h"

namespace credvault::api {
namespace {

using access::Scope;

/// Parts of names, in lower case. Rather one too many: an image is for people, the resource itself is not changed.
constexpr auto secret_parts = std::to_array<std::string_view>(
    {"password", "secret", "token", "recovery", "otp", "credential", "private", "cookie", "authorization"});
/// Whole names.
constexpr auto secret_names =
    std::to_array<std::string_view>({"code", "codes", "key", "link", "csrf", "setup_code", "connection"});

bool is_secret(std::string_view escaped_name) {
    std::string name(escaped_name);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (std::find(secret_names.begin(), secret_names.end(), name) != secret_names.end()) return true;
    return std::any_of(secret_parts.begin(), secret_parts.end(),
                       [&name](std::string_view part) { return name.find(part) != std::string::npos; });
}

/// Depth is bounded by what the parser lets in.
void append_redacted(json::Writer& out, const json::View& value) {
    if (value.is_array()) {
        out.begin_array();
        for (const json::View element : value.elements()) append_redacted(out, element);
        out.end_array();
    } else if (value.is_object()) {
        out.begin_object();
        std::string name;
        for (const json::Member& member : value.members()) {
            name.clear();
            json::append_decoded(name, member.name);
            out.key(name);
            if (is_secret(member.name) && (member.value.is_string() || member.value.is_number())) {
                out.string("[redacted]");
            } else if (is_secret(member.name) && member.value.is_array()) {
                out.begin_array().end_array();
            } else {
                append_redacted(out, member.value);
            }
        }
        out.end_object();
    } else {
        out.raw(value.text());
    }
}

bool is_of_data(Scope scope) {
    constexpr auto data = std::to_array<Scope>(
        {Scope::DatabaseRead, Scope::DatabaseWrite, Scope::QueryExecute, Scope::MetadataRead, Scope::LogsRead,
         Scope::ClusterRead, Scope::IntegrationRead, Scope::IntelligenceRead, Scope::IntelligenceExecute,
         Scope::WebhookRead});
    return std::find(data.begin(), data.end(), scope) != data.end();
}

bool only_reads(http::Method method) { return method == http::Method::Get || method == http::Method::Head; }

}  // namespace

Trail trail_of(const OperationInfo& operation) {
    const auto scope = operation.scope.scope();
    if (scope && is_of_data(*scope)) return Trail::Data;
    if (only_reads(operation.method)) return Trail::None;
    return operation.scope.needs_credential() ? Trail::Change : Trail::SignIn;
}

bool notes_data(access::DataAccess level, const OperationInfo& operation) {
    if (level == access::DataAccess::Off || trail_of(operation) != Trail::Data) return false;
    return level == access::DataAccess::All || operation.scope.scope() == Scope::DatabaseWrite;
}

access::AuditEntry entry_of(Call& call) {
    access::AuditEntry entry;
    entry.at_ms = now_ms();
    if (call.route.endpoint != nullptr) entry.action = call.route.endpoint->info().id;
    if (call.principal) {
        entry.workspace = call.principal->workspace;
        entry.actor = call.principal->id;
        entry.actor_kind = call.principal->kind == access::PrincipalKind::User ? "user" : "key";
        entry.session = call.principal->session;
    } else {
        entry.workspace = call.subject.workspace;
        entry.actor = call.subject.user;
        entry.actor_kind = call.subject.user.empty() ? "none" : "user";
    }
    entry.address = call.http().remote_address;
    entry.request_id = call.request_id();
    entry.target = call.http().path;
    return entry;
}

void ended(access::AuditEntry& entry, const http::Response& response) {
    entry.outcome = "success";
    entry.status = response.status;
}

void ended(access::AuditEntry& entry, const Error& error) {
    const ErrorKind kind = error_kind(error.code);
    const bool refused =
        kind == ErrorKind::Unauthorized || kind == ErrorKind::Forbidden || kind == ErrorKind::TooManyRequests;
    entry.outcome = refused ? "refused" : "failed";
    entry.status = status_of(kind);
    entry.code = error_name(error.code);
}

std::string without_secrets(const json::View& value) {
    std::string text;
    json::Writer out(text);
    append_redacted(out, value);
    return text;
}

std::string image_of(const http::Response& response) {
    if (response.stream || response.body.empty() || response.content_type != "application/json") return {};
    const Result<std::string> canonical = json::canonicalize(response.body);
    if (!canonical.ok()) return {};
    const json::View envelope(*canonical);
    if (!envelope.is_object()) return {};
    const auto data = envelope.find("data");
    return data ? without_secrets(*data) : std::string();
}

}  // namespace credvault::api
