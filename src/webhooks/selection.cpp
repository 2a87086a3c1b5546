#include "webhooks/selection.h"

#include <algorithm>
#include <utility>

#include "storage/platform.h"
#include "storage/restricted_changes.h"
#include "webhooks/event_types.h"

namespace credvault::webhooks {
namespace {

/// Whether the logs of users' databases tell of it, beside records.
bool is_of_catalogue(std::string_view type) {
    return type.starts_with("collection.") || type.starts_with("index.");
}

/// A database's log goes with it: what it held is told by the system database's.
bool is_of_platform(std::string_view type) {
    return type == "collection.deleted" || (!type.starts_with("document.") && !is_of_catalogue(type));
}

}  // namespace

Selection::Selection(WebhookRef webhook, const Rights& rights, std::size_t max_record_bytes)
    : webhook_(std::move(webhook)), rights_(rights), selection_(*webhook_) {
    selection_.max_record_bytes = max_record_bytes;
    documents_ = webhook_->wants_documents();
    for (const EventType& type : event_types()) {
        if (type.name == "webhook.test" || !webhook_->wants(type.name)) continue;
        wants_catalogue_ |= is_of_catalogue(type.name);
        platform_ |= is_of_platform(type.name);
    }
}

bool Selection::is_about(const DatabaseName& database) const {
    return database.workspace == webhook_->workspace &&
           (webhook_->database.empty() || webhook_->database == database.name);
}

bool Selection::needs_current(const storage::ChangesPage& page) const {
    if (selection_.payload == PayloadKind::Ids && selection_.filter.matches_everything()) return false;
    return std::any_of(page.changes.begin(), page.changes.end(), [&](const storage::Change& change) {
        const bool there =
            change.kind == storage::ChangeKind::Inserted || change.kind == storage::ChangeKind::Changed;
        return there && !change.after && selection_.wants(change.kind) &&
               (selection_.collection.empty() || selection_.collection == change.collection);
    });
}

Message Selection::message_of(Event event, std::string log, std::uint64_t lane, std::string subject) const {
    Message message;
    message.origin = {std::move(log), event.sequence};
    message.id = message_id(webhook_->id, message.origin, event.type + event.part, event.time_ms);
    message.body = body_of(event, webhook_->format, message.id);
    message.type = std::move(event.type);
    message.lane = lane;
    message.time_ms = event.time_ms;
    message.subject = std::move(subject);
    return message;
}

std::vector<Message> Selection::read(const DatabaseName& database, const storage::ChangesPage& page,
                                     std::int64_t from_ms) const {
    std::vector<Message> messages;
    const Result<storage::NarrowingRef> sight = rights_.sight(*webhook_, database.name);
    if (!sight.ok() || page.changes.empty()) return messages;
    storage::ChangesPage narrowed;
    const storage::ChangesPage* seen = &page;
    if (*sight != nullptr) {
        narrowed = page;
        storage::ChangesRequest request;
        request.images = request.current = true;
        storage::narrow_changes(narrowed, **sight, request);
        seen = &narrowed;
    }
    for (const storage::Change& change : seen->changes) {
        if (change.time_ms < from_ms) continue;
        auto event = document_event(change, database.name, selection_);
        if (!event || !webhook_->wants(event->type)) continue;
        const std::string thing = storage::is_of_record(change.kind) ? change.id : std::string();
        const std::uint64_t lane = lane_of(change.collection + "/" + thing, database.id);
        std::string subject = database.name + "/" + change.collection;
        if (!change.id.empty()) subject += "/" + change.id;
        messages.push_back(message_of(std::move(*event), database.id, lane, std::move(subject)));
    }
    return messages;
}

bool Selection::wants_platform_event(const PlatformEvent& event) const {
    if (event.workspace != webhook_->workspace || !webhook_->wants(event.event.type)) return false;
    if (event.database.empty()) return true;
    if (!webhook_->database.empty() && webhook_->database != event.database) return false;
    const bool within = !event.collection.empty();
    if (within && !webhook_->collection.empty() && webhook_->collection != event.collection) return false;
    const Result<storage::NarrowingRef> sight = rights_.sight(*webhook_, event.database);
    return sight.ok() && (*sight == nullptr || !within || (*sight)->allows(event.collection));
}

std::vector<Message> Selection::read_platform(const storage::ChangesPage& page, std::int64_t from_ms) {
    std::vector<Message> messages;
    for (const storage::Change& change : page.changes) {
        for (PlatformEvent& event : platform_events(change)) {
            if (change.time_ms < from_ms || !wants_platform_event(event)) continue;
            const std::uint64_t lane = lane_of(event.thing, event.workspace);
            std::string subject =
                event.collection.empty() ? event.event.subject : event.database + "/" + event.collection;
            messages.push_back(message_of(std::move(event.event), std::string(storage::system_database), lane,
                                          std::move(subject)));
        }
    }
    return messages;
}

}  // namespace credvault::webhooks
