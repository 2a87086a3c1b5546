// Webhooks as users make them: records of the system database, held in memory. What is delivered is the dispatcher's
// affair (dispatcher.h), which is told of every change. Thread-safe once load() is done.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "storage/engine.h"
#include "webhooks/surroundings.h"
#include "webhooks/wish.h"

namespace credvault::webhooks {

using WebhookRef = std::shared_ptr<const Webhook>;

/// A webhook with its new secret, canonical text.
struct WebhookWithSecret {
    std::string id;
    std::string text;
    bool replayed = false;  ///< The idempotency key had been used: `answer` is the first answer.
    std::string answer;     ///< With an idempotency key; without the secret, which is not shown again.
};

constexpr std::int64_t max_overlap_seconds = std::int64_t{30} * 24 * 60 * 60;
constexpr std::int64_t standard_concurrency = 10;

class Webhooks {
public:
    /// All of them outlive the service. `guard` says which addresses may be called.
    Webhooks(storage::Engine& engine, const Rights& rights, const Vault& vault,
             const outgoing::AddressGuard& guard)
        : engine_(engine), rights_(rights), vault_(vault), guard_(guard) {}

    /// Makes the collection where it is missing and reads all webhooks; again after records went otherwise.
    Reply<void> load();
    /// Who is told after each change; null: nobody. Called on the changing thread.
    void set_listener(std::function<void()> listener);

    // Within the holder's workspace, and of what he may know. They fail with WEBHOOK_NOT_FOUND, and the changes as
    // apply_wish does. The holder must outlive the reply.

    /// Canonical texts, in the order of their ids.
    std::vector<std::string> list(const Maker& holder) const;
    Result<WebhookRef> find(const Maker& holder, std::string_view id) const;
    /// Fails with QUOTA_EXCEEDED, too.
    Reply<WebhookWithSecret> create(const Maker& holder, WebhookWish wish,
                                    std::optional<storage::Idempotency> idempotency);
    Reply<std::string> change(const Maker& holder, std::string id, WebhookWish wish);
    /// A new secret; the old one signs beside it until the overlap ends, 0 to max_overlap_seconds.
    Reply<WebhookWithSecret> rotate(const Maker& holder, std::string id, std::int64_t overlap_seconds,
                                    std::optional<storage::Idempotency> idempotency);
    Reply<std::string> pause(const Maker& holder, std::string id);
    /// One whose maker is gone tells from then on what the holder may see; it may fail with FORBIDDEN.
    Reply<std::string> resume(const Maker& holder, std::string id);
    Reply<void> remove(const Maker& holder, std::string id);
    /// As it would be, for a preview; nothing is kept.
    Result<Webhook> draft(const Maker& holder, const WebhookWish& wish) const;

    // For the dispatcher.

    std::vector<WebhookRef> all() const;
    /// Pauses an active one, or notes that events were lost. Nothing where it is gone.
    Reply<WebhookRef> note(std::string id, Trouble trouble);
    const Vault& vault() const { return vault_; }

private:
    /// Changes a copy of what is stored.
    using Edit = std::function<Status(Webhook&)>;

    Reply<WebhookRef> rewrite(std::string id, std::string actor, Edit edit,
                              std::optional<storage::Idempotency> idempotency, std::string* first_answer);
    Reply<void> refresh(std::string id);
    /// Takes over what is stored now.
    void put(Webhook webhook);
    void erase(const std::string& id);
    void tell() const;
    bool may_see(const Maker& holder, const Webhook& webhook) const;
    WebhookRef known(std::string_view id) const;

    storage::Engine& engine_;
    const Rights& rights_;
    const Vault& vault_;
    const outgoing::AddressGuard& guard_;
    mutable std::mutex mutex_;
    std::map<std::string, WebhookRef, std::less<>> webhooks_;
    std::function<void()> listener_;
};

}  // namespace credvault::webhooks
