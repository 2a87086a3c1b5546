#include "access/api_keys.h"

#include <sodium.h>

#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

constexpr std::string_view environment_id = "key_environment";
constexpr std::size_t shown_characters = 12;

std::string string_member(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

/// Reads the keys' records into a table. A record that can't be read is no key.
class KeySink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        const json::View& record = row.record;
        const auto digest = digest_from_hex(string_member(record, "hash"));
        const auto scopes = record.find("scopes");
        if (!digest || !scopes || !scopes->is_array() || string_member(record, "status") != "active")
            return true;
        Principal principal{string_member(record, "id"), string_member(record, "workspace"), {}, 0};
        for (const json::View scope : scopes->elements()) {
            const auto known = scope.is_string() ? scope_named(scope.as_string()) : std::nullopt;
            if (known) principal.scopes.add(*known);
        }
        if (const std::string expires = string_member(record, "expires_at"); !expires.empty()) {
            // What can't be read must not mean "for ever".
            principal.expires_ms = parse_time(expires).value_or(1);
        }
        keys.insert_or_assign(*digest, std::move(principal));
        return true;
    }
    void restart() override { keys.clear(); }

    CredentialTable::Credentials keys;
};

struct KeyRecord {
    std::string_view id, source, workspace, secret;
};

std::string key_record(const KeyRecord& key) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("id").string(key.id);
    out.key("workspace").string(key.workspace);
    out.key("name").string(key.source == "environment" ? "CREDVAULT_ADMIN_KEY" : "first key");
    out.key("source").string(key.source);
    // Of a key that people chose themselves not even the beginning is kept.
    const bool made = key.source != "environment";
    out.key("prefix").string(made ? key.secret.substr(0, shown_characters) : std::string_view());
    out.key("hash").string(hex_of(digest_of(key.secret)));
    out.key("scopes").begin_array();
    for (const Scope scope : all_scopes()) out.string(scope_name(scope));
    out.end_array();
    out.key("status").string("active");
    out.end_object();
    return text;
}

}  // namespace

ApiKeys::ApiKeys(storage::Engine& engine) : engine_(engine) {
    // Picks the machine's fast code; without it libsodium's hashes are slow but right.
    if (sodium_init() < 0) log::warning("libsodium could not be initialised");
}

Reply<void> ApiKeys::load() {
    storage::FindRequest request;
    request.database = system_database;
    request.collection = api_keys_collection;
    request.any_order = true;
    request.limit = storage::no_limit;
    KeySink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    count_.store(sink.keys.size(), std::memory_order_relaxed);
    table_.publish(std::move(sink.keys));
    co_return Status();
}

Reply<std::optional<std::string>> ApiKeys::ensure_admin_key(std::string workspace, std::string own) {
    if (!own.empty()) {
        CO_TRY_VOID(check_own_secret(own));
        const auto known = authenticate(own);
        if (known && known->id == environment_id) co_return std::optional<std::string>();
        CO_TRY_VOID(
            co_await store(std::string(environment_id), "environment", std::move(workspace), std::move(own)));
        co_return std::optional<std::string>();
    }
    if (count() > 0) co_return std::optional<std::string>();
    std::string secret = make_secret();
    CO_TRY_VOID(co_await store(make_id("key"), "first start", std::move(workspace), secret));
    co_return std::optional<std::string>(std::move(secret));
}

Reply<void> ApiKeys::store(std::string id, std::string source, std::string workspace, std::string secret) {
    const std::string record = key_record({id, source, workspace, secret});
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = id;
    batch.operations.push_back(storage::PutRecord{api_keys_collection, id, record, true, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return co_await load();
}

std::shared_ptr<const Principal> ApiKeys::authenticate(std::string_view secret, std::int64_t (*now)()) const {
    std::shared_ptr<const Principal> principal = table_.find(digest_of(secret));
    if (principal && principal->expires_ms != 0 && principal->expires_ms <= now()) return nullptr;
    return principal;
}

}  // namespace credvault::access
