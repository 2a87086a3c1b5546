#include "webhooks/document_event.h"

#include "json/writer.h"
#include "storage/record.h"

namespace credvault::webhooks {
namespace {

using storage::Change;
using storage::ChangeImages;
using storage::ChangeKind;

std::string_view type_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Inserted: return "document.created";
        case ChangeKind::Changed: return "document.updated";
        case ChangeKind::Removed: return "document.deleted";
        case ChangeKind::Dropped: return "collection.deleted";
        case ChangeKind::Replaced: return "collection.replaced";
        case ChangeKind::Created: return "collection.created";
        case ChangeKind::Altered: return "collection.updated";
        case ChangeKind::IndexCreated: return "index.created";
        case ChangeKind::IndexDropped: return "index.deleted";
        case ChangeKind::IndexReady: return "index.ready";
        case ChangeKind::IndexFailed: return "index.failed";
    }
    return "document.updated";
}

/// The record after a change, as far as it is known.
struct Known {
    std::optional<json::View> record;
    std::string_view state;
};

Known record_after(const Change& change) {
    if (change.kind == ChangeKind::Removed) return {{}, "deleted"};
    if (change.after) return {json::View(*change.after), "exact"};
    if (!change.current || change.current->revision.incarnation != change.revision.incarnation)
        return {{}, "deleted_since"};
    const bool exact = change.current->revision.version == change.revision.version;
    return {json::View(change.current->text), exact ? "exact" : "changed_since"};
}

enum class Match : std::uint8_t { No, Yes, Unknown };

Match matches(const Change& change, const query::Filter& filter) {
    if (filter.matches_everything()) return Match::Yes;
    std::optional<json::View> record = record_after(change).record;
    if (change.kind == ChangeKind::Removed && change.before) record = json::View(*change.before);
    if (!record) return Match::Unknown;
    const Result<bool> matching = filter.test(*record);
    if (!matching.ok()) return Match::Unknown;
    return *matching ? Match::Yes : Match::No;
}

void put_record(json::Writer& out, const Change& change, std::size_t max_bytes) {
    Known known = record_after(change);
    if (known.record && known.record->text().size() > max_bytes) known = {{}, "too_large"};
    out.key("record");
    known.record ? out.raw(known.record->text()) : out.null();
    out.key("record_state").string(known.state);
    if (change.kind == ChangeKind::Removed && change.before && change.before->size() <= max_bytes)
        out.key("before").raw(*change.before);
}

/// The user's fields that differ, by their texts.
void put_changed(json::Writer& out, const Change& change, std::size_t max_bytes) {
    const Known known = record_after(change);
    std::optional<json::View> before;
    if (change.before) before = json::View(*change.before);
    std::string scratch;
    out.key("changed").begin_object();
    std::size_t bytes = 0;
    bool cut = false;
    if (known.record) {
        for (const json::Member& member : known.record->members()) {
            if (storage::is_platform_field(member.name)) continue;
            const auto old = before ? before->find(member.name) : std::nullopt;
            if (old && old->text() == member.value.text()) continue;
            bytes += member.name.size() + member.value.text().size();
            cut |= bytes > max_bytes;
            scratch.clear();
            json::append_decoded(scratch, member.name);
            if (!cut) out.key(scratch).raw(member.value.text());
        }
    }
    out.end_object().key("removed").begin_array();
    if (before && known.record) {
        for (const json::Member& member : before->members()) {
            if (known.record->find(member.name)) continue;
            scratch.clear();
            json::append_decoded(scratch, member.name);
            out.string(scratch);
        }
    }
    out.end_array();
    out.key("record_state").string(cut ? "too_large" : known.state);
}

/// As the job that watches the build says it.
void put_failure(json::Writer& out, const Change& change) {
    const auto message = change.after ? json::View(*change.after).find("message") : std::nullopt;
    out.key("error").begin_object();
    out.key("code").string(error_name(ErrorCode::INVALID_INDEX));
    if (message) out.key("message").raw(message->text());
    out.end_object();
}

Event event_about(const Change& change, std::string_view database) {
    Event event;
    event.type = type_of(change.kind);
    event.time_ms = change.time_ms;
    event.sequence = change.sequence;
    event.source = "/v1/databases/" + std::string(database) + "/collections";
    const bool inside = storage::is_of_record(change.kind) || storage::is_of_index(change.kind);
    if (inside) event.source += "/" + change.collection;
    if (storage::is_of_index(change.kind)) event.source += "/indexes";
    event.subject = inside ? change.id : change.collection;
    return event;
}

}  // namespace

DocumentSelection::DocumentSelection(const Webhook& webhook)
    : created(webhook.wants("document.created")),
      updated(webhook.wants("document.updated")),
      deleted(webhook.wants("document.deleted")),
      collection(webhook.collection),
      payload(webhook.payload) {
    if (webhook.filter.empty()) return;
    if (auto parsed = query::parse_filter(json::View(webhook.filter)); parsed.ok()) {
        filter = std::move(parsed).value();
    } else {
        // One that this version can't read is met by nothing.
        created = updated = deleted = false;
    }
}

bool DocumentSelection::wants(ChangeKind kind) const {
    switch (kind) {
        case ChangeKind::Inserted: return created;
        case ChangeKind::Changed: return updated;
        case ChangeKind::Removed: return deleted;
        default: return false;
    }
}

ChangeImages DocumentSelection::images() const {
    if (!created && !updated && !deleted) return ChangeImages::Off;
    const bool filtered = !filter.matches_everything();
    if (updated && payload == PayloadKind::Changed) return ChangeImages::Both;
    if (deleted && (filtered || payload == PayloadKind::Record)) return ChangeImages::Both;
    const bool after = (created || updated) && (filtered || payload != PayloadKind::Ids);
    return after ? ChangeImages::After : ChangeImages::Off;
}

std::optional<Event> document_event(const Change& change, std::string_view database,
                                    const DocumentSelection& selection) {
    if (!selection.collection.empty() && selection.collection != change.collection) return {};
    const bool of_record = storage::is_of_record(change.kind);
    if (of_record && !selection.wants(change.kind)) return {};
    const Match match = of_record ? matches(change, selection.filter) : Match::Yes;
    if (match == Match::No) return {};
    Event event = event_about(change, database);
    json::Writer out(event.data);
    out.begin_object().key("database").string(database).key("collection").string(change.collection);
    if (storage::is_of_index(change.kind)) out.key("index").string(change.id);
    if (change.kind == ChangeKind::IndexFailed) put_failure(out, change);
    if (of_record) {
        out.key("id").string(change.id);
        out.key("version").number(static_cast<std::int64_t>(change.revision.version));
    }
    out.key("actor").string(change.actor).key("sequence").number(static_cast<std::int64_t>(change.sequence));
    if (match == Match::Unknown) out.key("unfiltered").boolean(true);
    if (of_record && selection.payload == PayloadKind::Record)
        put_record(out, change, selection.max_record_bytes);
    if (of_record && selection.payload == PayloadKind::Changed)
        put_changed(out, change, selection.max_record_bytes);
    out.end_object();
    return event;
}

}  // namespace credvault::webhooks
