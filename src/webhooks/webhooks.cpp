#include "webhooks/webhooks.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "query/sort.h"
#include "storage/platform.h"

namespace credvault::webhooks {
namespace {

using storage::system_database;
constexpr std::size_t max_secrets = 5;
constexpr int max_tries = 20;

Error webhook_not_found(std::string_view id) {
    return Error(ErrorCode::WEBHOOK_NOT_FOUND,
                 "There is no webhook with the id '" + std::string(id.substr(0, 64)) + "'", "webhook");
}

class WebhookSink final : public storage::RowSink {
public:
    explicit WebhookSink(const Vault& vault) : vault_(vault) {}
    bool row(const storage::Row& row) override {
        if (auto webhook = Webhook::parse(row.record, vault_)) {
            found.push_back(std::move(*webhook));
        } else {
            log::error("a webhook can't be read: server.key is not the one that sealed its secrets");
        }
        return true;
    }
    void restart() override { found.clear(); }

    std::vector<Webhook> found;

private:
    const Vault& vault_;
};

storage::WriteBatch batch_of(std::string_view actor) {
    storage::WriteBatch batch;
    batch.database = system_database;
    batch.actor = actor;
    batch.want_records = true;
    return batch;
}

}  // namespace

Reply<void> Webhooks::load() {
    storage::WriteBatch batch = batch_of({});
    batch.operations.push_back(storage::CreateCollection{webhooks_collection, "{}"});
    CO_TRY(query::Sort fields, query::parse_sort("workspace"));
    batch.operations.push_back(storage::CreateIndex{
        webhooks_collection, storage::IndexSpec{"by_workspace", {std::move(fields), false}, false}});
    const auto made = co_await engine_.write(batch);
    if (!made.ok() && made.error().code != ErrorCode::ALREADY_EXISTS) co_return made.error();
    storage::FindRequest request;
    request.database = system_database;
    request.collection = webhooks_collection;
    request.any_order = true;
    request.limit = storage::no_limit;
    WebhookSink sink(vault_);
    CO_TRY_VOID(co_await engine_.find(request, sink));
    {
        const std::lock_guard lock(mutex_);
        webhooks_.clear();
    }
    for (Webhook& webhook : sink.found) put(std::move(webhook));
    tell();
    co_return Status();
}

void Webhooks::set_listener(std::function<void()> listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
}

void Webhooks::tell() const {
    std::function<void()> listener;
    {
        const std::lock_guard lock(mutex_);
        listener = listener_;
    }
    if (listener) listener();
}

void Webhooks::put(Webhook webhook) {
    const std::lock_guard lock(mutex_);
    WebhookRef& known = webhooks_[webhook.id];
    if (known && known->version >= webhook.version) return;
    known = std::make_shared<const Webhook>(std::move(webhook));
}

void Webhooks::erase(const std::string& id) {
    {
        const std::lock_guard lock(mutex_);
        // A late answer to a change must not bring it back: no version is higher.
        Webhook gone;
        gone.version = UINT64_MAX;
        webhooks_[id] = std::make_shared<const Webhook>(std::move(gone));
    }
    tell();
}

WebhookRef Webhooks::known(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = webhooks_.find(id);
    return found == webhooks_.end() || found->second->id.empty() ? nullptr : found->second;
}

std::vector<WebhookRef> Webhooks::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<WebhookRef> found;
    for (const auto& [id, webhook] : webhooks_) {
        if (!webhook->id.empty()) found.push_back(webhook);
    }
    return found;
}

bool Webhooks::may_see(const Maker& holder, const Webhook& webhook) const {
    if (webhook.workspace != holder.workspace) return false;
    return !holder.restricted() || rights_.is_within(webhook.restrictions, holder.restrictions);
}

std::vector<std::string> Webhooks::list(const Maker& holder) const {
    std::vector<std::string> texts;
    for (const WebhookRef& webhook : all()) {
        if (may_see(holder, *webhook)) texts.push_back(webhook->public_text(now_ms()));
    }
    return texts;
}

Result<WebhookRef> Webhooks::find(const Maker& holder, std::string_view id) const {
    WebhookRef webhook = known(id);
    if (!webhook || !may_see(holder, *webhook)) return webhook_not_found(id);
    return webhook;
}

Result<Webhook> Webhooks::draft(const Maker& holder, const WebhookWish& wish) const {
    Webhook webhook;
    webhook.id = make_id("wh");
    webhook.workspace = holder.workspace;
    webhook.created_by = holder.id;
    webhook.max_concurrency = standard_concurrency;
    if (wish.signature) webhook.signature = *wish.signature;
    webhook.secrets.push_back({make_signing_secret(webhook.signature), 0});
    TRY_VOID(apply_wish(wish, holder, rights_, guard_, webhook));
    webhook.started_ms = now_ms();
    return webhook;
}

Reply<WebhookWithSecret> Webhooks::create(const Maker& holder, WebhookWish wish,
                                          std::optional<storage::Idempotency> idempotency) {
    CO_TRY(const Webhook webhook, draft(holder, wish));
    const std::string record = webhook.text(vault_);
    storage::WriteBatch batch = batch_of(holder.id);
    batch.idempotency = std::move(idempotency);
    batch.operations.push_back(storage::InsertRecord{webhooks_collection, record});
    auto room = rights_.room(holder.workspace);
    if (room) batch.operations.emplace_back(*std::move(room));
    CO_TRY(const storage::WriteOutcome outcome, co_await engine_.write(batch));
    if (outcome.replayed) co_return WebhookWithSecret{{}, {}, true, outcome.answer};
    auto made = Webhook::parse(json::View(outcome.operations.front().record), vault_);
    if (!made) co_return Error(ErrorCode::INTERNAL, {}, {}, "a webhook can't be read");
    const bool shown = webhook.signature == SignatureKind::V1;
    WebhookWithSecret answer{
        made->id,
        made->public_text(now_ms(), shown ? std::string_view(webhook.secrets.front().text) : ""),
        false,
        {}};
    put(std::move(*made));
    tell();
    co_return answer;
}

Reply<void> Webhooks::refresh(std::string id) {
    WebhookSink sink(vault_);
    const storage::RecordKey key{system_database, webhooks_collection, id};
    CO_TRY_VOID(co_await engine_.get(key, sink));
    for (Webhook& stored : sink.found) put(std::move(stored));
    co_return Status();
}

Reply<WebhookRef> Webhooks::rewrite(std::string id, std::string actor, Edit edit,
                                    std::optional<storage::Idempotency> idempotency,
                                    std::string* first_answer) {
    for (int tries = 0; tries < max_tries; ++tries) {
        const WebhookRef before = known(id);
        if (!before) co_return webhook_not_found(id);
        Webhook after = *before;
        CO_TRY_VOID(edit(after));
        storage::Precondition unchanged;
        unchanged.if_version = before->version;
        const std::string record = after.text(vault_);
        storage::WriteBatch batch = batch_of(actor);
        batch.idempotency = idempotency;
        batch.operations.push_back(storage::PutRecord{webhooks_collection, id, record, false, unchanged});
        const auto outcome = co_await engine_.write(batch);
        if (outcome.ok() && outcome->replayed) {
            if (first_answer != nullptr) *first_answer = outcome->answer;
            co_return WebhookRef();
        }
        if (outcome.ok()) {
            auto changed = Webhook::parse(json::View(outcome->operations.front().record), vault_);
            if (!changed) co_return Error(ErrorCode::INTERNAL, {}, {}, "a webhook can't be read");
            put(std::move(*changed));
            tell();
            co_return known(id);
        }
        if (outcome.error().code == ErrorCode::RECORD_NOT_FOUND) co_return webhook_not_found(id);
        if (outcome.error().code != ErrorCode::PRECONDITION_FAILED) co_return outcome.error();
        // Somebody else was quicker: his answer is under way.
        CO_TRY_VOID(co_await refresh(id));
    }
    co_return Error(ErrorCode::WRITE_CONFLICT, "The webhook is being changed by others: try again");
}

Reply<std::string> Webhooks::change(const Maker& holder, std::string id, WebhookWish wish) {
    CO_TRY_VOID(find(holder, id));
    Edit edit = [this, &holder, wish = std::move(wish)](Webhook& webhook) {
        return apply_wish(wish, holder, rights_, guard_, webhook);
    };
    CO_TRY(const WebhookRef changed,
           co_await rewrite(std::move(id), holder.id, std::move(edit), {}, nullptr));
    co_return changed->public_text(now_ms());
}

Reply<WebhookWithSecret> Webhooks::rotate(const Maker& holder, std::string id, std::int64_t overlap_seconds,
                                          std::optional<storage::Idempotency> idempotency) {
    CO_TRY(const WebhookRef found, find(holder, id));
    const std::string secret = make_signing_secret(found->signature);
    Edit edit = [secret, overlap_seconds](Webhook& webhook) -> Status {
        const std::int64_t now = now_ms();
        std::erase_if(webhook.secrets, [&](SecretInUse& old) {
            if (old.expires_ms == 0) old.expires_ms = now + overlap_seconds * 1'000;
            return overlap_seconds == 0 || old.expires_ms <= now;
        });
        if (webhook.secrets.size() >= max_secrets) {
            return Error(ErrorCode::LIMIT_EXCEEDED,
                         "Four old secrets are still in use: rotate with overlap_seconds 0, or wait");
        }
        webhook.secrets.insert(webhook.secrets.begin(), SecretInUse{secret, 0});
        webhook.rotated_ms = now;
        return {};
    };
    std::string first_answer;
    CO_TRY(const WebhookRef changed, co_await rewrite(std::move(id), holder.id, std::move(edit),
                                                      std::move(idempotency), &first_answer));
    if (!changed) co_return WebhookWithSecret{{}, {}, true, std::move(first_answer)};
    const bool shown = changed->signature == SignatureKind::V1;
    co_return WebhookWithSecret{
        changed->id, changed->public_text(now_ms(), shown ? std::string_view(secret) : ""), false, {}};
}

Reply<std::string> Webhooks::pause(const Maker& holder, std::string id) {
    CO_TRY_VOID(find(holder, id));
    Edit edit = [](Webhook& webhook) -> Status {
        if (webhook.state != State::Active) return {};
        webhook.state = State::Paused;
        webhook.paused_reason = "user";
        webhook.paused_ms = now_ms();
        return {};
    };
    CO_TRY(const WebhookRef changed,
           co_await rewrite(std::move(id), holder.id, std::move(edit), {}, nullptr));
    co_return changed->public_text(now_ms());
}

Reply<std::string> Webhooks::resume(const Maker& holder, std::string id) {
    CO_TRY_VOID(find(holder, id));
    Edit edit = [this, &holder](Webhook& webhook) -> Status {
        if (webhook.state != State::Paused) return {};
        // It goes on as that of who resumes it, with what he may see.
        if (webhook.paused_reason == maker_gone) TRY_VOID(apply_wish({}, holder, rights_, guard_, webhook));
        webhook.state = State::Active;
        webhook.paused_reason.clear();
        webhook.paused_ms = 0;
        return {};
    };
    CO_TRY(const WebhookRef changed,
           co_await rewrite(std::move(id), holder.id, std::move(edit), {}, nullptr));
    co_return changed->public_text(now_ms());
}

Reply<void> Webhooks::remove(const Maker& holder, std::string id) {
    CO_TRY_VOID(find(holder, id));
    storage::WriteBatch batch = batch_of(holder.id);
    batch.operations.push_back(storage::RemoveRecord{webhooks_collection, id, {}});
    const auto written = co_await engine_.write(batch);
    if (!written.ok() && written.error().code != ErrorCode::RECORD_NOT_FOUND) co_return written.error();
    erase(id);
    if (!written.ok()) co_return webhook_not_found(id);
    co_return Status();
}

Reply<WebhookRef> Webhooks::note(std::string id, Trouble trouble) {
    Edit edit = [trouble](Webhook& webhook) -> Status {
        const std::int64_t now = now_ms();
        if (trouble == Trouble::Gap) {
            webhook.gap_ms = now;
        } else if (webhook.state == State::Active) {
            webhook.state = State::Paused;
            webhook.paused_reason = trouble_name(trouble);
            webhook.paused_ms = now;
        }
        return {};
    };
    auto noted = co_await rewrite(std::move(id), {}, std::move(edit), {}, nullptr);
    if (!noted.ok() && noted.error().code == ErrorCode::WEBHOOK_NOT_FOUND) co_return WebhookRef();
    co_return noted;
}

}  // namespace credvault::webhooks
