#include "webhooks/webhook.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "json/writer.h"
#include "webhooks/event_types.h"

namespace credvault::webhooks {
namespace {

constexpr std::array<std::string_view, 3> payload_names{"record", "changed", "ids"};
constexpr std::array<std::string_view, 2> format_names{"standard", "cloudevents"};
constexpr std::array<std::string_view, 2> signature_names{"v1", "v1a"};
constexpr std::array<std::string_view, 3> state_names{"active", "paused", "disabled"};

std::string string_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::int64_t int_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->type() == json::Type::Int ? member->as_int() : 0;
}

std::int64_t time_in(const json::View& record, std::string_view name) {
    return parse_time(string_in(record, name)).value_or(0);
}

std::vector<std::string> strings_in(const json::View& record, std::string_view name) {
    std::vector<std::string> strings;
    const auto list = record.find(name);
    if (!list || !list->is_array()) return strings;
    for (const json::View element : list->elements()) {
        if (element.is_string()) strings.push_back(element.as_string());
    }
    return strings;
}

template <class E, std::size_t n>
E named(const std::array<std::string_view, n>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return static_cast<E>(found == names.end() ? 0 : found - names.begin());
}

void put_strings(json::Writer& out, std::string_view name, const std::vector<std::string>& strings) {
    out.key(name).begin_array();
    for (const std::string& string : strings) out.string(string);
    out.end_array();
}

void put_text(json::Writer& out, std::string_view name, const std::string& text) {
    if (!text.empty()) out.key(name).string(text);
}

void put_time(json::Writer& out, std::string_view name, std::int64_t ms) {
    if (ms != 0) out.key(name).string(format_time(ms));
}

std::string headers_text(const Headers& headers) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    for (const auto& [name, value] : headers) out.key(name).string(value);
    out.end_object();
    return text;
}

Headers headers_of(const std::string& text) {
    Headers headers;
    for (const json::Member& member : json::View(text).members()) {
        std::string name;
        json::append_decoded(name, member.name);
        headers.emplace_back(std::move(name), member.value.as_string());
    }
    return headers;
}

std::string about(const std::string& id) { return "webhook/" + id; }

/// False where one can't be read.
bool unseal(const json::View& record, const Vault& vault, Webhook& webhook) {
    const auto list = record.find("secrets");
    if (!list || !list->is_array()) return false;
    for (const json::View element : list->elements()) {
        auto text = vault.unseal(string_in(element, "sealed"), about(webhook.id));
        if (!text) return false;
        webhook.secrets.push_back({std::move(*text), time_in(element, "expires_at")});
    }
    const std::string sealed = string_in(record, "headers");
    if (sealed.empty()) return true;
    const auto headers = vault.unseal(sealed, about(webhook.id));
    if (headers) webhook.headers = headers_of(*headers);
    return headers.has_value();
}

void read_state(const json::View& record, Webhook& webhook) {
    webhook.state = named<State>(state_names, string_in(record, "status"));
    webhook.paused_reason = string_in(record, "paused_reason");
    webhook.paused_ms = time_in(record, "paused_at");
    webhook.started_ms = time_in(record, "started_at");
    webhook.rotated_ms = time_in(record, "last_rotated_at");
    webhook.gap_ms = time_in(record, "last_gap_at");
    webhook.created_ms = time_in(record, "created_at");
    webhook.updated_ms = time_in(record, "updated_at");
    webhook.version = static_cast<std::uint64_t>(int_in(record, "_version"));
}

}  // namespace

std::string_view payload_name(PayloadKind kind) { return payload_names[static_cast<std::size_t>(kind)]; }
std::string_view format_name(PayloadFormat format) { return format_names[static_cast<std::size_t>(format)]; }
std::string_view signature_name(SignatureKind kind) {
    return signature_names[static_cast<std::size_t>(kind)];
}
std::string_view state_name(State state) { return state_names[static_cast<std::size_t>(state)]; }

std::string_view trouble_name(Trouble trouble) {
    switch (trouble) {
        case Trouble::Gone: return "gone";
        case Trouble::Failing: return "failing";
        case Trouble::Gap: return "gap";
        case Trouble::MakerGone: return maker_gone;
    }
    return "failing";
}

bool Maker::has(std::string_view scope) const {
    return scope.empty() || std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

std::optional<Webhook> Webhook::parse(const json::View& record, const Vault& vault) {
    Webhook webhook;
    webhook.id = string_in(record, "id");
    webhook.workspace = string_in(record, "workspace");
    webhook.description = string_in(record, "description");
    webhook.url = string_in(record, "url");
    webhook.events = strings_in(record, "events");
    webhook.database = string_in(record, "database");
    webhook.collection = string_in(record, "collection");
    if (const auto filter = record.find("filter"); filter && filter->is_object())
        webhook.filter = filter->text();
    webhook.payload = named<PayloadKind>(payload_names, string_in(record, "payload"));
    webhook.format = named<PayloadFormat>(format_names, string_in(record, "format"));
    webhook.signature = named<SignatureKind>(signature_names, string_in(record, "signature"));
    webhook.max_per_second = int_in(record, "max_per_second");
    webhook.max_concurrency = int_in(record, "max_concurrency");
    webhook.created_by = string_in(record, "created_by");
    webhook.changed_by = string_in(record, "changed_by");
    webhook.scopes = strings_in(record, "scopes");
    if (const auto limits = record.find("restrictions"); limits && limits->is_object())
        webhook.restrictions = limits->text();
    read_state(record, webhook);
    if (webhook.id.empty() || webhook.url.empty() || !unseal(record, vault, webhook)) return {};
    return webhook;
}

std::string Webhook::text(const Vault& vault) const {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(id).key("workspace").string(workspace);
    put_text(out, "description", description);
    out.key("url").string(url);
    put_strings(out, "events", events);
    put_text(out, "database", database);
    put_text(out, "collection", collection);
    if (!filter.empty()) out.key("filter").raw(filter);
    out.key("payload").string(payload_name(payload)).key("format").string(format_name(format));
    out.key("signature").string(signature_name(signature));
    out.key("secrets").begin_array();
    for (const SecretInUse& secret : secrets) {
        out.begin_object().key("sealed").string(vault.seal(secret.text, about(id)));
        put_time(out, "expires_at", secret.expires_ms);
        out.end_object();
    }
    out.end_array();
    if (!headers.empty()) out.key("headers").string(vault.seal(headers_text(headers), about(id)));
    out.key("status").string(state_name(state));
    put_text(out, "paused_reason", paused_reason);
    put_time(out, "paused_at", paused_ms);
    out.key("max_per_second").number(max_per_second).key("max_concurrency").number(max_concurrency);
    out.key("created_by").string(created_by).key("changed_by").string(changed_by);
    put_strings(out, "scopes", scopes);
    if (restrictions != "{}") out.key("restrictions").raw(restrictions);
    put_time(out, "started_at", started_ms);
    put_time(out, "last_rotated_at", rotated_ms);
    put_time(out, "last_gap_at", gap_ms);
    out.end_object();
    return text;
}

std::string Webhook::public_text(std::int64_t now_ms, std::string_view secret) const {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(id).key("description").string(description).key("url").string(url);
    if (!secret.empty()) out.key("secret").string(secret);
    const auto keys = signing_keys(now_ms);
    if (signature == SignatureKind::V1a && !keys.empty())
        out.key("public_key").string(keys.front().public_key());
    put_strings(out, "events", events);
    put_text(out, "database", database);
    put_text(out, "collection", collection);
    if (!filter.empty()) out.key("filter").raw(filter);
    out.key("payload").string(payload_name(payload)).key("format").string(format_name(format));
    out.key("signature").string(signature_name(signature));
    out.key("headers").begin_object();
    for (const auto& [name, value] : headers) out.key(name).string(hidden_value);
    out.end_object();
    out.key("status").string(state_name(state));
    put_text(out, "paused_reason", paused_reason);
    put_time(out, "paused_at", paused_ms);
    if (max_per_second > 0) out.key("max_per_second").number(max_per_second);
    out.key("max_concurrency").number(max_concurrency);
    out.key("previous_secrets").begin_array();
    for (const SecretInUse& old : secrets) {
        if (old.expires_ms <= now_ms) continue;
        out.begin_object().key("expires_at").string(format_time(old.expires_ms)).end_object();
    }
    out.end_array();
    out.key("created_by").string(created_by).key("changed_by").string(changed_by);
    put_time(out, "last_rotated_at", rotated_ms);
    put_time(out, "last_gap_at", gap_ms);
    out.key("created_at").string(format_time(created_ms)).key("updated_at").string(format_time(updated_ms));
    out.end_object();
    return text;
}

std::vector<SigningKey> Webhook::signing_keys(std::int64_t now_ms) const {
    std::vector<SigningKey> keys;
    for (const SecretInUse& secret : secrets) {
        if (secret.expires_ms != 0 && secret.expires_ms <= now_ms) continue;
        if (auto key = SigningKey::parse(secret.text)) keys.push_back(std::move(*key));
    }
    return keys;
}

bool Webhook::wants(std::string_view type) const {
    const EventType* const known = find_event_type(type);
    if (known == nullptr || !any_covers(events, type)) return false;
    if (restrictions != "{}" && !known->of_places) return false;
    return known->scope.empty() || std::find(scopes.begin(), scopes.end(), known->scope) != scopes.end();
}

bool Webhook::wants_documents() const {
    return wants("document.created") || wants("document.updated") || wants("document.deleted");
}

}  // namespace credvault::webhooks
