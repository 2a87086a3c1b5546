// Changes as events: which of them a webhook wants, what they say; the table of types against its own examples.
#include <gtest/gtest.h>

#include <algorithm>

#include "json/value.h"
#include "webhooks/document_event.h"
#include "webhooks/event_types.h"
#include "webhooks/platform_event.h"

namespace credvault::webhooks {
namespace {

using storage::Change;
using storage::ChangeImages;
using storage::ChangeKind;

Webhook wanting(std::vector<std::string> events, PayloadKind payload = PayloadKind::Record,
                std::string filter = {}) {
    Webhook webhook;
    webhook.id = "wh_1";
    webhook.workspace = "ws_1";
    webhook.events = std::move(events);
    webhook.payload = payload;
    webhook.filter = std::move(filter);
    webhook.scopes = {"database:read", "metadata:read", "key:manage", "team:manage", "settings:modify"};
    return webhook;
}

Change change_of(ChangeKind kind, std::optional<std::string> before, std::optional<std::string> after) {
    Change change;
    change.sequence = 7;
    change.kind = kind;
    change.collection = "users";
    change.id = "ada";
    change.revision = {1, 2};
    change.time_ms = 1'700'000'000'000;
    change.actor = "key_1";
    change.before = std::move(before);
    change.after = std::move(after);
    return change;
}

std::string data_of(const Change& change, const Webhook& webhook) {
    const auto event = document_event(change, "shop", DocumentSelection(webhook));
    return event ? event->data : "none";
}

constexpr std::string_view head =
    R"({"database":"shop","collection":"users","id":"ada","version":2,"actor":"key_1","sequence":7)";

TEST(DocumentEvent, HoldsTheRecord) {
    const std::string before = R"({"id":"ada","n":1})", after = R"({"id":"ada","n":2})";
    EXPECT_EQ(data_of(change_of(ChangeKind::Changed, before, after), wanting({"document.*"})),
              std::string(head) + R"(,"record":{"id":"ada","n":2},"record_state":"exact"})");
    EXPECT_EQ(data_of(change_of(ChangeKind::Removed, before, {}), wanting({"document.*"})),
              std::string(head) + R"(,"record":null,"record_state":"deleted","before":{"id":"ada","n":1}})");
    EXPECT_EQ(data_of(change_of(ChangeKind::Inserted, {}, {}), wanting({"document.*"})),
              std::string(head) + R"(,"record":null,"record_state":"deleted_since"})");
    Change since = change_of(ChangeKind::Changed, {}, {});
    since.current = storage::CurrentRecord{after, {1, 5}};
    EXPECT_EQ(data_of(since, wanting({"document.*"})),
              std::string(head) + R"(,"record":{"id":"ada","n":2},"record_state":"changed_since"})");
}

TEST(DocumentEvent, HoldsWhatChangedOrIdsAlone) {
    const Change change =
        change_of(ChangeKind::Changed, R"({"id":"ada","a":1,"b":[1],"gone":null,"_version":1})",
                  R"({"id":"ada","a":1,"b":[1,2],"new":{},"_version":2})");
    EXPECT_EQ(
        data_of(change, wanting({"document.updated"}, PayloadKind::Changed)),
        std::string(head) + R"(,"changed":{"b":[1,2],"new":{}},"removed":["gone"],"record_state":"exact"})");
    EXPECT_EQ(data_of(change, wanting({"document.updated"}, PayloadKind::Ids)), std::string(head) + "}");
}

TEST(DocumentEvent, LeavesLargeRecordsOut) {
    Webhook webhook = wanting({"document.*"});
    DocumentSelection selection(webhook);
    selection.max_record_bytes = 20;
    const Change change = change_of(ChangeKind::Inserted, {}, R"({"id":"ada","text":"much too long"})");
    EXPECT_EQ(document_event(change, "shop", selection)->data,
              std::string(head) + R"(,"record":null,"record_state":"too_large"})");
    webhook.payload = PayloadKind::Changed;
    DocumentSelection changed(webhook);
    changed.max_record_bytes = 10;
    EXPECT_EQ(document_event(change, "shop", changed)->data,
              std::string(head) + R"(,"changed":{},"removed":[],"record_state":"too_large"})");
}

TEST(DocumentEvent, FiltersByTheRecord) {
    const Webhook paid = wanting({"document.*"}, PayloadKind::Ids, R"({"status":"paid"})");
    const std::string open = R"({"id":"ada","status":"open"})", done = R"({"id":"ada","status":"paid"})";
    EXPECT_EQ(data_of(change_of(ChangeKind::Changed, done, open), paid), "none");
    EXPECT_NE(data_of(change_of(ChangeKind::Changed, open, done), paid), "none");
    EXPECT_NE(data_of(change_of(ChangeKind::Removed, done, {}), paid), "none");
    EXPECT_EQ(data_of(change_of(ChangeKind::Removed, open, {}), paid), "none");
    EXPECT_EQ(data_of(change_of(ChangeKind::Removed, {}, {}), paid),
              std::string(head) + R"(,"unfiltered":true})");
}

TEST(DocumentEvent, WantsItsTypesAndCollectionAlone) {
    const Change inserted = change_of(ChangeKind::Inserted, {}, R"({"id":"ada"})");
    EXPECT_EQ(data_of(inserted, wanting({"document.deleted", "key.*"})), "none");
    Webhook webhook = wanting({"*"});
    webhook.collection = "orders";
    EXPECT_EQ(data_of(inserted, webhook), "none");
    webhook.collection = "users";
    EXPECT_NE(data_of(inserted, webhook), "none");
    webhook.scopes.clear();
    EXPECT_EQ(data_of(inserted, webhook), "none") << "who made it may not read records";
    EXPECT_EQ(
        document_event(change_of(ChangeKind::Dropped, {}, {}), "shop", DocumentSelection(wanting({"*"})))
            ->type,
        "collection.deleted");
}

TEST(DocumentEvent, AsksForTheImagesItNeeds) {
    const auto images = [](const Webhook& webhook) { return DocumentSelection(webhook).images(); };
    EXPECT_EQ(images(wanting({"key.*"})), ChangeImages::Off);
    EXPECT_EQ(images(wanting({"document.*"}, PayloadKind::Ids)), ChangeImages::Off);
    EXPECT_EQ(images(wanting({"document.created"})), ChangeImages::After);
    EXPECT_EQ(images(wanting({"document.*"})), ChangeImages::Both);
    EXPECT_EQ(images(wanting({"document.updated"}, PayloadKind::Changed)), ChangeImages::Both);
    EXPECT_EQ(images(wanting({"document.updated"}, PayloadKind::Ids, R"({"a":1})")), ChangeImages::After);
    EXPECT_EQ(images(wanting({"document.deleted"}, PayloadKind::Ids, R"({"a":1})")), ChangeImages::Both);
}

std::vector<std::string> types_of(const Change& change) {
    std::vector<std::string> types;
    for (const PlatformEvent& event : platform_events(change)) types.push_back(event.event.type);
    return types;
}

Change of_system(std::string collection, ChangeKind kind, std::optional<std::string> before,
                 std::optional<std::string> after) {
    Change change = change_of(kind, std::move(before), std::move(after));
    change.collection = std::move(collection);
    return change;
}

using Types = std::vector<std::string>;

TEST(PlatformEvent, TellsWhatBecameOfKeys) {
    const auto key = [](const std::string& more) {
        return R"({"id":"key_1","workspace":"ws_1","name":"k")" + more + "}";
    };
    const std::string plain = key(R"(,"status":"active","hash":"a")");
    const auto changed = [&](const std::string& after) {
        return types_of(of_system("api_keys", ChangeKind::Changed, plain, after));
    };
    EXPECT_EQ(types_of(of_system("api_keys", ChangeKind::Inserted, {}, plain)), Types{"key.created"});
    EXPECT_EQ(types_of(of_system("api_keys", ChangeKind::Removed, plain, {})), Types{"key.deleted"});
    EXPECT_EQ(changed(key(R"(,"status":"active","hash":"b")")), Types{"key.rotated"});
    EXPECT_EQ(changed(key(R"(,"status":"revoked","hash":"a")")), Types{"key.revoked"});
    EXPECT_EQ(changed(key(R"(,"status":"disabled","hash":"a")")), Types{"key.updated"});
    EXPECT_EQ(changed(key(R"(,"status":"active","hash":"a","last_used_at":"2026")")), Types())
        << "that it was used";
}

TEST(PlatformEvent, TellsWhatBecameOfJobs) {
    const auto job = [](const std::string& state, const std::string& type) {
        return R"({"id":"job_1","type":")" + type + R"(","state":")" + state +
               R"(","target":"shop/users","workspace":"ws_1","error":{"code":"X","message":"y"}})";
    };
    const auto changed = [&](const std::string& from, const std::string& to,
                             const std::string& type = "import") {
        return types_of(of_system("jobs", ChangeKind::Changed, job(from, type), job(to, type)));
    };
    EXPECT_EQ(types_of(of_system("jobs", ChangeKind::Inserted, {}, job("queued", "import"))),
              Types{"job.created"});
    EXPECT_EQ(changed("queued", "running"), Types{"job.started"});
    EXPECT_EQ(changed("running", "running"), Types()) << "how far it is";
    EXPECT_EQ(changed("running", "failed"), Types{"job.failed"});
    EXPECT_EQ(changed("running", "queued"), Types()) << "the server was started anew";
    EXPECT_EQ(changed("running", "succeeded", "index"), Types{"job.succeeded"});
}

TEST(PlatformEvent, TellsOfPeopleWhoRegister) {
    const auto member = [](const std::string& more) {
        return R"({"id":"mem_1","workspace":"ws_1","user":"ada","email":"a@b.c","name":"A","role":"viewer")" +
               more + "}";
    };
    const std::string fresh = member(R"(,"registered":true)");
    EXPECT_EQ(types_of(of_system("members", ChangeKind::Inserted, {}, fresh)),
              (Types{"member.added", "user.registered"}));
    EXPECT_EQ(types_of(of_system("members", ChangeKind::Inserted, {}, member(""))), Types{"member.added"})
        << "somebody who was a user before";
    EXPECT_EQ(types_of(of_system("members", ChangeKind::Removed, fresh, {})), Types{"member.removed"});
}

TEST(PlatformEvent, TellsWhatWentWithADatabase) {
    const std::string note =
        R"({"id":"db_1.1","workspace":"ws_1","name":"shop","collections":["users","orders"]})";
    const auto told = platform_events(of_system("dropped_databases", ChangeKind::Inserted, {}, note));
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1].event.type, "collection.deleted");
    EXPECT_EQ(told[1].event.data,
              R"({"database":"shop","collection":"orders","actor":"key_1","sequence":7})");
    EXPECT_EQ(told[1].workspace, "ws_1");
    EXPECT_EQ(told[1].collection, "orders");
    EXPECT_NE(told[0].event.part, told[1].event.part) << "what tells their ids apart";
    EXPECT_TRUE(types_of(of_system("dropped_databases", ChangeKind::Removed, note, {})).empty());
    EXPECT_TRUE(
        types_of(of_system("dropped_databases", ChangeKind::Inserted, {}, R"({"id":"db_1"})")).empty())
        << "as earlier versions wrote them";
}

TEST(DocumentEvent, TellsOfTheCatalogue) {
    const auto told = [](ChangeKind kind, std::string id) {
        Change change = change_of(kind, {}, {});
        change.id = std::move(id);
        const auto event = document_event(change, "shop", DocumentSelection(wanting({"*"})));
        return event ? event->type + " " + event->source + " " + event->subject + " " + event->data : "";
    };
    const std::string place = "/v1/databases/shop/collections";
    const std::string data = R"({"database":"shop","collection":"users",)";
    EXPECT_EQ(told(ChangeKind::Created, ""),
              "collection.created " + place + " users " + data + R"("actor":"key_1","sequence":7})");
    EXPECT_EQ(told(ChangeKind::Altered, ""),
              "collection.updated " + place + " users " + data + R"("actor":"key_1","sequence":7})");
    EXPECT_EQ(told(ChangeKind::IndexCreated, "by_a"), "index.created " + place + "/users/indexes by_a " +
                                                          data +
                                                          R"("index":"by_a","actor":"key_1","sequence":7})");
    EXPECT_EQ(told(ChangeKind::IndexReady, "by_a"), "index.ready " + place + "/users/indexes by_a " + data +
                                                        R"("index":"by_a","actor":"key_1","sequence":7})");
    Change failed = change_of(ChangeKind::IndexFailed, {}, R"({"message":"Two have the same"})");
    failed.id = "by_a";
    EXPECT_EQ(
        document_event(failed, "shop", DocumentSelection(wanting({"*"})))->data,
        data +
            R"("index":"by_a","error":{"code":"INVALID_INDEX","message":"Two have the same"},"actor":"key_1","sequence":7})");
    EXPECT_EQ(told(ChangeKind::IndexDropped, "by_a"), "index.deleted " + place + "/users/indexes by_a " +
                                                          data +
                                                          R"("index":"by_a","actor":"key_1","sequence":7})");
}

TEST(PlatformEvent, TellsNothingOfOtherRecords) {
    for (const char* collection : {"sessions", "outbox", "webhooks", "workspaces", "password_resets"})
        EXPECT_TRUE(
            types_of(of_system(collection, ChangeKind::Inserted, {}, R"({"workspace":"ws_1"})")).empty());
}

TEST(EventTypes, FitTheirExamples) {
    for (const EventType& type : event_types()) {
        const json::Value example{json::View(type.example)};
        for (const EventField& field : type.fields)
            EXPECT_TRUE(!field.always || example.find(field.name) != nullptr)
                << type.name << " " << field.name;
        for (const auto& [name, value] : example.as_object()) {
            const bool known =
                std::any_of(type.fields.begin(), type.fields.end(),
                            [&, key = name](const EventField& field) { return field.name == key; });
            EXPECT_TRUE(known) << type.name << " " << name;
        }
        EXPECT_EQ(find_event_type(type.name), &type);
    }
    EXPECT_TRUE(covers("document.*", "document.created"));
    EXPECT_FALSE(covers("document.*", "documents.created"));
    EXPECT_FALSE(covers("document", "document.created"));
    EXPECT_TRUE(covers("*", "anything"));
}

TEST(MessageId, IsTheSameForTheSame) {
    const std::string one = message_id("wh_1", {"db_1", 7}, "document.created", 1'700'000'000'000);
    EXPECT_EQ(one.size(), 26U);
    EXPECT_EQ(one, message_id("wh_1", {"db_1", 7}, "document.created", 1'700'000'000'000));
    EXPECT_NE(one, message_id("wh_2", {"db_1", 7}, "document.created", 1'700'000'000'000));
    EXPECT_NE(one, message_id("wh_1", {"db_2", 7}, "document.created", 1'700'000'000'000));
    EXPECT_NE(one, message_id("wh_1", {"db_1", 8}, "document.created", 1'700'000'000'000));
    EXPECT_NE(one, message_id("wh_1", {"db_1", 7}, "document.updated", 1'700'000'000'000));
    EXPECT_LT(one, message_id("wh_1", {"db_1", 7}, "document.created", 1'700'000'000'001));
    EXPECT_LE(least_message_id(1'700'000'000'000), one);
}

}  // namespace
}  // namespace credvault::webhooks
