// The change feed over the in-memory engine: positions, selections, pages and streams.
#include "documents/change_feed.h"

#include <gtest/gtest.h>

#include "base/run_loop.h"
#include "documents/change_token.h"
#include "documents/collections.h"
#include "documents/databases.h"
#include "json/canonical.h"
#include "storage/memory/memory_engine.h"

namespace credvault::documents {
namespace {

class ChangeFeedTest : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(loop.wait(databases.load()).ok());
        database = loop.wait(databases.create("ws", "shop", "k", {}))->value;
        for (const char* name : {"people", "orders"})
            ASSERT_TRUE(loop.wait(collections.create(database, name, {}, "k", {})).ok());
    }

    void write(storage::Operation operation) {
        storage::WriteBatch batch;
        batch.database = database->id;
        batch.actor = "key_1";
        batch.operations.push_back(std::move(operation));
        ASSERT_TRUE(loop.wait(engine.write(batch)).ok());
    }
    void insert(std::string_view record, std::string_view collection = "people") {
        write(storage::InsertRecord{collection, record});
    }

    /// "insert a, update b": operations and ids.
    static std::string told(const json::Value& changes) {
        std::string text;
        for (const json::Value& one : changes.as_array()) {
            text += text.empty() ? "" : ", ";
            text += one.find("operation")->as_string() + " " +
                    (one.find("id") != nullptr ? one.find("id") : one.find("collection"))->as_string();
        }
        return text;
    }
    std::string page(ChangeSelection selection = {}, std::string since = "oldest",
                     std::uint64_t limit = 100) {
        auto got = loop.wait(feed.page(database, std::move(since), std::move(selection), limit));
        EXPECT_TRUE(got.ok());
        if (!got.ok()) return "?";
        position = got->position;
        has_more = got->has_more;
        return told(*json::parse(got->changes));
    }
    /// Takes from the stream until there was something.
    std::string taken(ChangeStream& stream) {
        for (int tries = 0; tries < 1'000; ++tries) {
            auto got = loop.wait(stream.next());
            EXPECT_TRUE(got.ok());
            if (!got.ok() || got->ended) return "ended";
            std::string text = "[";
            for (const ChangeDelivery::Event& event : got->events)
                text += (text.size() > 1 ? "," : "") + event.text;
            if (!got->events.empty()) return told(*json::parse(text + "]"));
        }
        return "nothing";
    }
    std::unique_ptr<ChangeStream> stream(ChangeSelection selection = {}, std::string since = "now") {
        auto made = loop.wait(feed.stream(database, std::move(since), std::move(selection)));
        EXPECT_TRUE(made.ok());
        return made.ok() ? std::move(made).value() : nullptr;
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    Databases databases{engine};
    Collections collections{engine};
    FeedSettings settings{
        .heartbeat_ms = 100, .buffer_bytes = 64 * 1024, .max_record_bytes = 500, .max_listeners = 2};
    storage::ChangeConsumers consumers{engine};
    ChangeFeed feed{engine, consumers, settings};
    DatabaseRef database;
    std::string position;
    bool has_more = false;
};

TEST_F(ChangeFeedTest, TokensBelongToTheirDatabase) {
    const DatabaseEntry other{"db_other", "ws", "other"};
    for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40}) {
        const std::string token = change_token(*database, at);
        EXPECT_EQ(*parse_change_token(*database, token), at);
        EXPECT_EQ(parse_change_token(other, token).error().code, ErrorCode::INVALID_CURSOR);
    }
    for (const char* wrong :
         {"", "0", "now", "12345678", "123456789", "1234567890abcdefg", "ffffffffffffffffffffffffffff"})
        EXPECT_FALSE(parse_change_token(*database, wrong).ok()) << wrong;
}

TEST_F(ChangeFeedTest, PagesPickWhatIsWanted) {
    insert(R"({"id":"a","n":1})");
    insert(R"({"id":"o"})", "orders");
    insert(R"({"id":"b","n":2})");
    write(storage::RemoveRecord{"people", "a", {}});
    EXPECT_EQ(page(), "insert a, insert o, insert b, delete a");
    EXPECT_FALSE(has_more);
    ChangeSelection people;
    people.collection = "people";
    EXPECT_EQ(page(people, "oldest", 2), "insert a, insert b");
    EXPECT_TRUE(has_more);
    EXPECT_EQ(page(people, position), "delete a");
    ChangeSelection deletions;
    deletions.kinds = kind_bit(storage::ChangeKind::Removed);
    EXPECT_EQ(page(deletions), "delete a");
    ChangeSelection filtered;
    filtered.filter = *query::parse_filter(json::View(R"({"n":{"$gt":1}})"));
    EXPECT_EQ(page(filtered), "insert a, insert b, delete a") << "what is gone can't be asked about";
    EXPECT_EQ(page({}, "now"), "");
}

TEST_F(ChangeFeedTest, StreamsGoOnAsItIsWritten) {
    const auto all = stream();
    insert(R"({"id":"a"})");
    EXPECT_EQ(taken(*all), "insert a");
    insert(R"({"id":"b"})");
    EXPECT_EQ(taken(*all), "insert b");
    const auto late = stream({}, "oldest");
    EXPECT_EQ(taken(*late), "insert a, insert b") << "from the store";
    insert(R"({"id":"c"})");
    EXPECT_EQ(taken(*late), "insert c");
    EXPECT_EQ(taken(*all), "insert c");
}

TEST_F(ChangeFeedTest, AStreamThatWantsRecordsReadsWhatTheBufferLeftOut) {
    const auto bare = stream();
    insert(R"({"id":"a","n":1})");
    EXPECT_EQ(taken(*bare), "insert a");
    ChangeSelection selection;
    selection.record = true;
    const auto rich = stream(selection, "oldest");
    auto got = loop.wait(rich->next());
    ASSERT_TRUE(got.ok() && got->events.size() == 1);
    EXPECT_NE(got->events[0].text.find(R"("record":{"id":"a","n":1)"), std::string::npos)
        << got->events[0].text;
    const std::string large = R"({"id":"b","text":")" + std::string(600, 'x') + "\"}";
    insert(large);
    got = loop.wait(rich->next());
    ASSERT_TRUE(got.ok() && got->events.size() == 1);
    EXPECT_NE(got->events[0].text.find(R"("record":null,"record_state":"too_large")"), std::string::npos);
}

TEST_F(ChangeFeedTest, AQuietStreamMovesOn) {
    ChangeSelection people;
    people.collection = "people";
    const auto quiet = stream(people);
    const std::string before = quiet->position();
    insert(R"({"id":"o"})", "orders");
    for (int tries = 0; tries < 100 && quiet->position() == before; ++tries) {
        const auto got = loop.wait(quiet->next());
        ASSERT_TRUE(got.ok());
        EXPECT_TRUE(got->events.empty());
    }
    EXPECT_NE(quiet->position(), before);
}

TEST_F(ChangeFeedTest, ListenersAreBoundedAndLeave) {
    auto one = stream();
    const auto two = stream();
    EXPECT_EQ(loop.wait(feed.stream(database, "now", {})).error().code, ErrorCode::OVERLOADED);
    one.reset();
    EXPECT_EQ(feed.listeners(), 1U);
    EXPECT_TRUE(loop.wait(feed.stream(database, "now", {})).ok());
}

TEST_F(ChangeFeedTest, StreamsEnd) {
    const auto cancelled = stream();
    Reply<ChangeDelivery> waiting = cancelled->next();
    EXPECT_FALSE(waiting.ready());
    cancelled->cancel();
    EXPECT_TRUE(loop.wait(std::move(waiting))->ended);
    const auto dropped = stream();
    ASSERT_TRUE(loop.wait(databases.drop("ws", "shop", "k")).ok());
    EXPECT_EQ(taken(*dropped), "ended");
}

}  // namespace
}  // namespace credvault::documents
