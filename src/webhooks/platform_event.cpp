#include "webhooks/platform_event.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/clock.h"
#include "json/value.h"
#include "json/writer.h"
#include "query/sort.h"
#include "storage/platform.h"

namespace credvault::webhooks {
namespace {

using storage::Change;
using storage::ChangeImages;
using storage::ChangeKind;

constexpr std::int64_t published_for_ms = std::int64_t{7} * 24 * 3600 * 1000;

std::string string_in(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

/// The record that a change is about: afterwards, or before where it is gone.
std::optional<json::View> record_of(const Change& change) {
    if (change.after) return json::View(*change.after);
    if (change.before) return json::View(*change.before);
    if (change.current) return json::View(change.current->text);
    return {};
}

std::string text_in(const std::optional<std::string>& image, std::string_view name) {
    if (!image) return {};
    const auto member = json::View(*image).find(name);
    return member ? std::string(member->text()) : std::string();
}

bool differs(const Change& change, std::string_view name) {
    return text_in(change.before, name) != text_in(change.after, name);
}

/// The event of a record's change: these members of the record, and what every event says.
PlatformEvent event_of(const Change& change, const json::View& record, std::string type,
                       std::initializer_list<std::string_view> members) {
    PlatformEvent made;
    made.workspace = string_in(record, "workspace");
    made.thing = change.collection + "/" + change.id;
    made.event.type = std::move(type);
    made.event.subject = change.id;
    made.event.time_ms = change.time_ms;
    made.event.sequence = change.sequence;
    json::Writer out(made.event.data);
    out.begin_object();
    for (const std::string_view name : members) {
        if (const auto member = record.find(name)) out.key(name).raw(member->text());
    }
    out.key("actor").string(change.actor).key("sequence").number(static_cast<std::int64_t>(change.sequence));
    out.end_object();
    return made;
}

std::vector<PlatformEvent> key_event(const Change& change, const json::View& record) {
    std::string type;
    if (change.kind == ChangeKind::Inserted) type = "key.created";
    if (change.kind == ChangeKind::Removed) type = "key.deleted";
    if (change.kind == ChangeKind::Changed) {
        constexpr std::string_view settings[] = {"name", "scopes", "restrictions", "status", "expires_at"};
        if (differs(change, "hash")) {
            type = "key.rotated";
        } else if (differs(change, "status") && string_in(record, "status") == "revoked") {
            type = "key.revoked";
        } else if (std::any_of(std::begin(settings), std::end(settings),
                               [&](std::string_view name) { return differs(change, name); })) {
            type = "key.updated";
        }
    }
    if (type.empty()) return {};
    PlatformEvent event = event_of(change, record, std::move(type), {"id", "name", "status", "scopes"});
    event.event.source = "/v1/api-keys";
    return {std::move(event)};
}

std::vector<PlatformEvent> job_event(const Change& change, const json::View& record) {
    const std::string state = string_in(record, "state");
    if (change.kind == ChangeKind::Removed) return {};
    if (change.kind == ChangeKind::Changed && !differs(change, "state")) return {};
    const bool created = change.kind == ChangeKind::Inserted;
    if (!created && state == "queued") return {};
    const std::string type = created ? "created" : state == "running" ? "started" : state;
    PlatformEvent event =
        event_of(change, record, "job." + type, {"id", "type", "state", "target", "result", "error"});
    event.event.source = "/v1/jobs";
    return {std::move(event)};
}

std::vector<PlatformEvent> database_event(const Change& change, const json::View& record) {
    if (change.kind == ChangeKind::Changed) return {};
    const std::string name = string_in(record, "name");
    PlatformEvent event = event_of(
        change, record, change.kind == ChangeKind::Inserted ? "database.created" : "database.deleted", {});
    event.event.data.insert(1, "\"database\":" + json::Value(name).text() + ",");
    event.event.source = "/v1/databases";
    event.event.subject = name;
    event.database = name;
    return {std::move(event)};
}

std::vector<PlatformEvent> member_events(const Change& change, const json::View& record) {
    std::string type;
    if (change.kind == ChangeKind::Inserted) type = "member.added";
    if (change.kind == ChangeKind::Removed) type = "member.removed";
    if (change.kind == ChangeKind::Changed && differs(change, "role")) type = "member.updated";
    if (type.empty()) return {};
    std::vector<PlatformEvent> events;
    events.push_back(event_of(change, record, type, {"id", "user", "email", "name", "role"}));
    const auto registered = record.find("registered");
    if (change.kind == ChangeKind::Inserted && registered && registered->as_bool())
        events.push_back(event_of(change, record, "user.registered", {"user", "email", "name", "role"}));
    for (PlatformEvent& event : events) event.event.source = "/v1/members";
    return events;
}

/// A database is dropped: a note says what it held.
std::vector<PlatformEvent> dropped_event(const Change& change, const json::View& record) {
    const auto collections = record.find("collections");
    if (change.kind != ChangeKind::Inserted || !collections || !collections->is_array()) return {};
    std::vector<PlatformEvent> events;
    const std::string database = string_in(record, "name");
    for (const json::View& name : collections->elements()) {
        PlatformEvent event = event_of(change, record, "collection.deleted", {});
        event.database = database;
        event.collection = name.as_string();
        event.thing = "places/" + database + "/" + event.collection;
        event.event.part = "/" + event.collection;
        event.event.source = "/v1/databases/" + database + "/collections";
        event.event.subject = event.collection;
        std::string place;
        json::Writer out(place);
        out.begin_object().key("database").string(database).key("collection").string(event.collection);
        event.event.data = place + "," + event.event.data.substr(1);
        events.push_back(std::move(event));
    }
    return events;
}

std::vector<PlatformEvent> published_event(const Change& change, const json::View& record) {
    const auto data = record.find("data");
    if (change.kind != ChangeKind::Inserted || !data || !data->is_object()) return {};
    PlatformEvent event = event_of(change, record, string_in(record, "type"), {});
    event.thing = string_in(record, "thing");
    event.event.subject = event.thing;
    event.event.source = "/v1";
    const std::string said(data->text());
    const std::string sequence = "\"sequence\":" + std::to_string(change.sequence) + "}";
    event.event.data = said.size() > 2 ? said.substr(0, said.size() - 1) + "," + sequence : "{" + sequence;
    return {std::move(event)};
}

}  // namespace

ChangeImages platform_images(std::string_view collection) {
    constexpr auto both = std::to_array<std::string_view>({"api_keys", "jobs", "members", "databases"});
    constexpr auto after = std::to_array<std::string_view>({"dropped_databases", published_collection});
    if (std::find(both.begin(), both.end(), collection) != both.end()) return ChangeImages::Both;
    return std::find(after.begin(), after.end(), collection) != after.end() ? ChangeImages::After
                                                                            : ChangeImages::Off;
}

std::vector<PlatformEvent> platform_events(const Change& change) {
    if (!storage::is_of_record(change.kind)) return {};
    if (platform_images(change.collection) == ChangeImages::Off) return {};
    const auto record = record_of(change);
    if (!record) return {};
    if (change.collection == "api_keys") return key_event(change, *record);
    if (change.collection == "jobs") return job_event(change, *record);
    if (change.collection == "databases") return database_event(change, *record);
    if (change.collection == "dropped_databases") return dropped_event(change, *record);
    if (change.collection == published_collection) return published_event(change, *record);
    return member_events(change, *record);
}

Reply<void> open_published_events(storage::Engine& engine) {
    // Where it is there nothing is written: a server with a full disk must start.
    const auto there = co_await engine.describe_collection(storage::system_database, published_collection);
    if (there.ok()) co_return Status();
    if (there.error().code != ErrorCode::COLLECTION_NOT_FOUND) co_return there.error();
    storage::WriteBatch batch;
    batch.database = storage::system_database;
    batch.operations.push_back(storage::CreateCollection{published_collection, "{}"});
    CO_TRY(query::Sort fields, query::parse_sort("expires_at"));
    storage::IndexSpec spec{"by_expiry", {std::move(fields), false}, false};
    spec.ttl_seconds = 0;
    batch.operations.push_back(storage::CreateIndex{published_collection, std::move(spec)});
    CO_TRY_VOID(co_await engine.write(batch));
    co_return Status();
}

std::string event_record(std::string_view workspace, std::string_view type, std::string_view thing,
                         std::string_view data, std::string_view id) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    if (!id.empty()) out.key("id").string(id);
    out.key("workspace").string(workspace).key("type").string(type);
    out.key("thing").string(thing).key("data").raw(data);
    out.key("expires_at").string(format_time(now_ms() + published_for_ms)).end_object();
    return text;
}

}  // namespace credvault::webhooks
