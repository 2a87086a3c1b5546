#include "engine/engine_test.h"
#include "engine/search_testing.h"

namespace credvault::storage::suite {
namespace {

class Searches : public EngineTest {
protected:
    Ids found(std::string_view filter, const query::Sort& sort = {}) {
        FindRequest request = store.request("{}");
        request.filter = search_of(filter, texts);
        request.sort = sort;
        RankSink sink;
        const auto result = store.wait(engine().find(request, sink));
        EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
        ranks = sink.ranks;
        return sink.ids;
    }
    Ids search(std::string_view words) {
        return found(R"({"$text":{"$search":")" + std::string(words) + R"("}})");
    }

    IndexSpec texts = text_index("title,body");
    std::vector<double> ranks;
};
INSTANTIATE_TEST_SUITE_P(Engines, Searches, testing::ValuesIn(all_kinds()),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(Searches, find_words_phrases_and_beginnings) {
    store.insert_all({R"({"id":"a","title":"Coffee shops","body":"A quiet place to run a shop"})",
                      R"({"id":"b","title":"Running shoes","body":["Fast","and light"]})",
                      R"({"id":"c","title":"The Coffee House","body":"Décaf only. Café crème."})",
                      R"({"id":"d","title":7,"body":null})", R"({"id":"e","other":"coffee"})"});
    EXPECT_EQ(store.build(texts).state, IndexState::Ready);
    EXPECT_EQ(search("COFFEE"), (Ids{"a", "c"}));
    EXPECT_EQ(search("shop"), (Ids{"a"}));
    EXPECT_EQ(search("runs coffee"), (Ids{"a", "b", "c"}));
    EXPECT_EQ(search("coffee -shop"), (Ids{"c"}));
    EXPECT_EQ(search("coffee -\\\"coffee house\\\""), (Ids{"a"}));
    EXPECT_EQ(search("\\\"coffee house\\\" shop"), (Ids{"c"}));
    EXPECT_EQ(search("decaf"), (Ids{"c"}));
    EXPECT_EQ(search("cafe"), (Ids{"c"}));
    EXPECT_EQ(search("ligh*"), (Ids{"b"}));
    EXPECT_EQ(search("co* -house"), (Ids{"a"}));
    EXPECT_EQ(search("the"), Ids{}) << "a stop word";
    EXPECT_EQ(search("-coffee"), Ids{}) << "nothing to look for";
    EXPECT_EQ(found(R"({"$text":{"$search":"coffee","$caseSensitive":true}})"), Ids{});
    EXPECT_EQ(found(R"({"$text":{"$search":"Coffee","$caseSensitive":true}})"), (Ids{"a", "c"}));
    EXPECT_EQ(found(R"({"$text":{"$search":"cafe","$diacriticSensitive":true}})"), Ids{});
    EXPECT_EQ(found(R"({"$text":{"$search":"coffee"},"id":{"$gt":"a"}})"), (Ids{"c"}));
    EXPECT_EQ(found(R"({"$or":[{"$text":{"$search":"light"}},{"id":"d"}]})"), (Ids{"b", "d"}));
}

TEST_P(Searches, rank_rare_words_in_short_texts_first) {
    store.insert_all({R"({"id":"a","body":"alpha beta gamma delta epsilon zeta"})",
                      R"({"id":"b","body":"alpha"})", R"({"id":"c","body":"alpha omega"})",
                      R"({"id":"d","body":"alpha"})", R"({"id":"e","title":"other"})"});
    store.build(texts);
    EXPECT_EQ(found(R"({"$text":{"$search":"alpha omega"}})", best_first()), (Ids{"c", "b", "d", "a"}));
    ASSERT_EQ(ranks.size(), 4u);
    EXPECT_GT(ranks[0], ranks[1]);
    EXPECT_EQ(ranks[1], ranks[2]);
    EXPECT_GT(ranks[2], ranks[3]);
    store.must(store.removal("c"));
    store.must(store.put("a", R"({"body":"omega"})"));
    EXPECT_EQ(found(R"({"$text":{"$search":"alpha omega"}})", best_first()), (Ids{"a", "b", "d"}));
}

TEST_P(Searches, weigh_fields) {
    texts = text_index("title,body", "english", {10, 1});
    store.insert_all(
        {R"({"id":"a","title":"cat","body":"dog"})", R"({"id":"b","title":"dog","body":"cat"})"});
    store.build(texts);
    EXPECT_EQ(found(R"({"$text":{"$search":"cat"}})", best_first()), (Ids{"a", "b"}));
    EXPECT_EQ(found(R"({"$text":{"$search":"dog"}})", best_first()), (Ids{"b", "a"}));
}

TEST_P(Searches, stem_by_the_index_s_language) {
    texts = text_index("body", "german");
    store.insert_all({R"({"id":"a","body":"Die Häuser am See"})", R"({"id":"b","body":"ein Haus"})"});
    store.build(texts);
    EXPECT_EQ(search("haus"), (Ids{"a", "b"}));
    EXPECT_EQ(search("häusern"), (Ids{"a", "b"}));
    EXPECT_EQ(search("am"), Ids{});
}

TEST_P(Searches, index_all_strings_and_scripts_without_spaces) {
    texts = text_index("$**", "none");
    store.insert_all(
        {R"({"id":"red","a":{"b":["blue",{"c":"green"}]}})", R"({"id":"b","a":"東京都は大きい"})"});
    store.build(texts);
    EXPECT_EQ(search("green"), (Ids{"red"}));
    EXPECT_EQ(search("red"), Ids{}) << "ids are no texts";
    EXPECT_EQ(search("京都"), (Ids{"b"}));
    EXPECT_EQ(search("\\\"東京都\\\""), (Ids{"b"}));
}

TEST_P(Searches, allow_one_text_index_of_the_right_form) {
    store.build(texts);
    IndexSpec second = text_index("other");
    second.name = "second";
    EXPECT_EQ(store.refused({store.index(second)}).code, ErrorCode::INVALID_INDEX);
    IndexSpec place = geo_index("place");
    place.unique = true;
    EXPECT_EQ(store.refused({store.index(place)}).field, "unique");
    place = geo_index("a,b");
    EXPECT_EQ(store.refused({store.index(place)}).field, "fields");
    place = geo_index("a");
    place.keys.sparse = true;
    EXPECT_EQ(store.refused({store.index(place)}).field, "sparse");
}

TEST_P(Searches, find_places) {
    store.insert_all({R"({"id":"bern","at":[7.4474,46.948]})",
                      R"({"id":"zurich","at":{"type":"Point","coordinates":[8.5417,47.3769]}})",
                      R"({"id":"basel","at":{"lon":7.5886,"lat":47.5596}})",
                      R"({"id":"fiji","at":[[178.065,-17.7134],[-179.9,-16.5]]})",
                      R"({"id":"none","at":"here"})", R"({"id":"pole","at":[120,89.9]})"});
    const auto check = [this](const char* when) {
        SCOPED_TRACE(when);
        EXPECT_EQ(found(R"({"at":{"$geoWithin":{"$box":[[7,46],[8,48]]}}})"), (Ids{"basel", "bern"}));
        EXPECT_EQ(found(R"({"at":{"$geoWithin":{"$centerSphere":[[-179.95,-16.5],0.001]}}})"), (Ids{"fiji"}));
        EXPECT_EQ(found(R"({"at":{"$geoWithin":{"$centerSphere":[[-60,89.95],0.01]}}})"), (Ids{"pole"}));
        EXPECT_EQ(found(R"({"at":{"$geoIntersects":{"$geometry":{"type":"Polygon","coordinates":
                      [[[170,-30],[-170,-30],[-170,0],[170,0],[170,-30]]]}}}})"),
                  (Ids{"fiji"}));
        EXPECT_EQ(found(R"({"at":{"$near":{"$geometry":{"type":"Point","coordinates":[7.45,46.95]},
                      "$maxDistance":100000}}})",
                        query::nearest_first()),
                  (Ids{"bern", "basel", "zurich"}));
        EXPECT_LT(ranks.at(0), 1000);
        EXPECT_NEAR(ranks.at(2), 95'000, 1'500);
        EXPECT_EQ(found(R"({"at":{"$near":[7,47]}})", query::nearest_first()),
                  (Ids{"bern", "basel", "zurich", "pole", "fiji"}));
        EXPECT_EQ(found(R"({"at":{"$nearSphere":[7.4474,46.948],"$minDistance":0.001,"$maxDistance":0.1}})",
                        query::nearest_first()),
                  (Ids{"basel", "zurich"}));
    };
    check("without an index");
    EXPECT_EQ(store.build(geo_index("at")).state, IndexState::Ready);
    check("with an index");
    store.must(store.put("bern", R"({"at":[0,0]})"));
    store.must(store.removal("basel"));
    EXPECT_EQ(found(R"({"at":{"$geoWithin":{"$box":[[7,46],[9,48]]}}})"), (Ids{"zurich"}));
}

}  // namespace
}  // namespace credvault::storage::suite
