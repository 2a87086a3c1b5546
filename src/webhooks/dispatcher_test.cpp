// The dispatcher over the in-memory engine, with a clock and a receiver of its own: nothing sleeps, and a restart
// is another dispatcher on the same store.
#include "webhooks/dispatcher.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/run_loop.h"
#include "json/value.h"
#include "storage/memory/memory_engine.h"
#include "webhooks/deliveries.h"

namespace credvault::webhooks {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

/// What surrounds the webhooks: one database, nobody restricted, secrets as they are.
class World final : public Directory, public Rights, public Vault, public Watch {
public:
    std::optional<DatabaseName> database(std::string_view id) const override {
        if (id != "db_1") return {};
        return DatabaseName{"db_1", "ws_1", "shop"};
    }
    std::vector<DatabaseName> databases(std::string_view) const override {
        return {{"db_1", "ws_1", "shop"}};
    }
    Reply<Present> present(const Webhook& webhook) const override {
        if (maker_left) return Error(ErrorCode::FORBIDDEN);
        Present now;
        if (!maker_lost_everything) now.scopes = webhook.scopes;
        now.restrictions = webhook.restrictions;
        return now;
    }
    Result<storage::NarrowingRef> sight(const Webhook&, std::string_view) const override {
        return storage::NarrowingRef();
    }
    Result<storage::NarrowingRef> sight(const Maker&, std::string_view) const override {
        return storage::NarrowingRef();
    }
    bool is_within(const std::string&, const std::string&) const override { return true; }
    std::optional<storage::CheckMatches> room(std::string_view) const override { return {}; }
    std::string seal(std::string_view text, std::string_view) const override { return std::string(text); }
    std::optional<std::string> unseal(std::string_view text, std::string_view) const override {
        return std::string(text);
    }
    Reply<void> tell(const Webhook& webhook, Trouble trouble) override {
        told.push_back(webhook.id + " " + std::string(trouble_name(trouble)));
        return Status();
    }

    std::vector<std::string> told;
    bool maker_left = false, maker_lost_everything = false;
};

/// Notes what is sent and answers as it is told; holds answers back where it should.
class FakeSender final : public outgoing::Sender {
public:
    Reply<outgoing::Answer> send(outgoing::Request request) override {
        sent.push_back(std::move(request));
        outgoing::Answer answer;
        answer.status = status;
        answer.retry_after = retry_after;
        if (!holds) return answer;
        held.emplace_back();
        return held.back().reply();
    }
    json::Value body(std::size_t i) const { return json::Value(json::View(sent.at(i).body)); }
    std::string header(std::size_t i, std::string_view name) const {
        for (const auto& [known, value] : sent.at(i).headers) {
            if (known == name) return value;
        }
        return {};
    }

    int status = 200;
    std::string retry_after;
    bool holds = false;
    std::vector<outgoing::Request> sent;
    std::vector<Completer<outgoing::Answer>> held;
};

class DispatcherTest : public ::testing::Test {
protected:
    DispatcherTest() {
        EXPECT_TRUE(loop.wait(engine.create_database("db_1")).ok());
        EXPECT_TRUE(loop.wait(engine.create_database("events")).ok());
        EXPECT_TRUE(write("db_1", storage::CreateCollection{"users", "{}"}).ok());
        EXPECT_TRUE(loop.wait(store.open()).ok());
        start();
    }
    ~DispatcherTest() override { dispatcher.reset(); }

    /// Another one on what the last one has left; what it had in memory is gone.
    void start() {
        dispatcher.reset();
        webhooks.emplace(engine, world, world, guard);
        const Dispatcher::Parts parts{engine, consumers, *webhooks, store, world, world, world, sender};
        dispatcher.emplace(parts, settings, [this] { return now; });
        webhooks->set_listener([this] { dispatcher->webhooks_changed(); });
        EXPECT_TRUE(loop.wait(webhooks->load()).ok());
        turn();
    }
    void turn() {
        for (int i = 0; i < 50; ++i) {
            dispatcher->turn();
            while (loop.run_one_for(std::chrono::milliseconds(0))) {
            }
        }
    }
    void pass(std::int64_t ms) {
        now += ms;
        turn();
    }
    Result<storage::WriteOutcome> write(std::string_view database, storage::Operation operation) {
        storage::WriteBatch batch;
        batch.database = database;
        batch.actor = "key_1";
        batch.operations.push_back(std::move(operation));
        return loop.wait(engine.write(batch));
    }
    void insert(const std::string& record) {
        EXPECT_TRUE(write("db_1", storage::InsertRecord{"users", record}).ok());
        turn();
    }
    std::string make(const std::vector<std::string>& events = {"document.*"}) {
        WebhookWish wish;
        wish.url = "https://example.com/hooks";
        wish.events = events;
        const auto made = loop.wait(webhooks->create(maker, wish, {}));
        EXPECT_TRUE(made.ok());
        turn();
        return made.ok() ? made->id : "";
    }
    std::vector<json::Value> rows(const std::string& webhook) {
        const auto page = loop.wait(store.list(webhook, {}));
        EXPECT_TRUE(page.ok());
        std::vector<json::Value> found;
        for (const json::View row : json::View(page->rows).elements()) found.emplace_back(row);
        return found;
    }
    State state(const std::string& webhook) { return (*webhooks->find(maker, webhook))->state; }

    RunLoop loop;
    storage::MemoryEngine engine;
    storage::ChangeConsumers consumers{engine};
    World world;
    const outgoing::AddressGuard guard;
    FakeSender sender;
    DeliveryStore store{engine};
    DispatchSettings settings;
    std::int64_t now = now_ms();
    const Maker maker{"ws_1", "key_1", {"database:read", "metadata:read", "webhook:manage", "key:manage"}};
    std::optional<Webhooks> webhooks;
    std::optional<Dispatcher> dispatcher;
};

TEST_F(DispatcherTest, TellsOfAWrite) {
    insert(R"({"id":"before"})");
    const std::string webhook = make();
    insert(R"({"id":"ada","n":1})");
    ASSERT_EQ(sender.sent.size(), 1U);
    EXPECT_EQ(sender.sent[0].url, "https://example.com/hooks");
    const json::Value body = sender.body(0);
    EXPECT_EQ(body.find("type")->as_string(), "document.created");
    EXPECT_EQ(body.find("data")->find("id")->as_string(), "ada");
    EXPECT_EQ(body.find("data")->find("record")->find("n")->as_int(), 1);
    pass(100);
    const auto kept = rows(webhook);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].find("event")->as_string(), sender.header(0, "webhook-id"));
    EXPECT_EQ(kept[0].find("status")->as_string(), "delivered");
}

TEST_F(DispatcherTest, ImagesAreKeptForIt) {
    make();
    const auto image = [this] {
        storage::ChangesRequest request;
        request.database = "db_1";
        request.images = true;
        return loop.wait(engine.changes(request))->changes.back();
    };
    insert(R"({"id":"a"})");
    EXPECT_TRUE(image().after);
    EXPECT_TRUE(write("db_1", storage::RemoveRecord{"users", "a", {}}).ok());
    EXPECT_TRUE(image().before) << "of deletions the record is told as it was";
}

TEST_F(DispatcherTest, TriesAgainByTheSchedule) {
    const std::string webhook = make();
    sender.status = 500;
    insert(R"({"id":"a"})");
    EXPECT_EQ(sender.sent.size(), 1U);
    pass(4'400);
    EXPECT_EQ(sender.sent.size(), 1U);
    pass(1'200);
    EXPECT_EQ(sender.sent.size(), 2U);
    EXPECT_EQ(sender.header(0, "webhook-id"), sender.header(1, "webhook-id"));
    EXPECT_EQ(sender.sent[0].body, sender.sent[1].body);
    pass(331'000);
    EXPECT_EQ(sender.sent.size(), 3U);
    for (const std::int64_t hours : {1, 3, 6, 12, 16, 23, 27}) pass(hours * hour_ms);
    EXPECT_EQ(sender.sent.size(), 10U);
    pass(100 * hour_ms);
    EXPECT_EQ(sender.sent.size(), 10U);
    pass(100);
    EXPECT_EQ(rows(webhook).at(0).find("status")->as_string(), "failed");
}

TEST_F(DispatcherTest, HeedsRetryAfter) {
    make();
    sender.status = 503;
    sender.retry_after = "600";
    insert(R"({"id":"a"})");
    pass(599'000);
    EXPECT_EQ(sender.sent.size(), 1U);
    pass(2'000);
    EXPECT_EQ(sender.sent.size(), 2U);
}

TEST_F(DispatcherTest, ARestartLosesNothingAndRepeatsOnlyWhatWasNotWrittenDown) {
    const std::string webhook = make();
    insert(R"({"id":"a"})");
    insert(R"({"id":"b"})");
    EXPECT_EQ(sender.sent.size(), 2U);
    start();
    ASSERT_EQ(sender.sent.size(), 3U) << "that b was sent was not written down";
    EXPECT_EQ(sender.header(1, "webhook-id"), sender.header(2, "webhook-id"));
    pass(100);
    start();
    EXPECT_EQ(sender.sent.size(), 3U);
    sender.status = 500;
    insert(R"({"id":"c"})");
    pass(100);
    start();
    EXPECT_EQ(sender.sent.size(), 4U);
    pass(6'000);
    EXPECT_EQ(sender.sent.size(), 5U) << "the retry has survived";
    EXPECT_EQ(rows(webhook).size(), 3U);
}

TEST_F(DispatcherTest, WhatIsUnderWayWhenItEndsIsSentAgain) {
    make();
    sender.holds = true;
    insert(R"({"id":"a"})");
    insert(R"({"id":"b"})");
    EXPECT_EQ(sender.sent.size(), 2U);
    outgoing::Answer answer;
    answer.status = 200;
    sender.held[1].complete(answer);
    turn();
    pass(100);
    sender.held[0].complete(Error(ErrorCode::SHUTTING_DOWN));
    turn();
    sender.holds = false;
    start();
    ASSERT_EQ(sender.sent.size(), 3U) << "b is settled, though a is not";
    EXPECT_EQ(sender.body(2).find("data")->find("id")->as_string(), "a");
}

TEST_F(DispatcherTest, GonePauses) {
    const std::string webhook = make();
    sender.status = 410;
    insert(R"({"id":"a"})");
    EXPECT_EQ(state(webhook), State::Paused);
    EXPECT_EQ(world.told, (std::vector<std::string>{webhook + " gone"}));
    sender.status = 200;
    insert(R"({"id":"b"})");
    pass(10'000);
    EXPECT_EQ(sender.sent.size(), 1U);
    ASSERT_TRUE(loop.wait(webhooks->resume(maker, webhook)).ok());
    pass(10'000);
    EXPECT_EQ(sender.sent.size(), 3U);
}

TEST_F(DispatcherTest, FiveDaysOfFailuresPause) {
    const std::string webhook = make();
    sender.status = 500;
    for (int hour = 0; hour < 119; ++hour) {
        insert("{\"n\":" + std::to_string(hour) + "}");
        pass(hour_ms);
    }
    EXPECT_EQ(state(webhook), State::Active);
    pass(2 * hour_ms);
    insert(R"({"id":"last"})");
    EXPECT_EQ(state(webhook), State::Paused);
    EXPECT_EQ(world.told, (std::vector<std::string>{webhook + " failing"}));
}

TEST_F(DispatcherTest, OneThatSucceedsBetweenIsNotFailing) {
    const std::string webhook = make();
    for (int day = 0; day < 10; ++day) {
        sender.status = day % 4 == 3 ? 200 : 500;
        insert("{\"n\":" + std::to_string(day) + "}");
        pass(24 * hour_ms);
    }
    EXPECT_EQ(state(webhook), State::Active);
}

TEST_F(DispatcherTest, NoneWaitsForAnother) {
    make();
    make();
    sender.holds = true;
    for (int i = 0; i < 5; ++i) insert("{\"n\":" + std::to_string(i) + "}");
    EXPECT_EQ(sender.sent.size(), 10U);
    for (auto& one : sender.held) one.complete(Error(ErrorCode::SHUTTING_DOWN));
    turn();
}

TEST_F(DispatcherTest, TurnedOffEventsPassBy) {
    const std::string webhook = make();
    WebhookWish off;
    off.enabled = false;
    ASSERT_TRUE(loop.wait(webhooks->change(maker, webhook, off)).ok());
    turn();
    insert(R"({"id":"a"})");
    WebhookWish on;
    on.enabled = true;
    // Another millisecond, so that the change before is told from those after.
    while (now_ms() == now) {
    }
    ASSERT_TRUE(loop.wait(webhooks->change(maker, webhook, on)).ok());
    turn();
    insert(R"({"id":"b"})");
    ASSERT_EQ(sender.sent.size(), 1U);
    EXPECT_EQ(sender.body(0).find("data")->find("id")->as_string(), "b");
}

TEST_F(DispatcherTest, OldDeliveriesGo) {
    const std::string webhook = make();
    insert(R"({"id":"a"})");
    pass(100);
    EXPECT_EQ(rows(webhook).size(), 1U);
    pass(settings.keep_ms + 2 * hour_ms);
    pass(61'000);
    EXPECT_TRUE(rows(webhook).empty());
}

TEST_F(DispatcherTest, ThoseOfARemovedWebhookGo) {
    const std::string webhook = make();
    insert(R"({"id":"a"})");
    pass(100);
    ASSERT_TRUE(loop.wait(webhooks->remove(maker, webhook)).ok());
    pass(2'000);
    pass(2'000);
    EXPECT_TRUE(rows(webhook).empty());
    insert(R"({"id":"b"})");
    EXPECT_EQ(sender.sent.size(), 1U);
}

TEST_F(DispatcherTest, PublishedEventsAreTold) {
    ASSERT_TRUE(loop.wait(open_published_events(engine)).ok());
    const std::string webhook = make({"database.*"});
    const std::string record =
        event_record("ws_1", "database.created", "databases/x", R"({"database":"x","actor":"me"})");
    ASSERT_TRUE(write("system", storage::InsertRecord{published_collection, record}).ok());
    const std::string other = event_record("ws_2", "database.created", "databases/x", R"({"database":"y"})");
    ASSERT_TRUE(write("system", storage::InsertRecord{published_collection, other}).ok());
    turn();
    ASSERT_EQ(sender.sent.size(), 1U);
    EXPECT_EQ(sender.body(0).find("data")->find("database")->as_string(), "x");
    EXPECT_NE(sender.body(0).find("data")->find("sequence"), nullptr);
}

TEST_F(DispatcherTest, OneWhoseMakerHasLeftIsPaused) {
    const std::string webhook = make();
    sender.status = 500;
    insert(R"({"id":"a"})");
    EXPECT_EQ(sender.sent.size(), 1U);
    world.maker_left = true;
    EXPECT_TRUE(write("system", storage::CreateCollection{"members", "{}"}).ok());
    pass(1'000);
    EXPECT_EQ(state(webhook), State::Paused);
    EXPECT_EQ(world.told, std::vector{webhook + " maker_gone"});
    pass(10'000);
    insert(R"({"id":"b"})");
    EXPECT_EQ(sender.sent.size(), 1U) << "neither what failed before nor what is new";
    world.maker_left = false;
    const Maker other{"ws_1", "usr_2", {"database:read", "webhook:manage"}};
    sender.status = 200;
    EXPECT_TRUE(loop.wait(webhooks->resume(other, webhook)).ok());
    turn();
    EXPECT_EQ((*webhooks->find(maker, webhook))->changed_by, "usr_2") << "it is his now";
    EXPECT_EQ(sender.sent.size(), 3U);
}

TEST_F(DispatcherTest, OneWhoseMakerHasLeftIsPausedBeforeItTellsAnythingNew) {
    const std::string webhook = make();
    world.maker_left = true;
    insert(R"({"id":"a"})");
    EXPECT_TRUE(sender.sent.empty());
    EXPECT_EQ(state(webhook), State::Paused);
    const Maker without{"ws_1", "usr_2", {"webhook:manage"}};
    const auto refused = loop.wait(webhooks->resume(without, webhook));
    ASSERT_FALSE(refused.ok()) << "who may not read the records can't take it over";
    EXPECT_EQ(refused.error().code, ErrorCode::FORBIDDEN);
}

TEST_F(DispatcherTest, TellsNoMoreThanItsMakerMaySeeNow) {
    const std::string webhook = make();
    world.maker_lost_everything = true;
    insert(R"({"id":"a"})");
    EXPECT_TRUE(sender.sent.empty());
    EXPECT_EQ(state(webhook), State::Active);
    world.maker_lost_everything = false;
    insert(R"({"id":"b"})");
    ASSERT_EQ(sender.sent.size(), 1U) << "what passed by in the meantime is not told";
    EXPECT_EQ(sender.body(0).find("data")->find("id")->as_string(), "b");
}

}  // namespace
}  // namespace credvault::webhooks
