#include "access/audit_entry.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/clock.h"

namespace credvault::access {
namespace {

/// Members that the hash can't cover: itself, and what the store adds.
constexpr auto unlinked =
    std::to_array<std::string_view>({"prev", "hash", "created_at", "updated_at", "_version"});

std::string string_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::string text_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && !member->is_null() ? std::string(member->text()) : std::string();
}

void append_image(json::Writer& out, std::string_view name, const std::string& image) {
    if (image.empty()) return;
    out.key(name);
    if (image.size() <= max_audit_image_bytes) return void(out.raw(image));
    out.begin_object();
    out.key("omitted_bytes").number(static_cast<std::int64_t>(image.size()));
    out.end_object();
}

}  // namespace

void append_members(json::Writer& out, const AuditEntry& entry) {
    const auto put = [&out](std::string_view name, const std::string& value) {
        if (!value.empty()) out.key(name).string(value);
    };
    out.key("at").string(format_time(entry.at_ms));
    out.key("workspace").string(entry.workspace);
    out.key("action").string(entry.action);
    put("outcome", entry.outcome);
    put("actor", entry.actor);
    put("actor_kind", entry.actor_kind);
    put("session", entry.session);
    put("address", entry.address);
    put("request_id", entry.request_id);
    put("target", entry.target);
    if (entry.status != 0) out.key("status").number(std::int64_t{entry.status});
    put("code", entry.code);
    if (entry.count != 1) out.key("count").number(static_cast<std::int64_t>(entry.count));
    append_image(out, "before", entry.before);
    append_image(out, "after", entry.after);
}

AuditEntry audit_entry_of(const json::View& record) {
    AuditEntry entry;
    entry.at_ms = parse_time(string_of(record, "at")).value_or(0);
    entry.action = string_of(record, "action");
    entry.workspace = string_of(record, "workspace");
    entry.actor = string_of(record, "actor");
    entry.actor_kind = string_of(record, "actor_kind");
    entry.session = string_of(record, "session");
    entry.address = string_of(record, "address");
    entry.request_id = string_of(record, "request_id");
    entry.target = string_of(record, "target");
    entry.outcome = string_of(record, "outcome");
    const auto status = record.find("status");
    if (status && status->is_number()) entry.status = static_cast<int>(status->as_double());
    entry.code = string_of(record, "code");
    const auto count = record.find("count");
    if (count && count->is_number()) entry.count = static_cast<std::uint64_t>(count->as_double());
    entry.before = text_of(record, "before");
    entry.after = text_of(record, "after");
    return entry;
}

Digest first_link() { return Digest{}; }

Digest next_link(const Digest& previous, const json::View& record) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, sizeof(Digest));
    const auto add = [&state](std::string_view text) {
        const std::uint64_t size = text.size();
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    };
    crypto_generichash_update(&state, previous.data(), previous.size());
    for (const json::Member& member : record.members()) {
        if (std::find(unlinked.begin(), unlinked.end(), member.name) != unlinked.end()) continue;
        add(member.name);
        add(member.value.text());
    }
    Digest digest;
    crypto_generichash_final(&state, digest.data(), digest.size());
    return digest;
}

}  // namespace credvault::access
