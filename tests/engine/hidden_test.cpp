// Hidden collections: filled by batches that nobody sees, then published in one moment in the place of another.
#include "storage/hidden.h"
#include "base/clock.h"
#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Hidden);

std::vector<std::string> shown(Store& store) {
    std::vector<std::string> names;
    const auto listed = store.wait(store.engine().list_collections("db_1"));
    for (const CollectionInfo& info : *listed) names.push_back(info.name);
    return names;
}

std::vector<Change> changes_after(Store& store, std::uint64_t after) {
    ChangesRequest request;
    request.database = "db_1";
    request.after = after;
    request.current = true;
    return store.wait(store.engine().changes(request))->changes;
}

std::uint64_t log_end(Store& store) {
    ChangesRequest request;
    request.database = "db_1";
    request.limit = 0;
    return store.wait(store.engine().changes(request))->horizon;
}

TEST_P(Hidden, names_rise_with_the_time_they_are_made) {
    EXPECT_TRUE(is_hidden(hidden_name(now_ms())));
    EXPECT_FALSE(is_hidden("things"));
    EXPECT_FALSE(is_hidden_before("things", now_ms()));
    EXPECT_TRUE(is_hidden_before(hidden_name(1'000), 1'001));
    EXPECT_FALSE(is_hidden_before(hidden_name(1'000), 1'000));
}

TEST_P(Hidden, collections_are_in_no_list_and_no_change) {
    const std::string name = hidden_name(now_ms());
    Store hidden(engine(), "db_1", name);
    const std::uint64_t before = log_end(store);
    store.must(CreateCollection{name, "{}"});
    hidden.must(hidden.insertion(R"({"id":"a","n":1})"));
    hidden.must(hidden.put("a", R"({"n":2})"));
    hidden.must(hidden.insertion(R"({"id":"b"})"));
    hidden.must(hidden.removal("b"));
    EXPECT_EQ(hidden.ids(), Ids{"a"});
    EXPECT_EQ(shown(store), Ids{"things"});
    EXPECT_EQ(store.wait(engine().describe_database("db_1"))->records, 0U);
    store.must(DropCollection{name});
    store.must(store.insertion(R"({"id":"seen"})"));
    const auto changes = changes_after(store, before);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes.front().id, "seen");
}

TEST_P(Hidden, collections_take_the_place_of_others) {
    store.must(store.index(index_of("by_n", "n", true)));
    store.insert_all({R"({"id":"old","n":1})", R"({"id":"both","n":2})"});
    const CollectionInfo old = *store.wait(engine().describe_collection("db_1", "things"));
    const std::string name = hidden_name(now_ms());
    Store hidden(engine(), "db_1", name);
    ASSERT_TRUE(store
                    .write({CreateCollection{name, R"({"x":1})"},
                            CreateIndex{hidden.keep(name), index_of("by_n", "n", true)}})
                    .ok());
    hidden.insert_all({R"({"id":"both","n":3})", R"({"id":"new","n":1})"});
    const std::uint64_t before = log_end(store);
    EXPECT_EQ(store.must(PublishCollection{name, "things"}).effect, Effect::Changed);

    EXPECT_EQ(store.ids(), (Ids{"both", "new"}));
    EXPECT_EQ(store.ids(R"({"n":3})"), Ids{"both"});
    EXPECT_EQ(store.refused({store.insertion(R"({"n":1})")}).code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(shown(store), Ids{"things"});
    const CollectionInfo now = *store.wait(engine().describe_collection("db_1", "things"));
    EXPECT_EQ(now.options, R"({"x":1})");
    EXPECT_EQ(now.created_ms, old.created_ms);
    EXPECT_EQ(now.records, 2U);
    EXPECT_EQ(hidden.wait(engine().describe_collection("db_1", name)).error().code,
              ErrorCode::COLLECTION_NOT_FOUND);

    store.must(store.put("both", R"({"n":4})"));
    const auto changes = changes_after(store, before);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].kind, ChangeKind::Replaced);
    EXPECT_EQ(changes[0].collection, "things");
    EXPECT_EQ(changes[1].kind, ChangeKind::Changed);
    EXPECT_EQ(changes[1].collection, "things");
    ASSERT_TRUE(changes[1].current);
    EXPECT_EQ(changes[1].current->revision.version, 2U);
}

TEST_P(Hidden, collections_may_be_published_under_a_new_name) {
    const std::string name = hidden_name(now_ms());
    Store hidden(engine(), "db_1", name);
    store.must(CreateCollection{name, "{}"});
    hidden.must(hidden.insertion(R"({"id":"a"})"));
    store.must(PublishCollection{name, "fresh"});
    EXPECT_EQ(Store(engine(), "db_1", "fresh").ids(), Ids{"a"});
    EXPECT_EQ(shown(store), (Ids{"fresh", "things"}));
}

TEST_P(Hidden, publishing_is_undone_with_its_batch) {
    store.must(store.insertion(R"({"id":"old"})"));
    const std::string name = hidden_name(now_ms());
    Store hidden(engine(), "db_1", name);
    store.must(CreateCollection{name, "{}"});
    hidden.must(hidden.insertion(R"({"id":"new"})"));
    const std::uint64_t before = log_end(store);
    const Error refused = store.refused({PublishCollection{name, "things"}, store.insertion(R"({"id":"x"})"),
                                         store.insertion(R"({"id":"x"})")});
    EXPECT_EQ(refused.code, ErrorCode::ALREADY_EXISTS);
    EXPECT_EQ(store.ids(), Ids{"old"});
    EXPECT_EQ(hidden.ids(), Ids{"new"});
    EXPECT_TRUE(changes_after(store, before).empty());
    EXPECT_EQ(store.refused({PublishCollection{store.keep(hidden_name(now_ms())), "things"}}).code,
              ErrorCode::COLLECTION_NOT_FOUND);
    EXPECT_EQ(store.ids(), Ids{"old"});
}

TEST_P(Hidden, keys_can_be_looked_at) {
    WriteBatch look = store.batch({});
    look.idempotency = Idempotency{"key", "f", now_ms() + 60'000, {}, true};
    const auto unused = store.wait(engine().write(look));
    ASSERT_TRUE(unused.ok()) << unused.error().message;
    EXPECT_FALSE(unused->replayed);
    EXPECT_FALSE(store.wait(engine().write(look))->replayed) << "a look keeps nothing";
    WriteBatch keyed = store.batch({store.insertion("{}")});
    keyed.idempotency = Idempotency{"key", "f", now_ms() + 60'000,
                                    [](const WriteOutcome&) { return std::string("done"); }, false};
    ASSERT_TRUE(store.wait(engine().write(keyed)).ok());
    const auto used = store.wait(engine().write(look));
    ASSERT_TRUE(used.ok());
    EXPECT_TRUE(used->replayed);
    EXPECT_EQ(used->answer, "done");
    look.idempotency->fingerprint = "other";
    EXPECT_EQ(store.wait(engine().write(look)).error().code, ErrorCode::IDEMPOTENCY_KEY_REUSED);
}

}  // namespace
}  // namespace credvault::storage::suite
