#include <algorithm>

#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Finds);

/// r000 … with n = 0 …, and group = n % 10 as text.
std::vector<std::string> numbered(int count) {
    std::vector<std::string> records;
    for (int i = 0; i < count; ++i) {
        const std::string digits = std::to_string(1000 + i).substr(1);
        records.push_back(R"({"id":"r)" + digits + R"(","n":)" + std::to_string(i) + R"(,"group":"g)" +
                          std::to_string(i % 10) + R"("})");
    }
    return records;
}

TEST_P(Finds, go_by_id_unless_told_otherwise) {
    store.insert_all(
        {R"({"id":"b","n":1})", R"({"id":"a","n":2})", R"({"id":"B","n":3})", R"({"id":"é","n":4})"});
    EXPECT_EQ(store.ids(), (Ids{"B", "a", "b", "é"}));
    EXPECT_EQ(store.ids("{}", "-id"), (Ids{"é", "b", "a", "B"}));
    EXPECT_EQ(store.ids("{}", "-n"), (Ids{"é", "B", "a", "b"}));
    EXPECT_EQ(store.ids(R"({"n":{"$lt":3}})"), (Ids{"a", "b"}));
}

TEST_P(Finds, break_ties_by_id_in_the_direction_of_the_last_key) {
    store.insert_all({R"({"id":"1","a":1,"b":1})", R"({"id":"2","a":1,"b":1})", R"({"id":"3","a":0,"b":1})"});
    EXPECT_EQ(store.ids("{}", "a"), (Ids{"3", "1", "2"}));
    EXPECT_EQ(store.ids("{}", "-a"), (Ids{"2", "1", "3"}));
    EXPECT_EQ(store.ids("{}", "-a,b"), (Ids{"1", "2", "3"}));
    EXPECT_EQ(store.ids("{}", "a,-b"), (Ids{"3", "2", "1"}));
}

TEST_P(Finds, sort_across_types) {
    store.insert_all({R"({"id":"string","v":"a"})", R"({"id":"true","v":true})",
                      R"({"id":"object","v":{"a":1}})", R"({"id":"array","v":[["x"]]})",
                      R"({"id":"number","v":-3.5})", R"({"id":"null","v":null})", R"({"id":"missing"})",
                      R"({"id":"empty","v":[]})", R"({"id":"false","v":false})"});
    const Ids order{"empty", "missing", "null", "number", "string", "object", "array", "false", "true"};
    EXPECT_EQ(store.ids("{}", "v"), order);
    EXPECT_EQ(store.ids("{}", "-v"), Ids(order.rbegin(), order.rend()));
    store.build(index_of("by_v", "v"));
    EXPECT_EQ(store.ids("{}", "v"), order) << "with an index too";
    EXPECT_EQ(store.ids("{}", "-v"), Ids(order.rbegin(), order.rend()));
}

TEST_P(Finds, sort_arrays_by_their_least_or_greatest_element) {
    store.insert_all({R"({"id":"a","v":[5,1]})", R"({"id":"b","v":3})", R"({"id":"c","v":[2,4]})"});
    EXPECT_EQ(store.ids("{}", "v"), (Ids{"a", "c", "b"}));
    EXPECT_EQ(store.ids("{}", "-v"), (Ids{"a", "c", "b"}));
    store.build(index_of("by_v", "v"));
    EXPECT_EQ(store.ids("{}", "v"), (Ids{"a", "c", "b"})) << "with an index each record comes once too";
    EXPECT_EQ(store.ids("{}", "-v"), (Ids{"a", "c", "b"}));
    EXPECT_EQ(store.ids(R"({"v":{"$gt":1}})", "v"), (Ids{"a", "c", "b"}));
    EXPECT_EQ(store.count(R"({"v":{"$gte":1}})"), 3u);
}

TEST_P(Finds, stop_at_the_limit_and_say_whether_there_is_more) {
    store.insert_all(numbered(100));
    FindRequest request = store.request(R"({"group":"g3"})", "-n");
    for (const std::uint64_t limit : {1u, 9u, 10u, 11u}) {
        request.limit = limit;
        const Page page = store.find(request);
        ASSERT_TRUE(page.result.ok());
        EXPECT_EQ(page.ids.size(), std::min<std::uint64_t>(limit, 10));
        EXPECT_EQ(page.ids[0], "r093");
        EXPECT_EQ(page.result->has_more, limit < 10) << limit;
        EXPECT_EQ(page.result->next.empty(), limit >= 10) << limit;
        EXPECT_EQ(page.result->stats.returned, page.ids.size());
    }
}

TEST_P(Finds, leave_out_the_offset) {
    store.insert_all(numbered(100));
    FindRequest request = store.request(R"({"n":{"$gte":50}})", "n");
    request.limit = 3;
    request.offset = 45;
    EXPECT_EQ(store.find(request).ids, (Ids{"r095", "r096", "r097"}));
    EXPECT_TRUE(store.find(request).result->has_more);
    request.offset = 47;
    EXPECT_EQ(store.find(request).ids, (Ids{"r097", "r098", "r099"}));
    EXPECT_FALSE(store.find(request).result->has_more);
    request.offset = 49;
    EXPECT_EQ(store.find(request).ids, Ids{"r099"});
    for (const std::uint64_t beyond : {std::uint64_t{50}, std::uint64_t{1'000'000}, no_limit}) {
        request.offset = beyond;
        const Page page = store.find(request);
        ASSERT_TRUE(page.result.ok());
        EXPECT_TRUE(page.ids.empty());
        EXPECT_FALSE(page.result->has_more);
    }
}

/// All ids, page by page.
Ids by_pages(Store& store, FindRequest request, std::uint64_t size) {
    Ids all;
    request.limit = size;
    for (int pages = 0; pages < 1000; ++pages) {
        const Page page = store.find(request);
        if (!page.result.ok()) {
            ADD_FAILURE() << page.result.error().message;
            break;
        }
        all.insert(all.end(), page.ids.begin(), page.ids.end());
        if (!page.result->has_more) return all;
        request.after = page.result->next;
    }
    ADD_FAILURE() << "the pages never end";
    return all;
}

TEST_P(Finds, give_every_record_once_over_pages) {
    store.insert_all(numbered(100));
    for (const bool indexed : {false, true}) {
        SCOPED_TRACE(indexed);
        if (indexed) {
            store.build(index_of("by_group", "group,n"));
            store.build(index_of("by_n", "-n"));
        }
        for (const char* sort : {"", "-id", "n", "-n", "group", "-group,n", "group,-n", "missing"}) {
            for (const char* filter :
                 {"{}", R"({"group":{"$in":["g1","g2","g7"]}})", R"({"n":{"$gt":17}})"}) {
                const FindRequest request = store.request(filter, sort);
                const Ids whole = store.find(request).ids;
                for (const std::uint64_t size : {1u, 7u, 30u}) {
                    EXPECT_EQ(by_pages(store, request, size), whole) << filter << sort << size;
                }
            }
        }
    }
}

TEST_P(Finds, skip_within_a_page) {
    store.insert_all(numbered(30));
    FindRequest request = store.request("{}", "-n");
    request.limit = 5;
    request.after = store.find(request).result->next;
    request.offset = 10;
    EXPECT_EQ(store.find(request).ids, (Ids{"r014", "r013", "r012", "r011", "r010"}));
}

TEST_P(Finds, count_up_to_a_bound) {
    store.insert_all(numbered(100));
    FindRequest request = store.request(R"({"group":{"$in":["g1","g2"]}})", "n");
    request.limit = 5;
    EXPECT_FALSE(store.find(request).result->total.has_value());
    for (const std::uint64_t bound :
         {std::uint64_t{1}, std::uint64_t{19}, std::uint64_t{20}, std::uint64_t{21}, no_limit}) {
        request.count_to = bound;
        const auto result = store.find(request).result;
        ASSERT_TRUE(result.ok());
        EXPECT_EQ(result->total, std::min<std::uint64_t>(20, bound));
        EXPECT_EQ(result->total_is_exact, bound >= 20) << bound;
    }
    request.after = store.find(request).result->next;
    request.offset = 3;
    EXPECT_EQ(store.find(request).result->total, 20u) << "all matches, whatever the page";
    FindRequest all = store.request();
    all.limit = 0;
    all.count_to = no_limit;
    EXPECT_EQ(store.find(all).result->total, 100u);
    EXPECT_TRUE(store.find(all).ids.empty());
}

TEST_P(Finds, count_without_rows) {
    store.insert_all(numbered(100));
    CountRequest request;
    request.database = "db_1";
    request.collection = "things";
    for (const bool indexed : {false, true}) {
        if (indexed) {
            store.build(index_of("by_group", "group"));
            store.build(index_of("by_n", "n"));
        }
        request.filter = filter_of(R"({"group":"g4"})");
        for (const std::uint64_t bound : {std::uint64_t{9}, std::uint64_t{10}, std::uint64_t{11}, no_limit}) {
            request.count_to = bound;
            const auto counted = store.wait(engine().count(request));
            ASSERT_TRUE(counted.ok());
            EXPECT_EQ(counted->count, std::min<std::uint64_t>(10, bound)) << indexed;
            EXPECT_EQ(counted->exact, bound >= 10) << indexed;
        }
        EXPECT_EQ(store.count("{}"), 100u);
        EXPECT_EQ(store.count(R"({"n":{"$gte":90}})"), 10u);
        EXPECT_EQ(store.count(R"({"n":{"$gte":90},"group":"g1"})"), 1u);
        EXPECT_EQ(store.count(R"({"$or":[{"n":1},{"group":"g1"}]})"), 10u);
        EXPECT_EQ(store.count(R"({"id":"r005"})"), 1u);
        EXPECT_EQ(store.count(R"({"id":{"$in":[]}})"), 0u);
    }
}

TEST_P(Finds, give_any_order_where_it_does_not_matter) {
    store.insert_all(numbered(100));
    FindRequest request = store.request(R"({"n":{"$gte":20}})", "-n");
    request.any_order = true;
    Page page = store.find(request);
    ASSERT_TRUE(page.result.ok());
    std::sort(page.ids.begin(), page.ids.end());
    EXPECT_EQ(page.ids, store.ids(R"({"n":{"$gte":20}})"));
    request.limit = 30;
    page = store.find(request);
    EXPECT_EQ(page.ids.size(), 30u);
    EXPECT_TRUE(page.result->has_more);
}

TEST_P(Finds, stop_when_the_sink_wants_no_more) {
    store.insert_all(numbered(100));
    for (const char* sort : {"", "-n", "group,n"}) {
        FindRequest request = store.request("{}", sort);
        const Ids whole = store.find(request).ids;
        request.limit = 80;
        const Page page = store.find(request, 33);
        ASSERT_TRUE(page.result.ok());
        EXPECT_EQ(page.ids.size(), 33u);
        EXPECT_TRUE(page.result->has_more);
        ASSERT_FALSE(page.result->next.empty());
        request.after = page.result->next;
        const Page rest = store.find(request);
        Ids joined = page.ids;
        joined.insert(joined.end(), rest.ids.begin(), rest.ids.end());
        EXPECT_EQ(joined, whole) << sort;
    }
    EXPECT_FALSE(store.find(store.request(), 100).result->has_more) << "nothing more than the sink has taken";
}

TEST_P(Finds, find_by_id) {
    store.insert_all(numbered(100));
    EXPECT_EQ(store.ids(R"({"id":"r042"})"), Ids{"r042"});
    EXPECT_EQ(store.ids(R"({"id":{"$in":["r042","none","r007","r042"]}})"), (Ids{"r007", "r042"}));
    EXPECT_EQ(store.ids(R"({"id":{"$in":["r042","r007"]}})", "-id"), (Ids{"r042", "r007"}));
    EXPECT_EQ(store.ids(R"({"id":{"$in":["r042","r007","r013"]},"n":{"$lt":40}})", "-n"),
              (Ids{"r013", "r007"}));
    EXPECT_EQ(store.ids(R"({"id":{"$gte":"r095","$lt":"r098"}})", "-id"), (Ids{"r097", "r096", "r095"}));
    EXPECT_EQ(store.ids(R"({"id":5})"), Ids{});
    EXPECT_EQ(store.ids(R"({"id":{"$regex":"^r00"}})").size(), 10u);
}

TEST_P(Finds, answer_nothing_where_nothing_matches) {
    EXPECT_EQ(store.ids(), Ids{});
    EXPECT_EQ(store.count(), 0u);
    store.insert_all(numbered(10));
    FindRequest request = store.request(R"({"n":{"$in":[]}})", "n");
    request.count_to = 10;
    const Page page = store.find(request);
    EXPECT_TRUE(page.ids.empty());
    EXPECT_FALSE(page.result->has_more);
    EXPECT_EQ(page.result->total, 0u);
    EXPECT_TRUE(page.result->total_is_exact);
}

TEST_P(Finds, see_what_was_written_before) {
    for (int i = 0; i < 30; ++i) {
        const std::string n = std::to_string(i);
        store.must(store.put("same", R"({"n":)" + n + "}", true));
        EXPECT_EQ(store.ids(R"({"n":)" + n + "}"), Ids{"same"});
        EXPECT_EQ(store.get("same")->revision.version, static_cast<std::uint64_t>(i) + 1);
    }
}

}  // namespace
}  // namespace credvault::storage::suite
