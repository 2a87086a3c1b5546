#include "query/text/text_query.h"

#include <gtest/gtest.h>

#include "json/canonical.h"
#include "query/text/highlight.h"
#include "query/text/text_ranking.h"

namespace credvault::query {
namespace {

using Strings = std::vector<std::string>;

Strings terms_in(std::string_view text, std::string_view language = "english") {
    const Analyzer analyzer(*Language::find(language));
    Strings terms;
    std::string term;
    Words words(text, analyzer.language());
    for (Word word; words.next(word);) {
        EXPECT_LE(word.begin + word.text.size(), word.end);
        if (analyzer.term_of(word.text, {}, term)) terms.push_back(term);
    }
    return terms;
}

IndexFields index_in(std::string language, std::string_view path = "t") {
    IndexFields index;
    index.type = IndexType::Text;
    index.fields.push_back({*parse_path(path), false});
    index.weights = {1};
    index.language = std::move(language);
    prepare(index);
    return index;
}

TEST(Analyzer, MakesTermsOfWords) {
    EXPECT_EQ(terms_in("The Runner's RUNNING shoes, e-mail x2"),
              (Strings{"runner", "run", "shoe", "e", "mail", "x2"}));
    EXPECT_EQ(terms_in("don’t résumé resume"), (Strings{"resum", "resum"}));
    EXPECT_EQ(terms_in("I'm don't", "none"), (Strings{"i", "m", "don", "t"}));
    EXPECT_EQ(terms_in("Łódź ÅNGSTRÖM Ёлка", "none"), (Strings{"łodz", "angstrom", "елка"}));
    EXPECT_EQ(terms_in("Häuser und Haus", "de"), (Strings{"haus", "haus"}));
    EXPECT_EQ(terms_in("東京都 は", "none"), (Strings{"東京", "京都", "は"}));
    EXPECT_EQ(terms_in("한국어 텍스트", "none"), (Strings{"한국어", "텍스트"}));
    EXPECT_EQ(terms_in(" \t,.;'\" "), Strings{});
    EXPECT_EQ(terms_in("e\xcc\x81", "none"), (Strings{"e"})) << "a combining accent";
}

TEST(Analyzer, CutsWordsWithoutAnEnd) {
    const Strings terms = terms_in(std::string(100'000, 'x') + " " + std::string(255, 'y') + "é", "none");
    ASSERT_EQ(terms.size(), 2u);
    EXPECT_EQ(terms[0], std::string(max_word_bytes, 'x'));
    EXPECT_EQ(terms[1], std::string(255, 'y')) << "at a character's boundary";
}

TEST(Language, HasNamesAndCodes) {
    for (const char* name : {"english", "EN", "nb", "Norwegian", "none", "yiddish"})
        EXPECT_NE(Language::find(name), nullptr) << name;
    for (const char* name : {"", "klingon", "porter2"}) EXPECT_EQ(Language::find(name), nullptr) << name;
    std::string word = "relational";
    Language::find("english")->stem(word);
    EXPECT_EQ(word, "relat");
}

TEST(TextKeys, HoldTermsWithTheirWeights) {
    const auto keys = index_keys(json::View(R"({"id":"r","t":"cat dog cat"})"), index_in("english"));
    ASSERT_TRUE(keys.ok());
    ASSERT_EQ(keys->entries.size(), 2u);
    EXPECT_EQ(keys->entries[0].key, std::string("cat\0r\0", 6));
    const TextPayload payload = TextPayload::unpacked(keys->entries[0].payload);
    EXPECT_EQ(payload.weight, 2u);
    EXPECT_EQ(payload.length, 3u);
    EXPECT_TRUE(index_keys(json::View(R"({"id":"r","t":7})"), index_in("english"))->entries.empty());
}

TEST(TextKeys, AreBounded) {
    const auto record = [](std::size_t words) {
        std::string text;
        for (std::size_t i = 0; i < words; ++i) text += "w" + std::to_string(i) + " ";
        return R"({"id":"r","t":")" + text + "\"}";
    };
    const std::string most = record(max_index_terms);
    EXPECT_EQ(index_keys(json::View(most), index_in("none"))->entries.size(), max_index_terms);
    const std::string more = record(max_index_terms + 1);
    const auto refused = index_keys(json::View(more), index_in("none"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::INVALID_RECORD);
    EXPECT_EQ(refused.error().field, "t");
}

std::shared_ptr<const TextQuery> query_of(std::string search) {
    auto query = TextQuery::make(index_in("english").text, {std::move(search), nullptr, {}});
    EXPECT_TRUE(query.ok());
    return *query;
}

TEST(TextQuery, ReadsSearches) {
    const auto query = query_of(R"(run -"red shoe" "to the shops" e-mail* -x "open)");
    Strings terms;
    for (const SearchTerm& term : query->terms())
        terms.push_back(term.text + (term.prefix ? "*" : "") + (term.required ? "!" : ""));
    EXPECT_EQ(terms, (Strings{"run", "shop!", "e", "mail*", "open!"}));
    EXPECT_FALSE(query->is_terms_only());
    EXPECT_TRUE(query_of("a the to")->terms().empty());
    EXPECT_TRUE(query_of("one* two")->is_terms_only());
    EXPECT_FALSE(query_of("")->matches(json::View(R"({"t":""})")));
}

TEST(TextQuery, FindsPhrasesThatRepeatThemselves) {
    const auto query = TextQuery::make(index_in("none").text, {R"("a b a b c" -"c c d")", nullptr, {}});
    ASSERT_TRUE(query.ok());
    const auto matches = [&](std::string_view text) {
        return (*query)->matches(json::View(R"({"t":)" + std::string(text) + "}"));
    };
    EXPECT_TRUE(matches(R"("a b a b a b c")"));
    EXPECT_TRUE(matches(R"("A, b. A b: c!")"));
    EXPECT_FALSE(matches(R"("a b a c a b c")"));
    EXPECT_FALSE(matches(R"(["a b a","b c"])")) << "one string has it";
    EXPECT_FALSE(matches(R"("a b a b c c c d")"));
    EXPECT_TRUE(matches(R"("a b a b c c a d")"));
}

TEST(TextRanking, PrefersRareWordsAndShortTexts) {
    const TextRanking ranking({1000, 10'000, {1, 500}});
    const std::uint32_t rare[] = {1, 0};
    const std::uint32_t common[] = {0, 1};
    const std::uint32_t often[] = {5, 0};
    EXPECT_GT(ranking.score(rare, 10), ranking.score(common, 10));
    EXPECT_GT(ranking.score(rare, 5), ranking.score(rare, 10));
    EXPECT_GT(ranking.score(often, 10), ranking.score(rare, 10));
    EXPECT_GT(ranking.score(common, 10), 0);
    EXPECT_GT(TextRanking({0, 0, {9}}).score(rare, 0), 0) << "counts that lag behind";
}

std::string highlighted(std::string_view options, std::string_view record, std::string search) {
    const auto highlight = Highlight::parse(json::View(options));
    if (!highlight.ok()) return highlight.error().field;
    std::string out;
    highlight->append(out, json::View(record), *query_of(std::move(search)));
    return out;
}

TEST(Highlight, MarksWordsInFragments) {
    const std::string record =
        R"({"t":["A cat sat.","no","Cats & <dogs> and a long tail of words to be left out"]})";
    EXPECT_EQ(
        highlighted("{}", record, "cat"),
        R"({"t":["A <em>cat</em> sat.","<em>Cats</em> & <dogs> and a long tail of words to be left out"]})");
    EXPECT_EQ(highlighted(R"({"pre":"[","post":"]","fragments":1})", record, "cat"),
              R"({"t":["A [cat] sat."]})");
    EXPECT_EQ(highlighted(R"({"html":true,"length":20})", record, "dog"),
              R"({"t":["Cats &amp; &lt;<em>dogs</em>&gt; and a …"]})");
    EXPECT_EQ(highlighted(R"({"fields":["x"]})", record, "cat"), "{}");
    EXPECT_EQ(highlighted("{}", R"({"t":"東京都と京都"})", "京都"),
              R"({"t":["東<em>京都</em>と<em>京都</em>"]})");
}

TEST(Highlight, RefusesWrongOptions) {
    EXPECT_EQ(highlighted("[]", "{}", "x"), "highlight");
    EXPECT_EQ(highlighted(R"({"fields":[]})", "{}", "x"), "highlight.fields");
    EXPECT_EQ(highlighted(R"({"fields":[7]})", "{}", "x"), "highlight.fields");
    EXPECT_EQ(highlighted(R"({"fragments":0})", "{}", "x"), "highlight.fragments");
    EXPECT_EQ(highlighted(R"({"fragments":21})", "{}", "x"), "highlight.fragments");
    EXPECT_EQ(highlighted(R"({"length":2001})", "{}", "x"), "highlight.length");
    EXPECT_EQ(highlighted(R"({"pre":7})", "{}", "x"), "highlight.pre");
    EXPECT_EQ(highlighted(R"({"html":1})", "{}", "x"), "highlight.html");
    EXPECT_EQ(highlighted(R"({"post":")" + std::string(65, 'x') + "\"}", "{}", "x"), "highlight.post");
}

}  // namespace
}  // namespace credvault::query
