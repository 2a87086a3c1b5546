#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Indexes);

std::string numbers(int from, int to) {
    std::string text = "[";
    for (int i = from; i < to; ++i) text += (i > from ? "," : "") + std::to_string(i);
    return text + "]";
}

TEST_P(Indexes, are_described) {
    store.build(index_of("second", "-a.b,c", false, true));
    store.build(index_of("first", "a", true));
    const auto indexes = store.describe().indexes;
    ASSERT_EQ(indexes.size(), 2u);
    EXPECT_EQ(indexes[0].spec.name, "first");
    EXPECT_TRUE(indexes[0].spec.unique);
    EXPECT_FALSE(indexes[0].spec.keys.sparse);
    EXPECT_EQ(query::sort_text(indexes[1].spec.keys.fields), "-a.b,c");
    EXPECT_TRUE(indexes[1].spec.keys.sparse);
    EXPECT_FALSE(indexes[1].spec.unique);
    EXPECT_EQ(indexes[1].state, IndexState::Ready);
    EXPECT_GT(indexes[1].created_ms, 0);
}

TEST_P(Indexes, refuse_what_they_are_not) {
    store.must(store.index(index_of("by_a", "a")));
    EXPECT_EQ(store.refused({store.index(index_of("by_a", "b"))}).code, ErrorCode::ALREADY_EXISTS);
    EXPECT_EQ(store.refused({DropIndex{"things", "none"}}).message, "There is no index named 'none'");
    EXPECT_EQ(store.refused({DropIndex{"things", "none"}}).code, ErrorCode::INDEX_NOT_FOUND);
    EXPECT_EQ(store.refused({store.index(IndexSpec{"empty", {}, false})}).code, ErrorCode::INVALID_INDEX);
    IndexSpec twice = index_of("twice", "a,b");
    twice.keys.fields.push_back({twice.keys.fields[0].path, true});
    EXPECT_EQ(store.refused({store.index(twice)}).field, "fields.2");
    EXPECT_EQ(store.describe().indexes.size(), 1u);
}

TEST_P(Indexes, are_dropped_and_made_anew_under_their_name) {
    store.insert_all({R"({"id":"1","a":1,"b":2})", R"({"id":"2","a":2,"b":1})"});
    store.build(index_of("it", "a", true));
    EXPECT_EQ(store.must(DropIndex{"things", "it"}).effect, Effect::Removed);
    EXPECT_TRUE(store.describe().indexes.empty());
    store.must(store.insertion(R"({"id":"3","a":1,"b":3})"));
    const IndexInfo again = store.build(index_of("it", "b"));
    EXPECT_EQ(again.state, IndexState::Ready);
    EXPECT_EQ(again.entries, 3u);
    EXPECT_EQ(store.ids("{}", "b"), (Ids{"2", "1", "3"}));
    EXPECT_EQ(store.ids(R"({"a":1})"), (Ids{"1", "3"}));
}

TEST_P(Indexes, that_are_unique_refuse_a_second_record) {
    store.build(index_of("by_email", "email", true));
    store.insert_all({R"({"id":"1","email":"a@b"})", R"({"id":"2","email":"c@d"})"});
    const std::string message = R"(The unique index 'by_email' has another record with email = "a@b")";
    const Error inserted = store.refused({store.insertion(R"({"id":"3","email":"a@b"})")});
    EXPECT_EQ(inserted.code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(inserted.message, message);
    EXPECT_EQ(inserted.field, "email");
    EXPECT_EQ(store.refused({store.put("2", R"({"email":"a@b"})")}).message, message);
    EXPECT_EQ(store.refused({store.put("3", R"({"email":"a@b"})", true)}).message, message);
    EXPECT_EQ(store
                  .refused({store.insertion(R"({"id":"3","email":"x"})"),
                            store.insertion(R"({"id":"4","email":"x"})")})
                  .field,
              "1.email");
    EXPECT_EQ(store.ids(), (Ids{"1", "2"}));
    store.must(store.put("1", R"({"email":"a@b","more":1})"));
    store.must(store.put("1", R"({"email":"new"})"));
    store.must(store.insertion(R"({"id":"3","email":"a@b"})"));
    store.must(store.removal("2"));
    store.must(store.insertion(R"({"id":"4","email":"c@d"})"));
    EXPECT_EQ(store.ids("{}", "email"), (Ids{"3", "4", "1"}));
}

TEST_P(Indexes, that_are_unique_take_values_as_filters_do) {
    store.build(index_of("by_v", "v", true));
    store.must(store.insertion(R"({"id":"1","v":1})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"v":1.0})")}).code, ErrorCode::DUPLICATE_KEY);
    store.must(store.insertion(R"({"v":"1"})"));
    store.must(store.insertion(R"({"v":true})"));
    store.must(store.insertion(R"({"v":9007199254740992})"));
    store.must(store.insertion(R"({"v":9007199254740993})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"v":9007199254740992.0})")}).code, ErrorCode::DUPLICATE_KEY);
    store.must(store.insertion(R"({"v":0})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"v":-0.0})")}).code, ErrorCode::DUPLICATE_KEY);
    store.must(store.insertion(R"({"v":{"a":1,"b":2}})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"v":{"b":2,"a":1.0}})")}).code, ErrorCode::DUPLICATE_KEY);
    store.must(store.insertion(R"({"v":""})"));
}

TEST_P(Indexes, that_are_unique_count_missing_as_null) {
    store.build(index_of("by_v", "v", true));
    store.must(store.insertion(R"({"id":"1"})"));
    EXPECT_EQ(store.refused({store.insertion("{}")}).message,
              "The unique index 'by_v' has another record with v = null");
    EXPECT_EQ(store.refused({store.insertion(R"({"v":null})")}).code, ErrorCode::DUPLICATE_KEY);
}

TEST_P(Indexes, that_are_sparse_leave_out_records_without_their_fields) {
    store.build(index_of("by_v", "v,w", true, true));
    store.insert_all({R"({"id":"1"})", R"({"id":"2"})", R"({"id":"3","x":1})"});
    EXPECT_EQ(store.wait_for_index("by_v").entries, 0u);
    store.must(store.insertion(R"({"id":"4","w":1})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"v":null,"w":1})")}).code, ErrorCode::DUPLICATE_KEY);
    store.must(store.insertion(R"({"id":"5","v":null})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"w":null})")}).code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(store.ids("{}", "v,w"), (Ids{"1", "2", "3", "5", "4"}))
        << "records outside a sparse index are found";
    EXPECT_EQ(store.ids(R"({"v":null})"), (Ids{"1", "2", "3", "4", "5"}));
    EXPECT_EQ(store.ids(R"({"w":{"$exists":true}})"), Ids{"4"});
}

TEST_P(Indexes, that_are_unique_and_compound_compare_all_their_values) {
    store.build(index_of("by_ab", "a,-b.c", true));
    store.insert_all({R"({"id":"1","a":1,"b":{"c":1}})", R"({"id":"2","a":1,"b":{"c":2}})",
                      R"({"id":"3","a":2,"b":{"c":1}})", R"({"id":"4","a":1})"});
    EXPECT_EQ(store.refused({store.insertion(R"({"a":1,"b":{"c":2},"d":5})")}).message,
              "The unique index 'by_ab' has another record with a = 1, b.c = 2");
    EXPECT_EQ(store.refused({store.insertion(R"({"a":1,"b":{}})")}).code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(store.ids(R"({"a":1})", "a,-b.c"), (Ids{"2", "1", "4"}));
}

TEST_P(Indexes, that_are_unique_compare_every_element_of_an_array) {
    store.build(index_of("by_tag", "tags", true));
    store.must(store.insertion(R"({"id":"1","tags":["a","b","a"]})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"tags":["c","b"]})")}).message,
              R"(The unique index 'by_tag' has another record with tags in ["c","b"])");
    EXPECT_EQ(store.refused({store.insertion(R"({"tags":"a"})")}).code, ErrorCode::DUPLICATE_KEY);
    store.must(store.insertion(R"({"id":"2","tags":["c",["a"]]})"));
    store.must(store.put("1", R"({"tags":["b"]})"));
    store.must(store.insertion(R"({"id":"3","tags":"a"})"));
    EXPECT_EQ(store.ids(R"({"tags":"a"})"), (Ids{"3"}));
    store.must(store.insertion(R"({"id":"4","tags":[]})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"id":"5","tags":[]})")}).code, ErrorCode::DUPLICATE_KEY);
}

TEST_P(Indexes, tell_long_values_apart_that_begin_alike) {
    store.build(index_of("by_v", "v", true));
    const std::string common(2000, 'x');
    store.insert_all({R"({"id":"1","v":")" + common + R"(a"})", R"({"id":"2","v":")" + common + R"(b"})",
                      R"({"id":"3","v":")" + common + R"("})",
                      R"({"id":"4","v":")" + common.substr(0, 1500) + R"("})"});
    EXPECT_EQ(store.refused({store.insertion(R"({"v":")" + common + R"(b"})")}).code,
              ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(store.ids("{}", "v"), (Ids{"4", "3", "1", "2"}));
    EXPECT_EQ(store.ids("{}", "-v"), (Ids{"2", "1", "3", "4"}));
    EXPECT_EQ(store.ids(R"({"v":")" + common + R"(b"})"), Ids{"2"});
    EXPECT_EQ(store.ids(R"({"v":{"$gt":")" + common + R"("}})"), (Ids{"1", "2"}));
    EXPECT_EQ(store.count(R"({"v":{"$lte":")" + common + R"("}})"), 2u);
    store.must(store.put("2", R"({"v":")" + common + R"(c"})"));
    store.must(store.insertion(R"({"id":"5","v":")" + common + R"(b"})"));
    EXPECT_EQ(store.ids("{}", "v"), (Ids{"4", "3", "1", "5", "2"}));
}

TEST_P(Indexes, refuse_records_with_two_arrays) {
    store.build(index_of("by_ab", "a,b"));
    store.insert_all({R"({"id":"1","a":[1,2],"b":1})", R"({"id":"2","a":1,"b":[1,2]})"});
    const Error error = store.refused({store.insertion(R"({"a":[1],"b":[2]})")});
    EXPECT_EQ(error.code, ErrorCode::INVALID_RECORD);
    EXPECT_EQ(error.field, "b");
    EXPECT_EQ(store.refused({store.put("1", R"({"a":[],"b":[]})")}).code, ErrorCode::INVALID_RECORD);
    EXPECT_EQ(store.ids(R"({"a":2})"), Ids{"1"});
    EXPECT_EQ(store.wait_for_index("by_ab").entries, 4u);
}

TEST_P(Indexes, take_arrays_of_up_to_ten_thousand_elements) {
    store.build(index_of("by_a", "a"));
    store.must(store.insertion(R"({"id":"1","a":)" + numbers(0, 10'000) + "}"));
    const Error error = store.refused({store.insertion(R"({"id":"2","a":)" + numbers(0, 10'001) + "}")});
    EXPECT_EQ(error.code, ErrorCode::INVALID_RECORD);
    EXPECT_EQ(error.field, "a");
    EXPECT_EQ(store.ids(R"({"a":9999})"), Ids{"1"});
    store.must(store.put("1", R"({"a":[7]})"));
    EXPECT_EQ(store.wait_for_index("by_a").entries, 1u);
    EXPECT_EQ(store.ids(R"({"a":9999})"), Ids{});
}

/// Enough records for a build in the background.
std::vector<std::string> many_records(int count) {
    std::vector<std::string> records;
    for (int i = 0; i < count; ++i) {
        const std::string n = std::to_string(i);
        records.push_back(R"({"id":"r)" + n + R"(","n":)" + n + R"(,"mod":)" + std::to_string(i % 7) +
                          R"(,"tags":[)" + n + "," + std::to_string(i + 1) + "]}");
    }
    return records;
}

TEST_P(Indexes, are_built_over_what_is_there) {
    store.insert_all(many_records(500));
    const IndexInfo by_mod = store.build(index_of("by_mod", "mod,-n"));
    EXPECT_EQ(by_mod.state, IndexState::Ready);
    EXPECT_EQ(by_mod.entries, 500u);
    EXPECT_EQ(store.build(index_of("by_n", "n", true)).state, IndexState::Ready);
    const IndexInfo by_tag = store.build(index_of("by_tag", "tags"));
    EXPECT_EQ(by_tag.entries, 1000u);
    EXPECT_TRUE(by_tag.multikey);
    EXPECT_EQ(store.ids(R"({"mod":3,"n":{"$gt":480}})", "-n"), (Ids{"r493", "r486"}));
    EXPECT_EQ(store.ids(R"({"tags":250})"), (Ids{"r249", "r250"}));
    EXPECT_EQ(store.refused({store.insertion(R"({"n":77})")}).code, ErrorCode::DUPLICATE_KEY);
}

TEST_P(Indexes, fail_where_what_is_there_does_not_allow_them) {
    store.insert_all(many_records(300));
    store.insert_all({R"({"id":"twin","n":7,"a":[1],"b":[1]})"});
    const IndexInfo failed = store.build(index_of("by_n", "n", true));
    EXPECT_EQ(failed.state, IndexState::Failed);
    EXPECT_EQ(failed.failure, "Several records have n = 7, so that a unique index can't be built");
    store.must(store.insertion(R"({"id":"triplet","n":7})"));
    EXPECT_EQ(store.ids(R"({"n":7})"), (Ids{"r7", "triplet", "twin"}))
        << "a failed index refuses and hides nothing";
    const IndexInfo arrays = store.build(index_of("by_ab", "a,b"));
    EXPECT_EQ(arrays.state, IndexState::Failed);
    EXPECT_TRUE(arrays.failure.starts_with("The record 'twin' can't be indexed: ")) << arrays.failure;
    store.must(DropIndex{"things", "by_n"});
    store.must(store.removal("twin"));
    store.must(store.removal("triplet"));
    EXPECT_EQ(store.build(index_of("by_n", "n", true)).state, IndexState::Ready);
}

TEST_P(Indexes, are_right_when_written_to_while_they_are_built) {
    store.insert_all(many_records(800));
    store.must(store.index(index_of("by_mod", "mod,n")));
    store.must(store.index(index_of("by_tag", "tags")));
    for (int i = 0; i < 60; ++i) {
        const std::string n = std::to_string(i * 13);
        store.must(store.put("r" + n, R"({"n":)" + n + R"(,"mod":"changed","tags":["x","y","z"]})"));
        store.must(store.removal("r" + std::to_string(i * 13 + 1)));
        store.must(store.insertion(R"({"id":"new)" + n + R"(","n":)" + n + R"(,"mod":"new","tags":[]})"));
    }
    EXPECT_EQ(store.wait_for_index("by_mod").entries, 800u);
    EXPECT_EQ(store.wait_for_index("by_tag").entries, 800u * 2 - 60 * 2 + 60 - 60 * 2 + 60 * 3);
    EXPECT_EQ(store.count(R"({"mod":"changed"})"), 60u);
    EXPECT_EQ(store.count(R"({"mod":"new"})"), 60u);
    EXPECT_EQ(store.count(R"({"tags":"y"})"), 60u);
    EXPECT_EQ(store.ids(R"({"mod":{"$gte":0}})").size(), 680u);
}

TEST_P(Indexes, that_are_unique_hold_from_the_first_moment) {
    store.insert_all(many_records(800));
    store.must(store.index(index_of("by_n", "n", true)));
    int refused = 0;
    for (int i = 0; i < 40; ++i) {
        // Where the build has not come by yet this is taken, and the build fails: never two records and an index.
        refused += store.write({store.insertion(R"({"n":)" + std::to_string(799 - i) + "}")}).ok() ? 0 : 1;
    }
    const IndexInfo built = store.wait_for_index("by_n");
    EXPECT_EQ(built.state, refused == 40 ? IndexState::Ready : IndexState::Failed);
    EXPECT_EQ(store.count(), 800u + 40 - static_cast<unsigned>(refused));
}

TEST_P(Indexes, serve_what_they_can_and_say_so) {
    store.insert_all(many_records(300));
    store.build(index_of("by_n", "n"));
    FindRequest request = store.request(R"({"n":{"$gte":100,"$lt":110}})", "n");
    request.explain = true;
    const Page page = store.find(request);
    ASSERT_TRUE(page.result.ok());
    EXPECT_EQ(page.ids.size(), 10u);
    EXPECT_FALSE(page.result->stats.plan.empty());
    if (!GetParam().plans()) return;
    EXPECT_EQ(page.result->stats.index, "by_n");
    EXPECT_LE(page.result->stats.records_examined, 11u);
    EXPECT_FALSE(page.result->stats.sorted);
    FindRequest other = store.request(R"({"mod":3})", "-mod");
    other.explain = true;
    const Page scanned = store.find(other);
    EXPECT_EQ(scanned.result->stats.index, "");
    EXPECT_EQ(scanned.result->stats.records_examined, 300u);
    EXPECT_NE(scanned.result->stats.advice.find("mod"), std::string::npos);
}

}  // namespace
}  // namespace credvault::storage::suite
