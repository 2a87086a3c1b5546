#include "documents/change_events.h"

#include <optional>

#include "base/clock.h"
#include "documents/change_token.h"
#include "json/writer.h"

namespace credvault::documents {
namespace {

using storage::Change;
using storage::ChangeKind;

/// The record after a change, as far as it is known.
struct Known {
    std::optional<json::View> record;
    std::string_view state;
};

Known record_after(const Change& change) {
    if (change.kind == ChangeKind::Removed || !storage::is_of_record(change.kind)) return {{}, "deleted"};
    if (change.after) return {json::View(*change.after), "exact"};
    if (!change.current || change.current->revision.incarnation != change.revision.incarnation)
        return {{}, "deleted_since"};
    const bool exact = change.current->revision.version == change.revision.version;
    return {json::View(change.current->text), exact ? "exact" : "changed_since"};
}

/// What the filter is asked about.
std::optional<json::View> filtered_record(const Change& change) {
    if (change.kind != ChangeKind::Removed) return record_after(change).record;
    return change.before ? std::optional(json::View(*change.before)) : std::nullopt;
}

void append_member(std::string& out, std::string_view name, const std::optional<json::View>& record) {
    out.append(",\"").append(name).append("\":").append(record ? record->text() : std::string_view("null"));
}

void append_record(std::string& out, Known known, std::size_t max_bytes) {
    if (known.record && known.record->text().size() > max_bytes) known = {{}, "too_large"};
    append_member(out, "record", known.record);
    out.append(",\"record_state\":\"").append(known.state).append("\"");
}

void append_before(std::string& out, const Change& change, std::size_t max_bytes) {
    std::optional<json::View> before;
    if (change.before && change.before->size() <= max_bytes) before = json::View(*change.before);
    append_member(out, "before", before);
}

}  // namespace

std::string_view kind_name(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Inserted: return "insert";
        case ChangeKind::Changed: return "update";
        case ChangeKind::Removed: return "delete";
        case ChangeKind::Dropped: return "drop";
        case ChangeKind::Replaced: return "replace";
        // The feed does not ask for the catalogue's.
        case ChangeKind::Created:
        case ChangeKind::Altered:
        case ChangeKind::IndexCreated:
        case ChangeKind::IndexDropped:
        case ChangeKind::IndexReady:
        case ChangeKind::IndexFailed: return "catalogue";
    }
    return "drop";
}

std::string event_head(const DatabaseEntry& database, const Change& change) {
    std::string head;
    json::Writer out(head);
    out.begin_object();
    out.key("position").string(change_token(database, change.sequence));
    out.key("operation").string(kind_name(change.kind));
    out.key("collection").string(change.collection);
    if (storage::is_of_record(change.kind)) {
        out.key("id").string(change.id);
        out.key("version").number(static_cast<std::int64_t>(change.revision.version));
    }
    out.key("time").string(format_time(change.time_ms));
    out.key("actor").string(change.actor);
    return head;
}

bool append_event(std::string& out, std::string_view head, const Change& change,
                  const ChangeSelection& selection, std::size_t max_record_bytes) {
    if (!selection.collection.empty() && selection.collection != change.collection) return false;
    if ((selection.kinds & kind_bit(change.kind)) == 0) return false;
    const bool of_record = storage::is_of_record(change.kind);
    bool unfiltered = false;
    if (of_record && !selection.filter.matches_everything()) {
        const std::optional<json::View> record = filtered_record(change);
        const Result<bool> matching = record ? selection.filter.test(*record) : Result<bool>(true);
        if (matching.ok() && !*matching) return false;
        // An expression that fails on one record must not end the feed of all the others.
        unfiltered = !record || !matching.ok();
    }
    out.append(head);
    if (of_record && selection.record) append_record(out, record_after(change), max_record_bytes);
    if (of_record && selection.before) append_before(out, change, max_record_bytes);
    if (unfiltered) out.append(",\"unfiltered\":true");
    out += '}';
    return true;
}

}  // namespace credvault::documents
