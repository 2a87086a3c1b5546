#include <thread>

#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Batches);

TEST_P(Batches, apply_in_order_and_see_what_went_before) {
    const auto outcome =
        store.write({store.insertion(R"({"id":"1","a":1})"), store.put("1", R"({"a":2})"), store.removal("1"),
                     store.insertion(R"({"id":"1","a":3})"), store.insertion(R"({"id":"2"})")});
    ASSERT_TRUE(outcome.ok());
    const auto& done = outcome->operations;
    ASSERT_EQ(done.size(), 5u);
    EXPECT_EQ(done[1].revision.version, 2u);
    EXPECT_EQ(done[2].effect, Effect::Removed);
    EXPECT_NE(done[3].revision.incarnation, done[0].revision.incarnation);
    EXPECT_EQ(store.get("1")->text, done[3].record);
    EXPECT_EQ(store.ids(), (Ids{"1", "2"}));
}

TEST_P(Batches, stamp_one_time_on_everything) {
    const auto outcome = store.write({store.insertion(R"({"id":"1"})"), store.insertion(R"({"id":"2"})")});
    const std::string first = store.get("1")->text;
    const std::string second = store.get("2")->text;
    EXPECT_EQ(first.substr(first.find("created_at")), second.substr(second.find("created_at")));
}

TEST_P(Batches, that_fail_leave_nothing) {
    store.build(index_of("by_a", "a", true));
    store.insert_all({R"({"id":"1","a":1})", R"({"id":"2","a":2})"});
    const std::string before = store.get("1")->text;
    const Error error = store.refused({
        store.insertion(R"({"id":"3","a":3})"),
        store.put("1", R"({"a":10})"),
        store.removal("2"),
        store.insertion(R"({"id":"2","a":1})"),
        CreateCollection{"fresh", "{}"},
        AlterCollection{"things", store.json(R"({"x":1})")},
        store.index(index_of("by_b", "b")),
        DropIndex{"things", "by_a"},
        store.insertion(R"({"id":"4","a":3})"),
        store.put("none", "{}"),
        store.insertion(R"({"id":"5","a":5})"),
    });
    EXPECT_EQ(error.code, ErrorCode::RECORD_NOT_FOUND);
    EXPECT_EQ(error.field, "9");
    EXPECT_EQ(store.ids(), (Ids{"1", "2"}));
    EXPECT_EQ(store.get("1")->text, before);
    EXPECT_EQ(store.ids(R"({"a":{"$gte":0}})", "-a"), (Ids{"2", "1"}));
    const CollectionInfo info = store.describe();
    EXPECT_EQ(info.options, "{}");
    EXPECT_EQ(info.records, 2u);
    ASSERT_EQ(info.indexes.size(), 1u);
    EXPECT_EQ(info.indexes[0].entries, 2u);
    EXPECT_EQ(store.wait(engine().list_collections("db_1"))->size(), 1u);
    EXPECT_EQ(store.refused({store.insertion(R"({"a":2})")}).code, ErrorCode::DUPLICATE_KEY)
        << "the index still holds";
    store.must(store.insertion(R"({"a":3})"));
    store.must(store.insertion(R"({"a":10})"));
}

TEST_P(Batches, that_drop_a_collection_and_fail_leave_it) {
    store.build(index_of("by_a", "a"));
    store.insert_all({R"({"id":"1","a":1})", R"({"id":"2","a":2})"});
    const Revision before = store.get("1")->revision;
    store.refused({store.put("2", R"({"a":5})"), DropCollection{"things"}, CreateCollection{"things", "{}"},
                   store.insertion(R"({"id":"1","a":9})"), store.insertion(R"({"id":"1","a":9})")});
    EXPECT_EQ(store.ids(R"({"a":{"$gt":0}})", "a"), (Ids{"1", "2"}));
    EXPECT_EQ(store.get("1")->revision, before);
    EXPECT_EQ(store.describe().indexes.size(), 1u);
    ASSERT_TRUE(store
                    .write({DropCollection{"things"}, CreateCollection{"things", "{}"},
                            store.insertion(R"({"id":"1","a":9})")})
                    .ok());
    EXPECT_EQ(store.ids(R"({"a":{"$gt":0}})"), Ids{"1"});
    EXPECT_NE(store.get("1")->revision, before);
    EXPECT_TRUE(store.describe().indexes.empty());
}

TEST_P(Batches, name_the_operation_that_fails) {
    store.build(index_of("by_a", "a", true));
    store.build(index_of("by_bc", "b,c"));
    store.must(store.insertion(R"({"id":"1","a":1})"));
    const auto good = [&] { return store.insertion("{\"a\":\"" + std::to_string(std::rand()) + "\"}"); };
    const auto field = [&](Operation bad) { return store.refused({good(), std::move(bad)}).field; };
    Precondition absent;
    absent.if_absent = true;
    EXPECT_EQ(field(store.insertion(R"({"id":"1"})")), "1.id");
    EXPECT_EQ(field(store.insertion(R"({"a":1})")), "1.a");
    EXPECT_EQ(field(store.insertion(R"({"a":"x","b":[1],"c":[2]})")), "1.c");
    EXPECT_EQ(field(store.removal("none")), "1");
    EXPECT_EQ(field(store.put("1", "{}", false, absent)), "1.If-None-Match");
    EXPECT_EQ(field(CreateCollection{"things", "{}"}), "1.name");
    EXPECT_EQ(field(DropIndex{"things", "none"}), "1");
    EXPECT_EQ(field(DropCollection{"none"}), "1");
    EXPECT_EQ(store.count(), 1u);
}

TEST_P(Batches, hold_unique_indexes_after_each_operation) {
    store.build(index_of("by_a", "a", true));
    store.insert_all({R"({"id":"1","a":1})", R"({"id":"2","a":2})"});
    EXPECT_EQ(store.refused({store.put("1", R"({"a":2})"), store.put("2", R"({"a":1})")}).field, "0.a");
    ASSERT_TRUE(store
                    .write({store.put("1", R"({"a":null})"), store.put("2", R"({"a":1})"),
                            store.put("1", R"({"a":2})")})
                    .ok());
    EXPECT_EQ(store.ids("{}", "a"), (Ids{"2", "1"}));
}

TEST_P(Batches, take_ten_thousand_operations) {
    const std::string_view record = store.json(R"({"a":1})");
    const std::vector<Operation> operations(max_batch_operations, InsertRecord{"things", record, false});
    const auto outcome = store.write(operations);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->operations.size(), max_batch_operations);
    EXPECT_EQ(store.count(), max_batch_operations);
}

/// Adds one to the field `n`.
class Increment final : public RecordChange {
public:
    Result<std::string> apply(const json::View& current) const override {
        return R"({"n":)" + std::to_string(current.find("n")->as_int() + 1) + "}";
    }
};

TEST_P(Batches, are_isolated_from_each_other) {
    constexpr int threads = 4;
    constexpr int each = 40;
    store.insert_all({R"({"id":"a","n":0})", R"({"id":"b","n":0})"});
    const Increment increment;
    {
        std::vector<std::jthread> writers;
        for (int t = 0; t < threads; ++t) {
            writers.emplace_back([&] {
                Store mine(engine(), "db_1", "things");
                for (int i = 0; i < each; ++i) {
                    // Both or, with the operation that must fail, neither.
                    std::vector<Operation> both{mine.modification("a", increment),
                                                mine.modification("b", increment)};
                    EXPECT_TRUE(mine.write(both).ok());
                    both.push_back(mine.removal("none"));
                    EXPECT_FALSE(mine.write(both).ok());
                }
            });
        }
        Store reader(engine(), "db_1", "things");
        for (int i = 0; i < 50; ++i) {
            const Page page = reader.find(reader.request());
            ASSERT_EQ(page.rows.size(), 2u);
            const auto n = [&](int row) { return json::View(page.rows[row].text).find("n")->as_int(); };
            EXPECT_EQ(n(0), n(1)) << "a batch is seen whole or not at all";
        }
    }
    const json::View a(store.keep(store.get("a")->text));
    EXPECT_EQ(a.find("n")->as_int(), threads * each);
    EXPECT_EQ(store.get("b")->revision.version, threads * each + 1u);
}

TEST_P(Batches, with_if_match_lose_no_update) {
    constexpr int threads = 4;
    constexpr int each = 15;
    store.insert_all({R"({"id":"a","n":0})"});
    {
        std::vector<std::jthread> writers;
        for (int t = 0; t < threads; ++t) {
            writers.emplace_back([&] {
                Store mine(engine(), "db_1", "things");
                for (int done = 0; done < each;) {
                    const StoredRow now = *mine.get("a");
                    const auto n = json::View(now.text).find("n")->as_int();
                    Precondition match;
                    match.if_match = {now.revision};
                    const auto written =
                        mine.write({mine.put("a", R"({"n":)" + std::to_string(n + 1) + "}", false, match)});
                    if (written.ok()) {
                        ++done;
                    } else {
                        EXPECT_EQ(written.error().code, ErrorCode::PRECONDITION_FAILED);
                    }
                }
            });
        }
    }
    EXPECT_EQ(json::View(store.keep(store.get("a")->text)).find("n")->as_int(), threads * each);
}

}  // namespace
}  // namespace credvault::storage::suite
