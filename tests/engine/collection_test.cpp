#include <algorithm>

#include "base/clock.h"
#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Collections);

std::vector<std::string> names_of(const std::vector<CollectionInfo>& infos) {
    std::vector<std::string> names;
    for (const CollectionInfo& info : infos) names.push_back(info.name);
    return names;
}

TEST_P(Collections, are_made_altered_and_dropped) {
    const std::int64_t before = now_ms();
    EXPECT_EQ(store.must(CreateCollection{"b", R"({"x":[1,2.0]})"}).effect, Effect::Created);
    store.must(CreateCollection{"A", "{}"});
    store.must(CreateCollection{"a", "{}"});
    EXPECT_EQ(names_of(*store.wait(engine().list_collections("db_1"))), (Ids{"A", "a", "b", "things"}));
    const auto made = *store.wait(engine().describe_collection("db_1", "b"));
    EXPECT_EQ(made.options, R"({"x":[1,2.0]})");
    EXPECT_GE(made.created_ms, before);
    EXPECT_LE(made.created_ms, now_ms());
    EXPECT_EQ(store.must(AlterCollection{"b", R"({"y":null})"}).effect, Effect::Changed);
    const auto altered = *store.wait(engine().describe_collection("db_1", "b"));
    EXPECT_EQ(altered.options, R"({"y":null})");
    EXPECT_EQ(altered.created_ms, made.created_ms);
    EXPECT_EQ(store.must(DropCollection{"b"}).effect, Effect::Removed);
    EXPECT_EQ(names_of(*store.wait(engine().list_collections("db_1"))), (Ids{"A", "a", "things"}));
}

TEST_P(Collections, are_there_once) {
    const Error error = store.refused({CreateCollection{"things", "{}"}});
    EXPECT_EQ(error.code, ErrorCode::ALREADY_EXISTS);
    EXPECT_EQ(error.message, "A collection named 'things' exists already");
}

TEST_P(Collections, that_do_not_exist_are_said_to_by_every_call) {
    Store none(engine(), "db_1", "none");
    struct Nothing final : RecordChange {
        Result<std::string> apply(const json::View&) const override { return std::string("{}"); }
    } const change;
    KeepingSink sink;
    const RecordKey key{"db_1", "none", "1"};
    const FindRequest find = none.request();
    CountRequest count;
    count.database = "db_1";
    count.collection = "none";
    Precondition exists;
    exists.if_exists = true;
    const std::vector<Error> errors{
        store.wait(engine().describe_collection("db_1", "none")).error(),
        store.wait(engine().get(key, sink)).error(),
        store.wait(engine().find(find, sink)).error(),
        store.wait(engine().count(count)).error(),
        none.refused({none.insertion("{}")}),
        none.refused({none.put("1", "{}", true)}),
        none.refused({none.put("1", "{}", false, exists)}),
        none.refused({none.modification("1", change)}),
        none.refused({none.removal("1")}),
        none.refused({AlterCollection{"none", "{}"}}),
        none.refused({DropCollection{"none"}}),
        none.refused({none.index(index_of("i", "a"))}),
        none.refused({DropIndex{"none", "i"}}),
    };
    for (const Error& error : errors) {
        EXPECT_EQ(error.code, ErrorCode::COLLECTION_NOT_FOUND);
        EXPECT_EQ(error.message, "There is no collection named 'none'");
    }
}

TEST_P(Collections, are_apart) {
    Store other(engine(), "db_1", "others");
    store.must(CreateCollection{"others", "{}"});
    store.insert_all({R"({"id":"1","a":1})", R"({"id":"2","a":1})"});
    other.insert_all({R"({"id":"2","a":1})", R"({"id":"3","a":1})"});
    EXPECT_EQ(store.ids(R"({"a":1})"), (Ids{"1", "2"}));
    EXPECT_EQ(other.ids(R"({"a":1})"), (Ids{"2", "3"}));
    EXPECT_EQ(other.ids("{}", "-id"), (Ids{"3", "2"}));
    store.must(DropCollection{"things"});
    EXPECT_EQ(other.ids(), (Ids{"2", "3"}));
}

TEST_P(Collections, hold_nothing_of_an_earlier_one_with_their_name) {
    store.must(store.index(index_of("by_a", "a", true)));
    store.must(store.insertion(R"({"id":"1","a":1})"));
    const Revision before = store.get("1")->revision;
    store.must(DropCollection{"things"});
    store.must(CreateCollection{"things", "{}"});
    EXPECT_TRUE(store.describe().indexes.empty());
    EXPECT_EQ(store.describe().records, 0u);
    EXPECT_EQ(store.get("1"), std::nullopt);
    EXPECT_EQ(store.ids(R"({"a":1})"), Ids{});
    store.must(store.insertion(R"({"id":"1","a":1})"));
    EXPECT_NE(store.get("1")->revision, before) << "a revision never comes back";
}

TEST_P(Collections, know_what_they_hold_after_every_kind_of_write) {
    const auto expect = [&](std::uint64_t records) {
        std::uint64_t bytes = 0;
        for (const StoredRow& row : store.find(store.request()).rows) bytes += row.text.size();
        EXPECT_EQ(store.describe().records, records);
        EXPECT_EQ(store.describe().record_bytes, bytes);
    };
    expect(0);
    store.insert_all({R"({"id":"1"})", R"({"id":"2","a":"text"})"});
    expect(2);
    store.must(store.put("1", R"({"b":"longer than before"})"));
    store.must(store.put("3", "{}", true));
    expect(3);
    store.must(store.removal("2"));
    expect(2);
    store.refused({store.insertion(R"({"id":"4"})"), store.removal("none")});
    expect(2);
}

TEST_P(Collections, may_be_many) {
    std::vector<Operation> operations;
    for (int i = 0; i < 300; ++i)
        operations.push_back(CreateCollection{store.keep("c" + std::to_string(1000 + i)), "{}"});
    ASSERT_TRUE(store.write(operations).ok());
    for (const int i : {0, 150, 299}) {
        Store one(engine(), "db_1", "c" + std::to_string(1000 + i));
        one.must(one.insertion(R"({"id":"x"})"));
        EXPECT_EQ(one.ids(), Ids{"x"});
    }
    const auto names = names_of(*store.wait(engine().list_collections("db_1")));
    EXPECT_EQ(names.size(), 301u);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_P(Collections, are_used_in_the_batch_that_makes_them) {
    Store fresh(engine(), "db_1", "fresh");
    const auto outcome =
        fresh.write({CreateCollection{"fresh", "{}"}, fresh.index(index_of("by_a", "a", true)),
                     fresh.insertion(R"({"id":"1","a":5})"), fresh.put("1", R"({"a":6})")});
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(fresh.wait_for_index("by_a").state, IndexState::Ready);
    EXPECT_EQ(fresh.ids(R"({"a":6})"), Ids{"1"});
    EXPECT_EQ(fresh.ids(R"({"a":5})"), Ids{});
}

}  // namespace
}  // namespace credvault::storage::suite
