#include "query/pattern.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace credvault::query {
namespace {

std::shared_ptr<const Pattern> pattern_of(std::string_view text, std::string_view options = "") {
    auto pattern = Pattern::compile(text, options);
    EXPECT_TRUE(pattern.ok()) << text << (pattern.ok() ? "" : ": " + pattern.error().message);
    return pattern.ok() ? *pattern : nullptr;
}

struct PatternCase {
    std::string_view pattern;
    std::string_view options;
    std::vector<std::string_view> found;
    std::vector<std::string_view> left;
};

TEST(Pattern, Matches) {
    const std::vector<PatternCase> cases = {
        {"", "", {"", "x"}, {}},
        {"a\\?b", "", {"a?b"}, {"ab", "b"}},
        {"abc\\$", "", {"abc$"}, {"abc"}},
        {"^[a-z]+$", "", {"abc", "abc\n"}, {"ABC", "abc1", "abc\n\n"}},
        {"^S", "", {"S"}, {"a\nS"}},
        {"^S", "m", {"S", "a\nS", "a\r\nS"}, {"aS"}},
        {"a$", "m", {"a\nb", "a"}, {"ab\n"}},
        {"a.b", "", {"axb", "aéb"}, {"a\nb"}},
        {"a.b", "s", {"a\nb"}, {"ab"}},
        {"abc", "i", {"ABC", "xAbC"}, {"ab"}},
        {"stra\u00dfe", "i", {"STRA\u00dfE"}, {"STRASSE"}},
        {"é", "i", {"É"}, {"e"}},
        {"a b # two\n c", "x", {"abc"}, {"a b c"}},
        {"a\\ b[ #]", "x", {"a b#", "a b "}, {"ab#"}},
        {"(?i)a(?-i)b", "", {"Ab", "ab"}, {"AB"}},
        {"(?i:a)b", "", {"Ab"}, {"AB"}},
        {"(a(?i)b)c", "", {"aBc"}, {"aBC"}},
        {"(?s:a.b)c", "", {"a\nbc"}, {"a\nc"}},
        {"(?m)^b(?x) c", "", {"a\nbc"}, {"a\nb c"}},
        {"(?#note)a(?<name>b)(?P<n>c)(?'q'd)", "", {"abcd"}, {"abc"}},
        {"\\Aab\\z", "", {"ab"}, {"ab\n", "xab"}},
        {"ab\\Z", "", {"ab", "ab\n"}, {"abc"}},
        {"\\Qa.b\\E+", "", {"a.b", "a.bb"}, {"axb"}},
        {"[\\Qa-c\\E]", "", {"-", "c"}, {"b"}},
        {"\\x41\\x{e9}\\101?\\e?\\t", "", {"A\u00e9\t"}, {"A\t"}},
        {"^\\h\\v\\R$", "", {" \n\r\n", "\t\x0b\n"}, {"a\n\n"}},
        {"^\\s\\S$", "", {" x", "\x0bx"}, {"xx"}},
        {"^[\\s\\d]+$", "", {" 1\t2"}, {"a"}},
        {"^\\N+$", "", {"ab"}, {"a\nb"}},
        {"[]a]b[^]a]", "", {"]bx", "abx"}, {"]ba"}},
        {"[[:alpha:]-]{2}", "", {"a-"}, {"1-"}},
        {"a{,2}", "", {"a{,2}"}, {"aa"}},
        {"a{x}]}", "", {"a{x}]}"}, {"ax"}},
        {"^a{2}$", "", {"aa"}, {"a", "a{2}"}},
        {"\\p{L}", "", {"日本", "a"}, {"1"}},
        {"^\\P{L}+$", "", {"12!"}, {"12a"}},
        {"^\\p{^L}\\p{L&}\\pN$", "", {"1a2"}, {"aa2"}},
        {"caf\u00e9", "", {"caf\u00e9"}, {"cafe\u0301"}},
        {"\\bfoo\\b", "", {"a foo b"}, {"afoo"}},
        {"(*UCP)\\byster\\b", "", {"yster", "an yster"}, {"Öyster", "oyster", "ysterö"}},
        {"(*UTF8)(*UCP)^\\w+$", "", {"Öl"}, {"Ö l"}},
        {"a|b|", "", {"", "c"}, {}},
        {"(?|(a)|(b))c", "", {"ac", "bc"}, {"c"}},
        {"a+?b*?", "", {"a"}, {"b"}},
        {"\\_\\-\\é", "", {"_-é"}, {"_é"}},
    };
    for (const PatternCase& one : cases) {
        const auto pattern = pattern_of(one.pattern, one.options);
        if (!pattern) continue;
        for (const auto text : one.found)
            EXPECT_TRUE(pattern->matches(text)) << one.pattern << " on " << text;
        for (const auto text : one.left)
            EXPECT_FALSE(pattern->matches(text)) << one.pattern << " on " << text;
    }
}

struct PrefixCase {
    std::string_view pattern;
    std::string_view options;
    std::optional<std::string> prefix;
    bool whole = false;
};

TEST(Pattern, TellsTheLiteralPrefix) {
    const std::vector<PrefixCase> cases = {
        {"^abc", "", "abc", true},
        {"\\Aabc", "", "abc", true},
        {"^abc.*", "", "abc", true},
        {"^abc.+", "", "abc"},
        {"^abc$", "", "abc"},
        {"^a\\.b\\/é", "", "a.b/é", true},
        {"^\\Qa.b\\E", "", "a.b", true},
        {"^a b#c", "x", "ab", true},
        {"^abc*", "", "ab"},
        {"^abc?d", "", "ab"},
        {"^abc{0,2}", "", "ab"},
        {"^abc+", "", "abc"},
        {"^aé*", "", "a"},
        {"^ab[cd]", "", "ab"},
        {"^ab(c|d)", "", "ab"},
        {"^ab\\d", "", "ab"},
        {"^ab(?i)c", "", "ab"},
        {"^ab|^cd", "", std::nullopt},
        {"^ab", "i", std::nullopt},
        {"^ab", "m", std::nullopt},
        {"(?i)^ab", "", std::nullopt},
        {"ab", "", std::nullopt},
        {"^", "", std::nullopt},
        {"^a*", "", std::nullopt},
        {"(^ab)", "", std::nullopt},
        {"a^b", "", std::nullopt},
    };
    for (const PrefixCase& one : cases) {
        const auto pattern = pattern_of(one.pattern, one.options);
        if (!pattern) continue;
        EXPECT_EQ(pattern->literal_prefix(), one.prefix) << one.pattern;
        EXPECT_EQ(pattern->is_prefix_only(), one.whole) << one.pattern;
        if (!one.prefix) continue;
        EXPECT_FALSE(pattern->matches("~" + *one.prefix)) << one.pattern;
        EXPECT_TRUE(!one.whole || pattern->matches(*one.prefix + "\nrest")) << one.pattern;
    }
}

struct RefusedPattern {
    std::string_view pattern;
    std::string_view message;
};

TEST(Pattern, RefusesWhatNeedsBacktracking) {
    const RefusedPattern cases[] = {
        {"a(?=b)", "look-ahead"},
        {"a(?!b)", "look-ahead"},
        {"(?<=a)b", "look-behind"},
        {"(?<!a)b", "look-behind"},
        {"(a)\\1", "back references"},
        {"(?<n>a)\\k<n>", "back references"},
        {"(?<n>a)(?P=n)", "back references"},
        {"(a)\\g1", "back references"},
        {"(?>a)", "atomic"},
        {"a++", "possessive"},
        {"a{2}+", "possessive"},
        {"(?R)", "recursion"},
        {"(?(1)a|b)", "recursion, conditions"},
        {"a(*FAIL)", "verbs"},
        {"(", "closing parenthesis is missing"},
        {"a)", "no opening one"},
        {"[a", "closing square bracket"},
        {"a\\", "backslash stands at the end"},
        {"\\x{110000}", "no such code point"},
        {"\\x{d800}", "no such code point"},
        {"\\p{Nowhere}", "invalid character class range"},
        {"\\y", "\\y is not supported"},
        {"*a", "no argument for repetition"},
        {"a{1001}", "invalid repetition size"},
        {"[z-a]", "invalid character class range"},
        {"(?#open", "comment is not closed"},
    };
    for (const RefusedPattern& one : cases) {
        const auto pattern = Pattern::compile(one.pattern, "");
        ASSERT_FALSE(pattern.ok()) << one.pattern;
        EXPECT_EQ(pattern.error().code, ErrorCode::INVALID_FILTER);
        EXPECT_EQ(pattern.error().field, "$regex");
        EXPECT_NE(pattern.error().message.find(one.message), std::string::npos)
            << one.pattern << ": " << pattern.error().message;
    }
    EXPECT_EQ(Pattern::compile("a", "g").error().field, "$options");
}

TEST(Pattern, LengthIsBounded) {
    EXPECT_TRUE(pattern_of(std::string(max_pattern_bytes, 'a')));
    EXPECT_FALSE(Pattern::compile(std::string(max_pattern_bytes + 1, 'a'), "").ok());
}

TEST(Pattern, ProgramSizeIsBounded) {
    const auto pattern = Pattern::compile("((\\p{L}{100}){10}){1}(\\p{L}{100}){10}", "i");
    ASSERT_FALSE(pattern.ok());
    EXPECT_NE(pattern.error().message.find("too large"), std::string::npos) << pattern.error().message;
}

TEST(Pattern, SetsOfUnicodeCharactersAreBounded) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "\\pN";
    EXPECT_TRUE(pattern_of(text));
    EXPECT_FALSE(Pattern::compile(text + "[\\p{Nd}]", "").ok());
}

TEST(Pattern, TakesLinearTime) {
    const auto pattern = pattern_of("^(a+)+(a|aa)*(a?){50}b$");
    EXPECT_FALSE(pattern->matches(std::string(100'000, 'a')));
}

TEST(Pattern, FindsMatchesAndWhatGroupsCapture) {
    const auto compiled = Pattern::compile("(a)|(?:b)(?<n>x)?", "", PatternGroups::Captured);
    ASSERT_TRUE(compiled.ok());
    const Pattern& pattern = **compiled;
    ASSERT_EQ(pattern.groups(), 2U);
    const std::string_view text = "-bxa";
    std::vector<std::string_view> found(3);
    ASSERT_TRUE(pattern.find(text, 0, found));
    EXPECT_EQ(found[0], "bx");
    EXPECT_EQ(found[0].data(), text.data() + 1);
    EXPECT_EQ(found[1].data(), nullptr);
    EXPECT_EQ(found[2], "x");
    ASSERT_TRUE(pattern.find(text, 3, found));
    EXPECT_EQ(found[1], "a");
    EXPECT_FALSE(pattern.find(text, 4, found));
    EXPECT_EQ(pattern_of("(a)")->groups(), 0U);
    // What stands before the place still counts.
    std::vector<std::string_view> whole(1);
    EXPECT_FALSE(pattern_of("^b")->find("ab", 1, whole));
    EXPECT_FALSE(pattern_of("\\bb")->find("ab", 1, whole));
}

}  // namespace
}  // namespace credvault::query
