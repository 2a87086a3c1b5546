#include "access/api_keys.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "access/key_rights.h"
#include "access/key_wish.h"
#include "access/system.h"
#include "base/ids.h"
#include "base/log.h"

namespace credvault::access {
namespace {

constexpr std::size_t shown_characters = 12;
constexpr std::size_t max_previous = 10;
constexpr std::size_t max_descent = 16;
/// A key's record is rewritten by few at once.
constexpr int max_tries = 20;

Error key_not_found(std::string_view id) {
    return Error(ErrorCode::API_KEY_NOT_FOUND,
                 "There is no API key with the id '" + std::string(id.substr(0, 64)) + "'", "key");
}

Error key_revoked() {
    return Error(ErrorCode::API_KEY_REVOKED, "This API key was revoked, which can't be undone: make another",
                 "key");
}

Error key_of_environment() {
    return Error(ErrorCode::FORBIDDEN,
                 "This key is the value of CREDVAULT_ADMIN_KEY: change it where the server is started",
                 "key");
}

/// Reads the keys' records. A record that can't be read is no key.
class KeySink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        if (auto key = KeyRecord::parse(row.record)) keys.push_back(*std::move(key));
        return true;
    }
    void restart() override { keys.clear(); }

    std::vector<KeyRecord> keys;
};

void set_secret(KeyRecord& key, std::string_view secret) {
    key.digest = digest_of(secret);
    key.prefix = secret.substr(0, shown_characters);
}

/// Of a write that had been done before: no key, but its answer for a name.
KeyRecord replayed_key(const std::string& answer) {
    KeyRecord none;
    none.name = answer;
    return none;
}

/// Lets the present secret live on for so long; without an overlap every old one ends.
Status retire(KeyRecord& key, std::int64_t now, std::int64_t overlap_ms) {
    std::erase_if(key.previous,
                  [&](const PreviousSecret& old) { return overlap_ms == 0 || old.expires_ms <= now; });
    if (overlap_ms == 0) return {};
    if (key.previous.size() >= max_previous) {
        return Error(
            ErrorCode::LIMIT_EXCEEDED,
            std::to_string(max_previous) +
                " old secrets of this key are still valid: wait until one ends, or rotate without an "
                "overlap, which ends them all");
    }
    key.previous.push_back({key.digest, key.prefix, now + overlap_ms});
    return {};
}

/// The stored key, as the write that made it says.
Result<KeyRecord> written_key(const storage::WriteOutcome& outcome) {
    auto key = KeyRecord::parse(json::View(outcome.operations.front().record));
    if (!key) return Error(ErrorCode::INTERNAL, {}, {}, "a key's record can't be read");
    return *std::move(key);
}

}  // namespace

ApiKeys::ApiKeys(storage::Engine& engine) : engine_(engine), uses_(engine, registry_) {
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
    registry_.reset(std::move(sink.keys));
    co_return Status();
}

Reply<std::optional<std::string>> ApiKeys::ensure_admin_key(std::string workspace, std::string own) {
    if (!own.empty()) {
        CO_TRY_VOID(check_own_secret(own));
        const auto known = authenticate(own);
        if (known && known->id == environment_key_id) co_return std::optional<std::string>();
        CO_TRY_VOID(co_await store_admin_key(std::string(environment_key_id), "environment",
                                             std::move(workspace), std::move(own)));
        co_return std::optional<std::string>();
    }
    if (count() > 0) co_return std::optional<std::string>();
    std::string secret = make_secret();
    CO_TRY_VOID(co_await store_admin_key(make_id("key"), "first start", std::move(workspace), secret));
    co_return std::optional<std::string>(std::move(secret));
}

Reply<void> ApiKeys::store_admin_key(std::string id, std::string source, std::string workspace,
                                     std::string secret) {
    KeyRecord key;
    key.id = id;
    key.workspace = std::move(workspace);
    key.source = source;
    key.name = source == "environment" ? "CREDVAULT_ADMIN_KEY" : "first key";
    for (const Scope scope : all_scopes()) key.scopes.emplace_back(scope_name(scope));
    set_secret(key, secret);
    // Of a key that people chose themselves not even the beginning is kept.
    if (source == "environment") key.prefix.clear();
    const std::string record = key.text();
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = id;
    batch.operations.push_back(storage::PutRecord{api_keys_collection, id, record, true, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return co_await load();
}

std::shared_ptr<const Principal> ApiKeys::authenticate(std::string_view secret, std::int64_t (*now)()) const {
    std::shared_ptr<const Principal> principal = registry_.table().find(digest_of(secret));
    if (principal && principal->expires_ms != 0 && principal->expires_ms <= now()) return nullptr;
    return principal;
}

std::string ApiKeys::shown(const KeyRecord& key, std::string_view secret) const {
    KeyRecord latest = key;
    latest.used_ms = registry_.used_ms(key);
    return latest.public_text(now_ms(), secret);
}

std::vector<std::string> ApiKeys::list(const Principal& holder) const {
    const std::int64_t now = now_ms();
    std::vector<std::string> texts;
    for (const KeyRecord& key : registry_.of_workspace(holder.workspace)) {
        if (may_see(holder, key)) texts.push_back(key.public_text(now));
    }
    return texts;
}

Result<KeyRegistry::KeyRef> ApiKeys::valid(const std::string& id) const {
    KeyRegistry::KeyRef key = registry_.find(id);
    const bool ended =
        !key || key->status != KeyStatus::Active || (key->expires_ms != 0 && key->expires_ms <= now_ms());
    if (ended) return Error(ErrorCode::FORBIDDEN, "The API key that asked for this is no longer valid");
    return key;
}

Result<RestrictionsRef> ApiKeys::restrictions_of(const std::string& actor) const {
    if (!actor.starts_with("key_")) return RestrictionsRef();
    TRY(const KeyRegistry::KeyRef key, valid(actor));
    return Restrictions::bound(key->restrictions, key->identity());
}

Result<std::vector<std::string>> ApiKeys::scopes_of(const std::string& id) const {
    TRY(const KeyRegistry::KeyRef key, valid(id));
    return key->scopes;
}

Result<std::string> ApiKeys::get(const Principal& holder, std::string_view id) const {
    const KeyRegistry::KeyRef key = registry_.find(id);
    if (!key || !may_see(holder, *key)) return key_not_found(id);
    return shown(*key);
}

Reply<KeyWithSecret> ApiKeys::create(const Principal& holder, KeyWish wish,
                                     std::optional<storage::Idempotency> idempotency) {
    KeyRecord key;
    key.id = make_id("key");
    key.workspace = holder.workspace;
    key.created_by = holder.id;
    key.environment = wish.environment;
    if (const KeyRegistry::KeyRef parent = registry_.find(holder.id)) {
        key.ancestors = parent->ancestors;
        key.ancestors.push_back(holder.id);
    }
    if (key.ancestors.size() > max_descent) {
        co_return Error(ErrorCode::LIMIT_EXCEEDED, "Keys made by keys made by keys … go " +
                                                       std::to_string(max_descent) + " deep at most");
    }
    // A key that is to live as long as it can lives no longer than its maker.
    if (!wish.expiry) key.expires_ms = gives_until_ms(holder);
    if (!wish.restrictions) wish.restrictions = "{}";
    CO_TRY_VOID(apply_wish(wish, holder, now_ms(), key));
    const std::string secret = make_secret(key.environment);
    set_secret(key, secret);
    const std::string record = key.text();
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = holder.id;
    batch.want_records = true;
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::InsertRecord{api_keys_collection, record});
    auto room = allotments_ != nullptr ? allotments_->room(key.workspace, Counted::Keys, 1) : std::nullopt;
    if (room) batch.operations.emplace_back(*std::move(room));
    auto done = co_await engine_.write(batch);
    if (!done.ok()) {
        Error error = std::move(done).error();
        if (error.code == ErrorCode::QUOTA_EXCEEDED) error.field.clear();
        co_return error;
    }
    storage::WriteOutcome outcome = *std::move(done);
    if (outcome.replayed) co_return KeyWithSecret{{}, {}, true, std::move(outcome.answer)};
    CO_TRY(KeyRecord written, written_key(outcome));
    KeyWithSecret made{written.id, shown(written, secret), false, std::move(outcome.answer)};
    registry_.put(std::move(written));
    co_return made;
}

Result<KeyRegistry::KeyRef> ApiKeys::changeable(const Principal& holder, std::string_view id) const {
    KeyRegistry::KeyRef key = registry_.find(id);
    if (!key || !may_see(holder, *key)) return key_not_found(id);
    if (key->id == environment_key_id) return key_of_environment();
    return key;
}

/// Reads what is stored into the registry.
Reply<void> ApiKeys::refresh(std::string id) {
    KeySink sink;
    const storage::RecordKey key{system_database, api_keys_collection, id};
    CO_TRY(const bool there, co_await engine_.get(key, sink));
    if (!there || sink.keys.empty()) {
        registry_.erase(id);
    } else {
        registry_.put(std::move(sink.keys.front()));
    }
    co_return Status();
}

Reply<KeyRecord> ApiKeys::rewrite(const Principal& holder, std::string id, Edit edit,
                                  std::optional<storage::Idempotency> idempotency) {
    for (int tries = 0; tries < max_tries; ++tries) {
        CO_TRY(const KeyRegistry::KeyRef known, changeable(holder, id));
        if (known->status == KeyStatus::Revoked) co_return key_revoked();
        KeyRecord key = *known;
        CO_TRY_VOID(edit(key));
        const std::string record = key.text();
        storage::WriteBatch batch;
        batch.database = system_database;
        batch.actor = holder.id;
        batch.want_records = true;
        batch.idempotency = idempotency;
        storage::Precondition unchanged;
        unchanged.if_version = known->version;
        batch.operations.push_back(storage::PutRecord{api_keys_collection, id, record, false, unchanged});
        const auto outcome = co_await engine_.write(batch);
        if (outcome.ok() && outcome->replayed) co_return replayed_key(outcome->answer);
        if (outcome.ok()) {
            CO_TRY(KeyRecord written, written_key(*outcome));
            registry_.put(written);
            co_return written;
        }
        // Somebody else was quicker, or it is not known whether it was written: what is stored counts.
        CO_TRY_VOID(co_await refresh(id));
        if (outcome.error().code != ErrorCode::PRECONDITION_FAILED &&
            outcome.error().code != ErrorCode::RECORD_NOT_FOUND)
            co_return outcome.error();
    }
    co_return Error(ErrorCode::WRITE_CONFLICT, "The key is being changed by others: try again");
}

Reply<std::string> ApiKeys::change(const Principal& holder, std::string id, KeyWish wish) {
    const Edit edit = [&](KeyRecord& key) { return apply_wish(wish, holder, now_ms(), key); };
    CO_TRY(const KeyRecord key, co_await rewrite(holder, std::move(id), edit, {}));
    co_return shown(key);
}

Reply<KeyWithSecret> ApiKeys::rotate(const Principal& holder, std::string id, std::int64_t overlap_seconds,
                                     std::optional<storage::Idempotency> idempotency) {
    std::string secret;
    const Edit edit = [&](KeyRecord& key) -> Status {
        // Who gets the secret gets all that the key may do.
        TRY_VOID(check_gift(holder, key));
        const std::int64_t now = now_ms();
        TRY_VOID(retire(key, now, overlap_seconds * 1'000));
        secret = make_secret(key.environment);
        set_secret(key, secret);
        key.rotated_ms = now;
        return {};
    };
    CO_TRY(const KeyRecord key, co_await rewrite(holder, std::move(id), edit, std::move(idempotency)));
    if (key.id.empty()) co_return KeyWithSecret{{}, {}, true, key.name};
    co_return KeyWithSecret{key.id, shown(key, secret), false, {}};
}

Reply<std::string> ApiKeys::revoke(const Principal& holder, std::string id) {
    CO_TRY(const KeyRegistry::KeyRef known, changeable(holder, id));
    if (known->status == KeyStatus::Revoked) co_return shown(*known);
    const Edit edit = [](KeyRecord& key) -> Status {
        key.status = KeyStatus::Revoked;
        key.previous.clear();
        return {};
    };
    CO_TRY(const KeyRecord key, co_await rewrite(holder, std::move(id), edit, {}));
    co_return shown(key);
}

Reply<void> ApiKeys::remove(const Principal& holder, std::string id) {
    CO_TRY_VOID(changeable(holder, id));
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = holder.id;
    batch.operations.push_back(storage::RemoveRecord{api_keys_collection, id, {}});
    const auto written = co_await engine_.write(batch);
    if (!written.ok()) {
        CO_TRY_VOID(co_await refresh(id));
        if (written.error().code == ErrorCode::RECORD_NOT_FOUND) co_return key_not_found(id);
        co_return written.error();
    }
    registry_.erase(id);
    co_return Status();
}

}  // namespace credvault::access
