#include "api/webhook_surroundings.h"

#include <algorithm>
#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "webhooks/webhook.h"

namespace credvault::api {
namespace {

using access::Restrictions;
using access::RestrictionsRef;

webhooks::DatabaseName name_of(const documents::DatabaseEntry& entry) {
    return {entry.id, entry.workspace, entry.name};
}

/// As they were written down: with values for their variables.
Result<RestrictionsRef> restrictions_in(const std::string& text) {
    TRY(const RestrictionsRef parsed, Restrictions::parse(json::View(text)));
    return Restrictions::bound(parsed, {});
}

Result<storage::NarrowingRef> seen(const RestrictionsRef& restrictions, std::string_view database) {
    if (!restrictions) return storage::NarrowingRef();
    return restrictions->database(database);
}

std::vector<std::string> names_of(const access::ScopeSet& scopes) {
    std::vector<std::string> names;
    for (const access::Scope scope : access::all_scopes()) {
        if (scopes.has(scope)) names.emplace_back(access::scope_name(scope));
    }
    return names;
}

std::string subject_of(webhooks::Trouble trouble) {
    return trouble == webhooks::Trouble::Gap ? "A webhook has lost events" : "A webhook was paused";
}

std::string text_of(const webhooks::Webhook& webhook, webhooks::Trouble trouble,
                    const std::string& public_url) {
    const std::string name =
        webhook.description.empty() ? webhook.id : webhook.description + " (" + webhook.id + ")";
    std::string text = "Hello,\n\nthe webhook " + name + " for " + webhook.url + "\n";
    switch (trouble) {
        case webhooks::Trouble::Gone:
            text += "was paused, since its receiver answered that it is gone (410).\n";
            break;
        case webhooks::Trouble::Failing:
            text += "was paused, since nothing could be delivered to it for days.\n";
            break;
        case webhooks::Trouble::Gap:
            text +=
                "was so far behind that the change log no longer held what it had not had yet:\n"
                "some events will not be delivered.\n";
            break;
        case webhooks::Trouble::MakerGone:
            text +=
                "was paused, since who changed it last has left the workspace, or the key that did is no "
                "longer valid. Whoever resumes it takes it over: from then on it tells what he may see.\n";
            break;
    }
    if (trouble != webhooks::Trouble::Gap) text += "Its events wait as long as the change log holds them. ";
    if (trouble == webhooks::Trouble::Gone || trouble == webhooks::Trouble::Failing)
        text += "Resume it when the receiver works again.";
    if (trouble != webhooks::Trouble::Gap) text += "\n";
    return text + "\n" + public_url + "\n";
}

}  // namespace

std::optional<webhooks::DatabaseName> WebhookSurroundings::database(std::string_view id) const {
    const documents::DatabaseRef found = parts_.databases.find_by_id(id);
    if (!found) return {};
    return name_of(*found);
}

std::vector<webhooks::DatabaseName> WebhookSurroundings::databases(std::string_view workspace) const {
    std::vector<webhooks::DatabaseName> names;
    for (const documents::DatabaseRef& entry : parts_.databases.all_of(workspace))
        names.push_back(name_of(*entry));
    return names;
}

Result<WebhookSurroundings::Sight> WebhookSurroundings::sight_of_key(const std::string& id) const {
    Sight sight;
    TRY(sight.scopes, parts_.keys.scopes_of(id));
    TRY(sight.restrictions, parts_.keys.restrictions_of(id));
    return sight;
}

Reply<WebhookSurroundings::Sight> WebhookSurroundings::sight_of_user(std::string workspace,
                                                                     std::string id) const {
    access::SystemRecords records(parts_.engine);
    std::string place = access::filter_text("workspace", workspace, "user", id);
    CO_TRY(const access::RecordValue member,
           co_await records.first(access::members_collection, std::move(place)));
    const auto role = member ? access::role_named(access::text_of(*member, "role")) : std::nullopt;
    if (!role) co_return Error(ErrorCode::FORBIDDEN, "Who asked for this is no longer a member");
    auto user = std::make_shared<access::Principal>();
    user->id = std::move(id);
    user->workspace = std::move(workspace);
    user->kind = access::PrincipalKind::User;
    user->role = *role;
    Sight sight;
    sight.scopes = names_of(access::scopes_of(*role));
    sight.restrictions = parts_.data_rules.applied(user)->restrictions;
    co_return sight;
}

Reply<webhooks::Present> WebhookSurroundings::present(const webhooks::Webhook& webhook) const {
    const std::string maker = webhook.changed_by, workspace = webhook.workspace;
    webhooks::Present then;
    then.scopes = webhook.scopes;
    then.restrictions = webhook.restrictions;
    Sight now;
    if (maker.starts_with("key_")) {
        CO_TRY(now, sight_of_key(maker));
    } else {
        CO_TRY(now, co_await sight_of_user(workspace, maker));
    }
    std::erase_if(then.scopes, [&](const std::string& scope) {
        return std::find(now.scopes.begin(), now.scopes.end(), scope) == now.scopes.end();
    });
    if (!now.restrictions || !now.restrictions->restrict_data()) co_return then;
    CO_TRY(const RestrictionsRef before, restrictions_in(then.restrictions));
    CO_TRY(const RestrictionsRef both, Restrictions::narrowed(before, now.restrictions));
    then.restrictions = Restrictions::text(Restrictions::bound(both, {}));
    co_return then;
}

Result<storage::NarrowingRef> WebhookSurroundings::sight(const webhooks::Webhook& webhook,
                                                         std::string_view database) const {
    TRY(const RestrictionsRef restrictions, restrictions_in(webhook.restrictions));
    return seen(restrictions, database);
}

Result<storage::NarrowingRef> WebhookSurroundings::sight(const webhooks::Maker& maker,
                                                         std::string_view database) const {
    TRY(const RestrictionsRef restrictions, restrictions_in(maker.restrictions));
    return seen(restrictions, database);
}

bool WebhookSurroundings::is_within(const std::string& inner, const std::string& outer) const {
    const auto narrow = Restrictions::parse(json::View(inner));
    const auto wide = Restrictions::parse(json::View(outer));
    return narrow.ok() && wide.ok() && Restrictions::is_within(*narrow, *wide);
}

std::optional<storage::CheckMatches> WebhookSurroundings::room(std::string_view workspace) const {
    return parts_.allotments.room(workspace, access::Counted::Webhooks, 1);
}

Reply<void> WebhookSurroundings::tell(const webhooks::Webhook& webhook, webhooks::Trouble trouble) {
    const webhooks::Webhook told = webhook;
    access::AuditEntry entry;
    entry.at_ms = now_ms();
    entry.action = trouble == webhooks::Trouble::Gap ? "webhookLostEvents" : "webhookPaused";
    entry.workspace = told.workspace;
    entry.actor_kind = "none";
    entry.target = "/v1/webhooks/" + told.id;
    entry.outcome = "success";
    entry.after = "{\"reason\":\"" + std::string(webhooks::trouble_name(trouble)) + "\"}";
    CO_TRY_VOID(co_await parts_.audit.add(std::move(entry)));
    co_return co_await mail_owners(told, trouble);
}

Reply<void> WebhookSurroundings::mail_owners(const webhooks::Webhook& webhook, webhooks::Trouble trouble) {
    const access::Outbox& outbox = parts_.identity.outbox;
    if (!outbox.sends()) co_return Status();
    access::SystemRecords records(parts_.engine);
    std::string owners = access::filter_text("workspace", webhook.workspace, "role", "owner");
    CO_TRY(const std::vector<json::Value> found,
           co_await records.all(access::members_collection, std::move(owners)));
    const std::string text = text_of(webhook, trouble, parts_.identity.public_url());
    std::vector<std::string> mails;
    for (const json::Value& owner : found)
        mails.push_back(outbox.record({access::text_of(owner, "email"), subject_of(trouble), text}));
    if (mails.empty()) co_return Status();
    storage::WriteBatch batch = access::system_batch();
    for (const std::string& mail : mails)
        batch.operations.push_back(storage::InsertRecord{access::outbox_collection, mail});
    CO_TRY_VOID(co_await records.write(batch));
    parts_.identity.outbox.wake();
    co_return Status();
}

webhooks::Maker maker_of(const Context& context) {
    webhooks::Maker maker;
    maker.workspace = context.principal.workspace;
    maker.id = context.principal.id;
    maker.scopes = names_of(context.principal.scopes);
    const RestrictionsRef& restrictions = context.principal.restrictions;
    if (restrictions && restrictions->restrict_data()) maker.restrictions = Restrictions::text(restrictions);
    return maker;
}

}  // namespace credvault::api
