#include <algorithm>

#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Databases);

TEST_P(Databases, has_a_system_database_that_is_not_listed) {
    EXPECT_TRUE(store.wait(engine().describe_database("system")).ok());
    EXPECT_EQ(*store.wait(engine().list_databases()), Ids{"db_1"});
    EXPECT_EQ(store.wait(engine().create_database("system")).error().code, ErrorCode::ALREADY_EXISTS);
}

TEST_P(Databases, are_made_listed_and_dropped) {
    ASSERT_TRUE(store.wait(engine().create_database("db_2")).ok());
    ASSERT_TRUE(store.wait(engine().create_database("a")).ok());
    auto listed = *store.wait(engine().list_databases());
    std::sort(listed.begin(), listed.end());
    EXPECT_EQ(listed, (Ids{"a", "db_1", "db_2"}));
    EXPECT_EQ(store.wait(engine().create_database("db_2")).error().code, ErrorCode::ALREADY_EXISTS);
    ASSERT_TRUE(store.wait(engine().drop_database("db_2")).ok());
    EXPECT_EQ(store.wait(engine().drop_database("db_2")).error().code, ErrorCode::DATABASE_NOT_FOUND);
    EXPECT_EQ(store.wait(engine().list_databases())->size(), 2u);
}

TEST_P(Databases, hold_nothing_of_an_earlier_one_with_their_id) {
    store.must(store.insertion(R"({"id":"1"})"));
    ASSERT_TRUE(store.wait(engine().drop_database("db_1")).ok());
    EXPECT_EQ(store.wait(engine().describe_database("db_1")).error().code, ErrorCode::DATABASE_NOT_FOUND);
    store.make();
    EXPECT_EQ(store.get("1"), std::nullopt);
    EXPECT_EQ(store.count(), 0u);
}

TEST_P(Databases, are_apart) {
    Store other(engine(), "db_2", "things");
    other.make();
    store.must(store.insertion(R"({"id":"1","in":"first"})"));
    other.must(other.insertion(R"({"id":"1","in":"second"})"));
    EXPECT_EQ(store.ids(R"({"in":"first"})"), Ids{"1"});
    EXPECT_EQ(other.ids(R"({"in":"first"})"), Ids{});
    ASSERT_TRUE(other.wait(engine().drop_database("db_2")).ok());
    EXPECT_TRUE(store.get("1"));
}

TEST_P(Databases, know_what_they_hold) {
    store.must(CreateCollection{"others", "{}"});
    store.insert_all({R"({"id":"1"})", R"({"id":"2","a":"text"})"});
    const auto info = *store.wait(engine().describe_database("db_1"));
    EXPECT_EQ(info.collections, 2u);
    EXPECT_EQ(info.records, 2u);
    EXPECT_EQ(info.record_bytes, store.get("1")->text.size() + store.get("2")->text.size());
    if (GetParam().base == Base::Sqlite) {
        EXPECT_GT(info.bytes_on_disk, 0u);
    }
}

TEST_P(Databases, that_do_not_exist_are_said_to_by_every_call) {
    Store none(engine(), "db_none", "things");
    KeepingSink sink;
    const RecordKey key{"db_none", "things", "1"};
    const FindRequest find = none.request();
    CountRequest count;
    count.database = "db_none";
    count.collection = "things";
    const std::vector<Error> errors{
        store.wait(engine().drop_database("db_none")).error(),
        store.wait(engine().describe_database("db_none")).error(),
        store.wait(engine().list_collections("db_none")).error(),
        store.wait(engine().describe_collection("db_none", "things")).error(),
        store.wait(engine().get(key, sink)).error(),
        store.wait(engine().find(find, sink)).error(),
        store.wait(engine().count(count)).error(),
        none.refused({none.insertion("{}")}),
        none.refused({none.insertion("{}"), none.insertion("{}")}),
    };
    for (const Error& error : errors) {
        EXPECT_EQ(error.code, ErrorCode::DATABASE_NOT_FOUND);
        EXPECT_EQ(error.message.find("db_none"), std::string::npos) << "an engine's id is no user's name";
    }
    EXPECT_TRUE(sink.rows.empty());
}

TEST_P(Databases, may_be_many) {
    for (int i = 0; i < 40; ++i) {
        Store one(engine(), "many_" + std::to_string(i), "things");
        one.make();
        one.must(one.insertion(R"({"id":"x","n":)" + std::to_string(i) + "}"));
    }
    for (int i = 0; i < 40; ++i) {
        Store one(engine(), "many_" + std::to_string(i), "things");
        EXPECT_EQ(one.ids(R"({"n":)" + std::to_string(i) + "}"), Ids{"x"});
    }
    EXPECT_EQ(store.wait(engine().list_databases())->size(), 41u);
}

TEST_P(Databases, are_healthy) {
    for (const StoreHealth& health : engine().health()) {
        EXPECT_TRUE(health.ready) << health.database;
        EXPECT_TRUE(health.reason.empty());
    }
    EXPECT_FALSE(engine().health().empty());
}

TEST_P(Databases, count_their_commits) {
    const EngineMetrics before = engine().metrics();
    store.insert_all({R"({"id":"1"})", R"({"id":"2"})", R"({"id":"3"})"});
    const EngineMetrics after = engine().metrics();
    EXPECT_EQ(after.commits, before.commits + 1);
    EXPECT_EQ(after.commit_operations, before.commit_operations + 3);
    EXPECT_EQ(after.commit_failures, before.commit_failures);
}

TEST_P(Databases, refuse_everything_once_stopped) {
    store.must(store.insertion(R"({"id":"1"})"));
    stack.stop();
    KeepingSink sink;
    const RecordKey key{"db_1", "things", "1"};
    const FindRequest find = store.request();
    CountRequest count;
    count.database = "db_1";
    count.collection = "things";
    EXPECT_EQ(store.wait(engine().list_databases()).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().create_database("db_2")).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().drop_database("db_1")).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().describe_database("db_1")).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().list_collections("db_1")).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().describe_collection("db_1", "things")).error().code,
              ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().get(key, sink)).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().find(find, sink)).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.wait(engine().count(count)).error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_EQ(store.refused({store.insertion("{}")}).code, ErrorCode::SHUTTING_DOWN);
    EXPECT_TRUE(sink.rows.empty());
}

}  // namespace
}  // namespace credvault::storage::suite
