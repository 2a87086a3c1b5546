#include <gtest/gtest.h>

#include "access/audit_log.h"
#include "access/system.h"
#include "base/clock.h"
#include "base/run_loop.h"
#include "json/canonical.h"
#include "storage/memory/memory_engine.h"

namespace credvault::access {
namespace {

AuditEntry entry_in(std::string workspace, std::string action, std::int64_t at_ms = 1'000) {
    AuditEntry entry;
    entry.at_ms = at_ms;
    entry.workspace = std::move(workspace);
    entry.action = std::move(action);
    entry.actor = "key_1";
    entry.actor_kind = "key";
    entry.outcome = "success";
    entry.before = R"({"name":"old"})";
    return entry;
}

class AuditTest : public testing::Test {
protected:
    AuditTest() {
        EXPECT_TRUE(loop.wait(open_system(engine)).ok());
        EXPECT_TRUE(loop.wait(store.open()).ok());
    }
    void add(AuditEntry entry) { ASSERT_TRUE(loop.wait(store.add(std::move(entry))).ok()); }
    void chain(std::vector<AuditEntry> loose = {}) {
        ASSERT_TRUE(loop.wait(store.chain(std::move(loose))).ok());
    }
    std::vector<std::string> problems(const std::string& workspace) {
        auto found = loop.wait(store.verify(workspace, entries));
        EXPECT_TRUE(found.ok());
        return found.ok() ? *found : std::vector<std::string>{"not verified"};
    }
    json::Value listed(const std::string& workspace) {
        storage::ListQuery query;
        query.limit = 1'000;
        const auto page = loop.wait(store.list(workspace, query));
        EXPECT_TRUE(page.ok());
        return json::parse(page->rows).value();
    }
    void write(storage::Operation operation, std::string_view database) {
        storage::WriteBatch batch;
        batch.database = database;
        batch.operations.push_back(std::move(operation));
        ASSERT_TRUE(loop.wait(engine.write(batch)).ok());
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    AuditStore store{engine};
    std::uint64_t entries = 0;
};

TEST(AuditEntry, ReadsBackFromItsRecord) {
    AuditEntry entry = entry_in("ws_1", "createApiKey", 86'400'000);
    entry.session = "ses_1";
    entry.address = "192.0.2.1";
    entry.request_id = "req_1";
    entry.target = "/v1/api-keys";
    entry.status = 201;
    entry.code = "FORBIDDEN";
    entry.count = 3;
    entry.after = R"({"name":"new"})";
    const auto text_of = [](const AuditEntry& from) {
        std::string text;
        json::Writer out(text);
        out.begin_object();
        append_members(out, from);
        out.end_object();
        return text;
    };
    const std::string text = text_of(entry);
    EXPECT_EQ(text_of(audit_entry_of(json::View(text))), text);
    EXPECT_NE(text.find("1970-01-02"), std::string::npos);
}

TEST(AuditEntry, KeepsTheSizeAloneOfALargeImage) {
    const auto image = [](std::size_t size) {
        AuditEntry entry;
        entry.after = "\"" + std::string(size - 2, 'a') + "\"";
        std::string text;
        json::Writer out(text);
        out.begin_object();
        append_members(out, entry);
        out.end_object();
        return std::string(json::View(text).find("after")->text());
    };
    EXPECT_EQ(image(max_audit_image_bytes).size(), max_audit_image_bytes);
    EXPECT_EQ(image(max_audit_image_bytes + 1), R"({"omitted_bytes":16385})");
}

TEST_F(AuditTest, ChainsEntriesOfEachWorkspaceFromOne) {
    add(entry_in("ws_1", "a"));
    add(entry_in("ws_2", "b"));
    add(entry_in("ws_1", "c"));
    chain({entry_in("ws_1", "d")});
    const json::Value first = listed("ws_1");
    ASSERT_EQ(first.as_array().size(), 3U);
    for (int i = 0; i < 3; ++i) {
        const json::Value& entry = first.as_array()[static_cast<std::size_t>(i)];
        EXPECT_EQ(entry.find("seq")->as_int(), i + 1);
        EXPECT_EQ(entry.find("action")->as_string(), std::vector<std::string>({"a", "c", "d"})[i]);
        EXPECT_EQ(entry.find("workspace"), nullptr);
        EXPECT_EQ(entry.find("before")->text(), R"({"name":"old"})");
    }
    EXPECT_EQ(first.as_array()[1].find("prev")->as_string(), first.as_array()[0].find("hash")->as_string());
    EXPECT_EQ(listed("ws_2").as_array().size(), 1U);
    EXPECT_TRUE(problems("ws_1").empty());
    EXPECT_EQ(entries, 3U);
    // Another process goes on where this one ended.
    AuditStore later(engine);
    ASSERT_TRUE(loop.wait(later.add(entry_in("ws_1", "e"))).ok());
    ASSERT_TRUE(loop.wait(later.chain({})).ok());
    EXPECT_TRUE(problems("ws_1").empty());
    EXPECT_EQ(entries, 4U);
}

TEST_F(AuditTest, WhatIsBegunWaitsForItsEnd) {
    const auto id = loop.wait(store.begin(entry_in("ws_1", "begun")));
    ASSERT_TRUE(id.ok());
    add(entry_in("ws_1", "done"));
    chain();
    EXPECT_EQ(listed("ws_1").as_array().size(), 1U);
    AuditEntry ended = entry_in("ws_1", "begun");
    ended.after = "[1]";
    ASSERT_TRUE(loop.wait(store.finish(*id, ended)).ok());
    chain();
    EXPECT_EQ(listed("ws_1").as_array()[1].find("after")->text(), "[1]");
}

TEST_F(AuditTest, WhatACrashLeftBegunIsToldAsInterrupted) {
    ASSERT_TRUE(loop.wait(store.begin(entry_in("ws_1", "begun"))).ok());
    AuditStore next(engine);
    ASSERT_TRUE(loop.wait(next.settle_interrupted()).ok());
    ASSERT_TRUE(loop.wait(next.chain({})).ok());
    EXPECT_EQ(listed("ws_1").as_array()[0].find("outcome")->as_string(), "interrupted");
}

/// Lets a write of the system database fail once the chain was written, as a crash between the two would.
TEST_F(AuditTest, AnEntryIsChainedOnceThoughAStepWasBrokenOff) {
    add(entry_in("ws_1", "a"));
    chain();
    const std::string id = listed("ws_1").as_array()[0].find("id")->as_string().substr(4);
    const std::string again = R"({"id":")" + id + R"(","done":true,"workspace":"ws_1","action":"a"})";
    write(storage::InsertRecord{"audit_pending", again}, system_database);
    write(storage::RemoveRecord{"audit_heads", "ws_1", {}}, system_database);
    AuditStore next(engine);
    ASSERT_TRUE(loop.wait(next.add(entry_in("ws_1", "b"))).ok());
    ASSERT_TRUE(loop.wait(next.chain({})).ok());
    EXPECT_EQ(listed("ws_1").as_array().size(), 2U);
    EXPECT_TRUE(problems("ws_1").empty());
}

TEST_F(AuditTest, TellsWhatWasTamperedWith) {
    for (const char* action : {"a", "b", "c"}) add(entry_in("ws_1", action));
    chain();
    const json::Value all = listed("ws_1");
    const std::string second = all.as_array()[1].find("id")->as_string();
    const std::string last = all.as_array()[2].find("id")->as_string();
    const auto stored = [&](const std::string& id) {
        class Sink final : public storage::RowSink {
        public:
            bool row(const storage::Row& row) override { return text = row.record.text(), true; }
            void restart() override {}
            std::string text;
        } sink;
        const storage::RecordKey key{events_database, "audit", id};
        EXPECT_TRUE(loop.wait(engine.get(key, sink)).ok());
        return json::parse(sink.text).value();
    };
    const json::Value honest = stored(second);
    json::Value changed = honest;
    changed.set("actor", "key_2");
    const std::string changed_text = changed.text();
    write(storage::PutRecord{"audit", second, changed_text, false, {}}, events_database);
    ASSERT_EQ(problems("ws_1").size(), 1U);
    EXPECT_NE(problems("ws_1")[0].find("entry 2 is not what was written"), std::string::npos);

    const std::string honest_text = honest.text();
    write(storage::PutRecord{"audit", second, honest_text, false, {}}, events_database);
    EXPECT_TRUE(problems("ws_1").empty());

    write(storage::RemoveRecord{"audit", last, {}}, events_database);
    ASSERT_EQ(problems("ws_1").size(), 1U);
    EXPECT_NE(problems("ws_1")[0].find("ends with entry 2 though entry 3"), std::string::npos);
    write(storage::RemoveRecord{"audit", second, {}}, events_database);
    write(storage::RemoveRecord{"audit_heads", "ws_1", {}}, system_database);
    EXPECT_TRUE(problems("ws_1").empty()) << "without its head a chain that is cut at its end looks whole";
}

TEST_F(AuditTest, RemovesByAgeAndStaysWhole) {
    for (int i = 1; i <= 5; ++i) add(entry_in("ws_1", "a", i * 1'000));
    chain();
    ASSERT_TRUE(loop.wait(store.remove_before(3'000)).ok());
    const json::Value kept = listed("ws_1");
    ASSERT_EQ(kept.as_array().size(), 3U);
    EXPECT_EQ(kept.as_array()[0].find("seq")->as_int(), 3);
    EXPECT_TRUE(problems("ws_1").empty());
    ASSERT_TRUE(loop.wait(store.remove_before(10'000)).ok());
    EXPECT_TRUE(problems("ws_1").empty());
    add(entry_in("ws_1", "b", 11'000));
    chain();
    EXPECT_EQ(listed("ws_1").as_array()[0].find("seq")->as_int(), 6);
    EXPECT_TRUE(problems("ws_1").empty());
}

TEST_F(AuditTest, JoinsLikeRefusalsAndCountsTheRest) {
    AuditSettings settings;
    settings.keep_ms = 0;
    settings.refusals_per_minute = 2;
    AuditLog audit(engine, settings);
    ASSERT_TRUE(loop.wait(audit.open("ws_first")).ok());
    AuditEntry refused = entry_in("", "login", 60'000);
    refused.outcome = "refused";
    for (int i = 0; i < 5; ++i) audit.note(refused);
    for (const char* address : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) {
        refused.address = address;
        audit.note(refused);
    }
    const auto page = loop.wait(audit.list("ws_first", {}));
    ASSERT_TRUE(page.ok());
    const json::Value rows = json::parse(page->rows).value();
    std::int64_t counted = 0, omitted = 0;
    for (const json::Value& row : rows.as_array()) {
        const std::int64_t count = row.find("count") != nullptr ? row.find("count")->as_int() : 1;
        (row.find("action")->as_string() == "omittedEntries" ? omitted : counted) += count;
    }
    EXPECT_EQ(rows.as_array().size(), 3U);
    EXPECT_EQ(counted, 6);
    EXPECT_EQ(omitted, 2);
    const auto seen = loop.wait(audit.verify("ws_first"));
    ASSERT_TRUE(seen.ok());
    EXPECT_TRUE(seen->problems.empty());
    EXPECT_EQ(seen->entries, 3U);
    audit.stop();
}

}  // namespace
}  // namespace credvault::access
