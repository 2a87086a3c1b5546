#include "json/canonical.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace credvault::json {
namespace {

using std::string_view_literals::operator""sv;

std::string canonical(std::string_view text) {
    const Result<std::string> result = canonicalize(text);
    return result.ok() ? *result : "refused: " + result.error().message;
}

Error refused(std::string_view text, const ParseLimits& limits = {}) {
    const Result<std::string> result = canonicalize(text, limits);
    EXPECT_FALSE(result.ok()) << text.substr(0, 100);
    return result.ok() ? Error() : result.error();
}

TEST(Canonical, KeepsCanonicalTextAsItIs) {
    for (const char* text :
         {"null", "true", "false", "0", "-1", "1.5", "-0.0", "1e+300", "\"\"", "\"text\"", "[]", "{}",
          "[[],{}]", R"([null,true,false,1,-2.5,"a",[1,[2,[3]]],{"a":{"b":{"c":1}}}])",
          R"({"b":1,"a":2,"":3})", R"("\"\\\b\f\n\r\t\u0001\u001f")", "\"\x7f/äöü€😀\""}) {
        EXPECT_EQ(canonical(text), text);
    }
}

TEST(Canonical, DropsWhiteSpaceBetweenTokensOnly) {
    EXPECT_EQ(canonical(" \t\r\n{ \"a b\" :\n[ 1 ,\t2\r,\n\" \" ] , \"c\" : { } } \n"),
              R"({"a b":[1,2," "],"c":{}})");
    EXPECT_EQ(canonical(" [ ] "), "[]");
    EXPECT_EQ(canonical("\n1\n"), "1");
}

TEST(Canonical, WritesEveryStringInOneWay) {
    EXPECT_EQ(canonical(R"("\/\u0041\u00e9\u20ac\ud83d\ude00")"), "\"/Aé€😀\"");
    EXPECT_EQ(canonical(R"("\u0022\u005c\u002F")"), R"("\"\\/")");
    EXPECT_EQ(canonical(R"("\u0008\u000C\u000a\u000D\u0009")"), R"("\b\f\n\r\t")");
    EXPECT_EQ(canonical(R"("\u001F\u000B\u007f")"), "\"\\u001f\\u000b\x7f\"");
    EXPECT_EQ(canonical(R"({"\u0061":{"\n":1}})"), R"({"a":{"\n":1}})");
    EXPECT_EQ(canonical(R"("\uDBFF\uDFFF\uE000\uD7FF\uFFFF")"), "\"\U0010FFFF\uE000\uD7FF\uFFFF\"");
}

TEST(Canonical, CopiesStringsOfEveryLengthWithEscapesAtEveryPlace) {
    for (std::size_t length = 0; length < 70; ++length) {
        const std::string plain = "\"" + std::string(length, 'x') + "\"";
        EXPECT_EQ(canonical(plain), plain);
        for (std::size_t place = 0; place <= length; ++place) {
            std::string escaped = plain;
            escaped.insert(1 + place, "\\n");
            EXPECT_EQ(canonical(escaped), escaped);
            std::string replaced = plain;
            std::string expected = plain;
            replaced.insert(1 + place, "\\u00e4");
            expected.insert(1 + place, "ä");
            EXPECT_EQ(canonical(replaced), expected);
        }
    }
}

TEST(Canonical, AcceptsWhatTheGrammarAllows) {
    const std::vector<std::pair<std::string_view, std::string_view>> cases = {
        {"[123e65]", "[1.23e+67]"},
        {"[0e+1]", "[0.0]"},
        {"[0e1]", "[0.0]"},
        {"[ 4]", "[4]"},
        {"[-0]", "[-0.0]"},
        {"[20e1]", "[200.0]"},
        {"[1E22]", "[1e+22]"},
        {"[1E-2]", "[0.01]"},
        {"[123.456e78]", "[1.23456e+80]"},
        {"[\"a\" ]", "[\"a\"]"},
        {"[1,null,null,2]", "[1,null,null,2]"},
        {"{\"\":0}", "{\"\":0}"},
        {"[\"a/*b*/c\"]", "[\"a/*b*/c\"]"},
        {"\" \"", "\" \""},
        {"[\"\x7f\"]", "[\"\x7f\"]"},
        {"[\"\\u0012\"]", "[\"\\u0012\"]"},
        {"[\"\\\\n\"]", "[\"\\\\n\"]"},
        {"[\"\\uFFFE\"]", "[\"\uFFFE\"]"},
        {"[\"\u2028\u2029\"]", "[\"\u2028\u2029\"]"},
        {"42", "42"},
        {" [] ", "[]"},
    };
    for (const auto& [sent, expected] : cases) EXPECT_EQ(canonical(sent), expected);
}

void expect_malformed(const std::vector<std::string_view>& texts) {
    for (const std::string_view text : texts) {
        const Error error = refused(text);
        EXPECT_EQ(error.code, ErrorCode::MALFORMED_JSON) << text;
        EXPECT_TRUE(error.message.starts_with("The JSON is malformed at line ")) << error.message;
        EXPECT_EQ(error.field, "") << text;
    }
}

TEST(Canonical, RefusesMalformedTexts) {
    // clang-format off
    expect_malformed({
        ""sv, " "sv, "abc"sv, "\"\"x"sv, "<.>"sv, "1]"sv, "]"sv, "2@"sv, "*"sv,
    });
    // clang-format on
}

TEST(Canonical, RefusesMalformedArrays) {
    // clang-format off
    expect_malformed({
        "[1 true]"sv, "[\"\": 1]"sv, "[\"\"],"sv, "[,1]"sv, "[1,,2]"sv, "[\"x\",,]"sv, "[\"x\"]]"sv,
        "[\"\",]"sv, "[\"x\""sv, "[x"sv, "[3[4]]"sv, "[1:2]"sv, "[,]"sv, "[   , \"\"]"sv,
        "[\"a\",\n4\n,1,"sv, "[*]"sv, "[1,]"sv, "[1,\n1\n,1"sv, "[{}"sv, "[fals]"sv, "[nul]"sv, "[tru]"sv,
        "[truex]"sv, "[1 000.0]"sv, "[012]"sv, "[\"x\", truth]"sv, "[\"new\nline\"]"sv,
        "['single quote']"sv, "[\xe2\x81\xa0]"sv, "[<null>]"sv, "[1]x"sv, "[1]]"sv, "[True]"sv, "[][]"sv,
        "[[[["sv, "[1"sv,
    });
    // clang-format on
}

TEST(Canonical, RefusesMalformedObjects) {
    // clang-format off
    expect_malformed({
        "{[: \"x\"}"sv, "{\"x\", null}"sv, "{\"x\"::\"b\"}"sv, "{\"a\":\"a\" 123}"sv, "{key: 'value'}"sv,
        "{\"a\" b}"sv, "{:\"b\"}"sv, "{\"a\" \"b\"}"sv, "{\"a\":"sv, "{\"a\""sv, "{1:1}"sv,
        "{null:null}"sv, "{\"id\":0,,,,,}"sv, "{'a':0}"sv, "{\"id\":0,}"sv, "{\"a\":\"b\"}/**/"sv,
        "{\"a\":\"b\"}#"sv, "{\"a\":\"b\",,\"c\":\"d\"}"sv, "{a: \"b\"}"sv, "{\"a\":\"a"sv,
        "{\"foo\" : \"bar\", \"a\"}"sv, "{\"a\":\"b\"}#{}"sv, "{\"x\": true,"sv, "{}}"sv, "{"sv, "{\"a"sv,
        "{,"sv, "{]"sv, "{\"a\":\"b\"}#{}"sv, "{\"a\":/*comment*/\"b\"}"sv, "{\"a\": true} \"x\""sv,
    });
    // clang-format on
}

TEST(Canonical, RefusesMalformedStrings) {
    // clang-format off
    expect_malformed({
        "[\v\"a\"\f]"sv, "123\0"sv, "[\"\\x00\"]"sv, "[\"\\\\\\\"]"sv, "[\"\\\t\"]"sv, "[\"\\a\"]"sv,
        "[\"\\\"]"sv, "[\"\\u00A\"]"sv, "[\"\\uqqqq\"]"sv, "[\\n]"sv, "[\"a\0a\"]"sv, "[\"\t\"]"sv,
        "\"\\UA66D\""sv, "\""sv, "[\"\\"sv, "[\"asd]"sv, "[\"a"sv, "[\\u000A\"\"]"sv, "\f[]"sv,
        "[\"\\u"sv, "[\"\\u004"sv,
    });
    // clang-format on
}

TEST(Canonical, RefusesMalformedNumbers) {
    // clang-format off
    expect_malformed({
        "[-]"sv, "[++1234]"sv, "[+1]"sv, "[+Inf]"sv, "[-01]"sv, "[-1.0.]"sv, "[-2.]"sv, "[-NaN]"sv,
        "[.-1]"sv, "[.2e-3]"sv, "[0.1.2]"sv, "[0.3e+]"sv, "[0.3e]"sv, "[0.e1]"sv, "[0E+]"sv, "[0e]"sv,
        "[1.0e-]"sv, "[1eE2]"sv, "[2.e3]"sv, "[9.e+]"sv, "[Inf]"sv, "[NaN]"sv, "[0x42]"sv, "[Infinity]"sv,
        "[0e+-1]"sv, "[- 1]"sv, "[-012]"sv, "[-.123]"sv, "[1ea]"sv, "[1.]"sv, "[.123]"sv,
        "[\xef\xbc\x91]"sv,
    });
    // clang-format on
}

TEST(Canonical, RefusesInvalidUtf8) {
    for (const std::string_view text :
         {"[\"\xff\"]"sv, "[\"\x80\"]"sv, "[\"\xc0\xaf\"]"sv, "[\"\xc1\xbf\"]"sv, "[\"\xe0\x9f\xbf\"]"sv,
          "[\"\xed\xa0\x80\"]"sv, "[\"\xf0\x8f\xbf\xbf\"]"sv, "[\"\xf4\x90\x80\x80\"]"sv, "[\"\xe2\x82\"]"sv,
          "[\"\xf5\x80\x80\x80\"]"sv, "[\"\xfc\x80\x80\x80\x80\x80\"]"sv, "[a\xe5]"sv, "[\"\\u\xe5\"]"sv,
          "\xe9"sv, "\xff\xfe[\0\"\0\xe9\0\"\0]\0"sv, "\xef\xbb{}"sv}) {
        const Error error = refused(text);
        EXPECT_EQ(error.code, ErrorCode::MALFORMED_JSON);
        EXPECT_TRUE(error.message.ends_with("the text must be valid UTF-8")) << error.message;
    }
    EXPECT_NE(refused("[\"ab\xff\"]").message.find("line 1, column 5:"), std::string::npos);
}

TEST(Canonical, RefusesAByteOrderMark) {
    EXPECT_EQ(refused("\xef\xbb\xbf{}").message,
              "The JSON is malformed at line 1, column 1: the text must not begin with a byte order mark");
}

TEST(Canonical, NamesLineAndColumn) {
    EXPECT_EQ(refused("{\"a\": 1,\n \"b\": tru}").message,
              "The JSON is malformed at line 2, column 7: a value must be an object, an array, a string, a "
              "number, true, "
              "false or null");
    EXPECT_EQ(refused("").message,
              "The JSON is malformed at line 1, column 1: the text ends where a value is expected");
    EXPECT_EQ(refused("[1\n\n").message,
              "The JSON is malformed at line 3, column 1: the text ends where ',' or ']' is expected");
    EXPECT_EQ(refused("{\"a\" 1}").message,
              "The JSON is malformed at line 1, column 6: there is a '1' where ':' is expected after a "
              "member's name");
}

TEST(Canonical, PointsToWhatItCanNotAccept) {
    const auto field = [](std::string_view text) {
        const Error error = refused(text);
        EXPECT_TRUE(error.message.starts_with("The JSON can't be accepted at line 1, column "))
            << error.message;
        return error.field;
    };
    EXPECT_EQ(field(R"({"a":[1,{"b":1e999}]})"), "/a/1/b");
    EXPECT_EQ(field(R"({"x":0,"a/b~c":{"d\"":[[],"\u0000"]}})"), "/a~1b~0c/d\"/1");
    EXPECT_EQ(field(R"({"a":1,"b":{"c":1,"d":2,"c":3}})"), "/b/c");
    EXPECT_EQ(field(R"([{"a\ud800":1}])"), "/0");
    EXPECT_EQ(field(R"({"a":["\udc00"]})"), "/a/0");
    EXPECT_EQ(field(R"("\ud800\ud800")"), "");
    EXPECT_EQ(field(R"(["\ud800x"])"), "/0");
    EXPECT_EQ(field(R"(["\uD834\uDd)"), "/0");
    EXPECT_EQ(field(R"({"a":1,"\u0000b":2})"), "");
    EXPECT_EQ(field("-1e400"), "");
}

TEST(Canonical, CutsLongPointers) {
    const std::string name(100'000, 'n');
    const Error error = refused("{\"" + name + "\":{\"" + name + "\":1e999}}");
    EXPECT_LT(error.field.size(), 600U);
    EXPECT_TRUE(error.field.ends_with("…"));
}

}  // namespace
}  // namespace credvault::json
