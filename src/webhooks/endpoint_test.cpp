// One webhook at work, without a clock or a network: order, retries, what is read ahead, what is written down.
#include "webhooks/endpoint.h"

#include <gtest/gtest.h>

#include <set>

namespace credvault::webhooks {
namespace {

constexpr std::int64_t start = 1'700'000'000'000;

WebhookRef webhook_of(std::int64_t concurrency = 10, std::int64_t rate = 0) {
    Webhook webhook;
    webhook.id = "wh_1";
    webhook.workspace = "ws_1";
    webhook.url = "http://example.com/";
    webhook.max_concurrency = concurrency;
    webhook.max_per_second = rate;
    webhook.secrets.push_back({make_signing_secret(SignatureKind::V1), 0});
    return std::make_shared<const Webhook>(std::move(webhook));
}

Message message_of(std::uint64_t sequence, std::uint64_t lane) {
    Message message;
    message.origin = {"db_1", sequence};
    message.id = message_id("wh_1", message.origin, "document.created", start);
    message.type = "document.created";
    message.body = "{}";
    message.lane = lane;
    message.time_ms = start;
    return message;
}

outgoing::Answer answer_of(int status) {
    outgoing::Answer answer;
    answer.status = status;
    return answer;
}

class EndpointTest : public ::testing::Test {
protected:
    EndpointTest() { begin(webhook_of()); }
    void begin(WebhookRef webhook, EndpointLimits limits = {}) {
        endpoint.emplace(std::move(webhook), limits);
        endpoint->cursor("db_1").begin({});
    }
    void add(std::uint64_t sequence, std::uint64_t lane) {
        endpoint->add(message_of(sequence, lane));
        endpoint->cursor("db_1").read(sequence);
    }
    /// The sequences of what is begun now.
    std::vector<std::uint64_t> begun() {
        std::vector<std::uint64_t> sequences;
        while (auto next = endpoint->next(now)) {
            DeliveryRef delivery = next->send;
            if (!delivery) delivery = endpoint->loaded(next->load, kept(next->load));
            if (!delivery) continue;
            flying[delivery->message.origin.sequence] = delivery;
            sequences.push_back(delivery->message.origin.sequence);
        }
        return sequences;
    }
    /// What the store has of a delivery.
    std::optional<Delivery> kept(const std::string& id) {
        const auto found = stored.find("dlv_" + id);
        return found == stored.end() ? std::nullopt : Delivery::parse(json::View(found->second));
    }
    void end(std::uint64_t sequence, int status) {
        const DeliveryRef delivery = flying.at(sequence);
        flying.erase(sequence);
        endpoint->ended(delivery, now, answer_of(status), now, 0.5);
    }
    std::uint64_t write() {
        const Settlement settlement = endpoint->take(now);
        for (const auto& [id, text] : settlement.rows) stored[id] = text;
        endpoint->written();
        return endpoint->cursor("db_1").position();
    }
    DeliveryStatus status(std::uint64_t sequence) { return kept(message_of(sequence, 0).id).value().status; }

    std::int64_t now = start;
    std::optional<Endpoint> endpoint;
    std::map<std::uint64_t, DeliveryRef> flying;
    std::map<std::string, std::string> stored;
};

using Sequences = std::vector<std::uint64_t>;

TEST_F(EndpointTest, SendsWhatIsRead) {
    add(1, 11);
    add(2, 12);
    EXPECT_EQ(begun(), (Sequences{1, 2}));
    end(2, 204);
    EXPECT_EQ(write(), 0U) << "the first is not settled yet";
    EXPECT_EQ(endpoint->cursor("db_1").progress().done, Sequences{2});
    end(1, 200);
    EXPECT_EQ(write(), 2U);
    EXPECT_EQ(status(1), DeliveryStatus::Delivered);
    EXPECT_EQ(endpoint->under_way(), 0U);
}

TEST_F(EndpointTest, EventsOfOneThingAreInOrder) {
    for (const std::uint64_t sequence : {1U, 2U, 3U}) add(sequence, 7);
    add(4, 8);
    EXPECT_EQ(begun(), (Sequences{1, 4}));
    end(1, 200);
    EXPECT_EQ(begun(), Sequences{2});
    end(2, 200);
    EXPECT_EQ(begun(), Sequences{3});
    end(3, 200);
    end(4, 200);
    EXPECT_EQ(write(), 4U);
}

TEST_F(EndpointTest, LaterEventsWaitForThreeTriesAndNoLonger) {
    add(1, 7);
    add(2, 7);
    EXPECT_EQ(begun(), Sequences{1});
    end(1, 500);
    EXPECT_EQ(write(), 2U) << "both are in the store: the position moves on";
    EXPECT_EQ(status(1), DeliveryStatus::Retrying);
    EXPECT_EQ(status(2), DeliveryStatus::Waiting);
    add(3, 7);
    EXPECT_EQ(begun(), Sequences());
    now += 4'999;
    EXPECT_EQ(begun(), Sequences());
    now += 1;
    EXPECT_EQ(begun(), Sequences{1});
    end(1, 500);
    write();
    now += 300'000;
    EXPECT_EQ(begun(), Sequences{1});
    end(1, 503);
    write();
    EXPECT_EQ(begun(), Sequences{2}) << "the third try has failed: later ones proceed";
    EXPECT_EQ(status(1), DeliveryStatus::Retrying);
    EXPECT_FALSE(kept(message_of(1, 0).id)->held);
    EXPECT_EQ(kept(message_of(1, 0).id)->due_ms, now + 1'800'000);
    end(2, 200);
    write();
    EXPECT_EQ(begun(), Sequences{3});
}

TEST_F(EndpointTest, AFirstThatSucceedsLaterLetsTheOthersGo) {
    add(1, 7);
    add(2, 7);
    begun();
    end(1, 500);
    write();
    now += 5'000;
    EXPECT_EQ(begun(), Sequences{1});
    end(1, 200);
    write();
    EXPECT_EQ(begun(), Sequences{2});
}

TEST_F(EndpointTest, OtherThingsDoNotWait) {
    add(1, 7);
    begun();
    end(1, 500);
    add(2, 8);
    EXPECT_EQ(begun(), Sequences{2});
}

TEST_F(EndpointTest, IsTriedTenTimes) {
    add(1, 7);
    begun();
    for (int i = 1; i <= 10; ++i) {
        ASSERT_TRUE(flying.contains(1)) << i;
        end(1, 500);
        write();
        now += std::int64_t{25} * 3'600'000;
        if (endpoint->wants_due(now)) {
            std::vector<Delivery> due;
            const Delivery as_kept = *kept(message_of(1, 0).id);
            if (as_kept.due_ms != 0 && !as_kept.held) due.push_back(as_kept);
            endpoint->add_due(std::move(due), now);
        }
        begun();
    }
    EXPECT_TRUE(flying.empty());
    EXPECT_EQ(status(1), DeliveryStatus::Failed);
    EXPECT_EQ(kept(message_of(1, 0).id)->attempt_count, 10);
}

TEST_F(EndpointTest, RedirectsAndErrorsAreFailures) {
    for (const int code : {0, 199, 301, 302, 307, 400, 404, 410, 429, 500, 503}) {
        begin(webhook_of());
        add(1, 7);
        begun();
        end(1, code);
        write();
        EXPECT_EQ(status(1), DeliveryStatus::Retrying) << code;
    }
}

TEST_F(EndpointTest, HeedsItsCaps) {
    begin(webhook_of(3));
    for (std::uint64_t i = 1; i <= 10; ++i) add(i, i);
    EXPECT_EQ(begun().size(), 3U);
    end(1, 200);
    EXPECT_EQ(begun().size(), 1U);

    begin(webhook_of(100, 50));
    flying.clear();
    for (std::uint64_t i = 1; i <= 60; ++i) add(i, i);
    std::size_t sent = begun().size();
    EXPECT_LE(sent, 6U);
    for (int i = 0; i < 100; ++i) {
        now += 10;
        sent += begun().size();
    }
    EXPECT_LE(sent, 56U);
    EXPECT_GE(sent, 48U);
}

TEST_F(EndpointTest, AFailingReceiverGetsFewerAtOnce) {
    for (std::uint64_t i = 1; i <= 200; ++i) add(i, i);
    EXPECT_EQ(begun().size(), 10U);
    for (std::uint64_t i = 1; i <= 10; ++i) end(i, 500);
    EXPECT_EQ(begun().size(), 1U);
    end(11, 200);
    EXPECT_EQ(begun().size(), 2U);
}

TEST_F(EndpointTest, ReadsAheadWithinBounds) {
    EndpointLimits limits;
    limits.window_messages = 4;
    limits.max_held = 3;
    begin(webhook_of(1), limits);
    for (std::uint64_t i = 1; i <= 4; ++i) {
        EXPECT_TRUE(endpoint->has_room()) << i;
        add(i, 7);
    }
    EXPECT_FALSE(endpoint->has_room());
    EXPECT_EQ(begun(), Sequences{1});
    end(1, 500);
    EXPECT_EQ(begun(), Sequences());
    EXPECT_FALSE(endpoint->has_room()) << "four wait in the store";
    write();
    now += 5'000;
    begun();
    end(1, 200);
    write();
    begun();
    end(2, 200);
    EXPECT_TRUE(endpoint->has_room());
}

TEST_F(EndpointTest, TakesUpWhatWasHeld) {
    add(1, 7);
    add(2, 7);
    add(3, 7);
    begun();
    end(1, 500);
    write();
    std::vector<Delivery> held;
    for (const std::uint64_t sequence : {1U, 2U, 3U}) {
        Delivery delivery = kept(message_of(sequence, 0).id).value();
        EXPECT_TRUE(delivery.held);
        held.push_back(std::move(delivery));
    }
    begin(webhook_of());
    endpoint->restore(held, {}, now / 3'600'000, {});
    add(4, 7);
    EXPECT_EQ(begun(), Sequences()) << "not before its time";
    now += 5'000;
    EXPECT_EQ(begun(), Sequences{1});
    end(1, 200);
    write();
    EXPECT_EQ(begun(), Sequences{2});
}

TEST_F(EndpointTest, ARenewedOneThatIsHeldIsTriedAtOnce) {
    add(1, 7);
    begun();
    end(1, 500);
    write();
    endpoint->renewed(message_of(1, 0).id, now);
    EXPECT_EQ(begun(), Sequences{1});
}

TEST_F(EndpointTest, WhatCouldNotBeWrittenIsKept) {
    add(1, 7);
    begun();
    end(1, 200);
    Settlement settlement = endpoint->take(now);
    EXPECT_EQ(settlement.rows.size(), 1U);
    EXPECT_FALSE(endpoint->has_results());
    endpoint->give_back(std::move(settlement));
    EXPECT_TRUE(endpoint->has_results());
    EXPECT_EQ(write(), 1U);
    EXPECT_EQ(status(1), DeliveryStatus::Delivered);
}

TEST_F(EndpointTest, KnowsSinceWhenItFails) {
    add(1, 7);
    add(2, 8);
    begun();
    end(1, 500);
    EXPECT_EQ(endpoint->standing().failing_since_ms, start);
    now += 10;
    end(2, 500);
    EXPECT_EQ(endpoint->standing().failing_since_ms, start);
    add(3, 9);
    begun();
    end(3, 200);
    EXPECT_EQ(endpoint->standing().failing_since_ms, 0);
}

TEST(LogCursor, MovesOverWhatIsSettled) {
    LogCursor cursor("db_1");
    Progress progress;
    progress.position = 10;
    progress.done = {13};
    cursor.begin(progress);
    EXPECT_TRUE(cursor.is_settled(13));
    EXPECT_FALSE(cursor.is_settled(12));
    cursor.expect(11);
    cursor.expect(12);
    cursor.expect(12);
    cursor.read(20);
    EXPECT_EQ(cursor.position(), 10U);
    cursor.settle(12);
    EXPECT_EQ(cursor.progress().done, (std::vector<std::uint64_t>{13})) << "12 has two events";
    cursor.settle(12);
    EXPECT_EQ(cursor.progress().done, (std::vector<std::uint64_t>{12, 13}));
    EXPECT_EQ(cursor.ahead(), 1U);
    cursor.settle(11);
    EXPECT_EQ(cursor.position(), 20U);
    EXPECT_TRUE(cursor.progress().done.empty());
}

}  // namespace
}  // namespace credvault::webhooks
