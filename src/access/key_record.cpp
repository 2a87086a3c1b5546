#include "access/key_record.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

constexpr auto status_names = std::to_array<std::string_view>({"active", "disabled", "revoked"});

std::string string_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

/// What can't be read must not mean "for ever".
std::int64_t time_in(const json::View& record, std::string_view name) {
    const std::string text = string_in(record, name);
    return text.empty() ? 0 : parse_time(text).value_or(1);
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

std::vector<PreviousSecret> previous_in(const json::View& record) {
    std::vector<PreviousSecret> previous;
    const auto list = record.find("previous");
    if (!list || !list->is_array()) return previous;
    for (const json::View element : list->elements()) {
        const auto digest = digest_from_hex(string_in(element, "hash"));
        const std::int64_t expires = time_in(element, "expires_at");
        if (digest && expires != 0) previous.push_back({*digest, string_in(element, "prefix"), expires});
    }
    return previous;
}

void put_time(json::Writer& out, std::string_view name, std::int64_t ms) {
    if (ms != 0) out.key(name).string(format_time(ms));
}

void put_strings(json::Writer& out, std::string_view name, const std::vector<std::string>& strings) {
    out.key(name).begin_array();
    for (const std::string& string : strings) out.string(string);
    out.end_array();
}

}  // namespace

std::optional<KeyRecord> KeyRecord::parse(const json::View& record) {
    KeyRecord key;
    const auto digest = digest_from_hex(string_in(record, "hash"));
    const auto scopes = record.find("scopes");
    const std::string status = string_in(record, "status");
    const auto* const known = std::find(status_names.begin(), status_names.end(), status);
    if (!digest || !scopes || !scopes->is_array() || known == status_names.end()) return {};
    if (const auto restrictions = record.find("restrictions")) {
        Result<RestrictionsRef> parsed = Restrictions::parse(*restrictions);
        if (!parsed.ok()) return {};
        key.restrictions = std::move(parsed).value();
    }
    key.id = string_in(record, "id");
    key.workspace = string_in(record, "workspace");
    key.name = string_in(record, "name");
    key.source = string_in(record, "source");
    if (string_in(record, "environment") == "test") key.environment = "test";
    key.created_by = string_in(record, "created_by");
    key.ancestors = strings_in(record, "ancestors");
    key.scopes = strings_in(record, "scopes");
    key.status = static_cast<KeyStatus>(known - status_names.begin());
    key.prefix = string_in(record, "prefix");
    key.digest = *digest;
    key.previous = previous_in(record);
    key.expires_ms = time_in(record, "expires_at");
    key.rotated_ms = time_in(record, "last_rotated_at");
    key.used_ms = time_in(record, "last_used_at");
    key.created_ms = time_in(record, "created_at");
    if (const auto version = record.find("_version"); version && version->is_number())
        key.version = static_cast<std::uint64_t>(version->as_int());
    return key;
}

std::string KeyRecord::text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("id").string(id).key("workspace").string(workspace).key("name").string(name);
    out.key("source").string(source).key("environment").string(environment);
    if (!created_by.empty()) out.key("created_by").string(created_by);
    if (!ancestors.empty()) put_strings(out, "ancestors", ancestors);
    put_strings(out, "scopes", scopes);
    if (restrictions) out.key("restrictions").raw(Restrictions::text(restrictions));
    out.key("status").string(status_names[static_cast<std::size_t>(status)]);
    out.key("prefix").string(prefix).key("hash").string(hex_of(digest));
    if (!previous.empty()) {
        out.key("previous").begin_array();
        for (const PreviousSecret& old : previous) {
            out.begin_object().key("hash").string(hex_of(old.digest)).key("prefix").string(old.prefix);
            out.key("expires_at").string(format_time(old.expires_ms)).end_object();
        }
        out.end_array();
    }
    put_time(out, "expires_at", expires_ms);
    put_time(out, "last_rotated_at", rotated_ms);
    put_time(out, "last_used_at", used_ms);
    out.end_object();
    return text;
}

std::string KeyRecord::public_text(std::int64_t now_ms, std::string_view secret) const {
    const bool expired = expires_ms != 0 && expires_ms <= now_ms;
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("id").string(id).key("name").string(name).key("environment").string(environment);
    out.key("prefix").string(prefix);
    if (!secret.empty()) out.key("secret").string(secret);
    put_strings(out, "scopes", scopes);
    out.key("restrictions").raw(Restrictions::text(restrictions));
    out.key("status").string(
        expired && status != KeyStatus::Revoked ? "expired" : status_names[static_cast<std::size_t>(status)]);
    if (!created_by.empty()) out.key("created_by").string(created_by);
    out.key("created_at").string(format_time(created_ms));
    put_time(out, "expires_at", expires_ms);
    put_time(out, "last_used_at", used_ms);
    put_time(out, "last_rotated_at", rotated_ms);
    out.key("previous_secrets").begin_array();
    for (const PreviousSecret& old : previous) {
        if (old.expires_ms <= now_ms || status == KeyStatus::Revoked) continue;
        out.begin_object().key("prefix").string(old.prefix);
        out.key("expires_at").string(format_time(old.expires_ms)).end_object();
    }
    out.end_array();
    out.end_object();
    return text;
}

ScopeSet KeyRecord::scope_set() const {
    ScopeSet set;
    for (const std::string& scope : scopes) {
        if (const auto known = scope_named(scope)) set.add(*known);
    }
    return set;
}

RuleVariables KeyRecord::identity() const {
    return {workspace, id, created_by.starts_with("key_") ? std::string() : created_by};
}

bool KeyRecord::descends_from(std::string_view key) const {
    return std::find(ancestors.begin(), ancestors.end(), key) != ancestors.end();
}

}  // namespace credvault::access
