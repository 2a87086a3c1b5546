#include "json/view.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/writer.h"

namespace credvault::json {
namespace {

std::vector<std::string> texts(const View& array) {
    std::vector<std::string> found;
    for (const View element : array.elements()) found.emplace_back(element.text());
    return found;
}

std::vector<std::pair<std::string, std::string>> members(const View& object) {
    std::vector<std::pair<std::string, std::string>> found;
    for (const Member& member : object.members()) found.emplace_back(member.name, member.value.text());
    return found;
}

TEST(View, TellsTypes) {
    EXPECT_EQ(View().type(), Type::Null);
    EXPECT_EQ(View("null").type(), Type::Null);
    EXPECT_EQ(View("true").type(), Type::Bool);
    EXPECT_EQ(View("false").type(), Type::Bool);
    EXPECT_EQ(View("-12").type(), Type::Int);
    EXPECT_EQ(View("1.0").type(), Type::Double);
    EXPECT_EQ(View("1e+20").type(), Type::Double);
    EXPECT_EQ(View("\"1\"").type(), Type::String);
    EXPECT_EQ(View("[1]").type(), Type::Array);
    EXPECT_EQ(View("{}").type(), Type::Object);
    EXPECT_TRUE(View("-1").is_number());
    EXPECT_TRUE(View("9.5").is_number());
    EXPECT_FALSE(View("\"9\"").is_number());
    EXPECT_TRUE(View("null").is_null());
}

TEST(View, ReadsScalars) {
    EXPECT_TRUE(View("true").as_bool());
    EXPECT_FALSE(View("false").as_bool());
    EXPECT_EQ(View("9223372036854775807").as_int(), INT64_MAX);
    EXPECT_EQ(View("-9223372036854775808").as_int(), INT64_MIN);
    EXPECT_EQ(View("-0.25").as_double(), -0.25);
    EXPECT_EQ(View("7").as_double(), 7.0);
    EXPECT_EQ(View(R"("a\"\\\/\b\f\n\r\t\u0001\u001fé")").as_string(), "a\"\\/\b\f\n\r\t\x01\x1fé");
    EXPECT_EQ(View(R"("a\n")").escaped(), R"(a\n)");
}

TEST(View, DecodesWithoutACopyWhereItCan) {
    std::string scratch = "old";
    const std::string text = "\"plain\"";
    EXPECT_EQ(View(text).decoded(scratch).data(), text.data() + 1);
    EXPECT_EQ(scratch, "old");
    EXPECT_EQ(View(R"("x\ty")").decoded(scratch), "x\ty");
    EXPECT_EQ(View("\"\"").decoded(scratch), "");
}

TEST(View, WalksArrays) {
    EXPECT_TRUE(texts(View("[]")).empty());
    EXPECT_EQ(texts(View("[1]")), (std::vector<std::string>{"1"}));
    EXPECT_EQ(texts(View(R"([1,-2.5,"a,]b",[3,[4]],{"k":[5]},null,true,false])")),
              (std::vector<std::string>{"1", "-2.5", R"("a,]b")", "[3,[4]]", R"({"k":[5]})", "null", "true",
                                        "false"}));
}

TEST(View, WalksObjects) {
    EXPECT_TRUE(members(View("{}")).empty());
    EXPECT_EQ(members(View(R"({"a":1,"":"x","b\"}":{"c":"}"},"d":[{}]})")),
              (std::vector<std::pair<std::string, std::string>>{
                  {"a", "1"}, {"", "\"x\""}, {R"(b\"})", R"({"c":"}"})"}, {"d", "[{}]"}}));
}

TEST(View, CountsElementsAndMembers) {
    EXPECT_EQ(View("[]").size(), 0U);
    EXPECT_EQ(View("[[1,2],3]").size(), 2U);
    EXPECT_EQ(View(R"({"a":{"b":1,"c":2},"d":0})").size(), 2U);
    EXPECT_TRUE(View("{}").empty());
    EXPECT_FALSE(View("[0]").empty());
}

TEST(View, FindsMembers) {
    const View object(R"({"ab":1,"a":{"b":2,"c":3},"b":"x","":4,"q\"":5,"last":[6]})");
    EXPECT_EQ(object.find("ab")->text(), "1");
    EXPECT_EQ(object.find("a")->text(), R"({"b":2,"c":3})");
    EXPECT_EQ(object.find("b")->text(), "\"x\"");
    EXPECT_EQ(object.find("")->text(), "4");
    EXPECT_EQ(object.find(escape_key("q\""))->text(), "5");
    EXPECT_EQ(object.find("last")->text(), "[6]");
    EXPECT_EQ(object.find("a")->find("c")->text(), "3");
    for (const char* name :
         {"c", "abc", "q", "la", "lastlastlastlastlastlastlastlastlastlastlastlastlastlast"}) {
        EXPECT_FALSE(object.find(name).has_value()) << name;
    }
    EXPECT_FALSE(View("{}").find("a").has_value());
    EXPECT_FALSE(View("[1]").find("a").has_value());
    EXPECT_FALSE(View("\"a\"").find("a").has_value());
    EXPECT_EQ(View(R"({"":1})").find("")->text(), "1");
}

/// An object whose member "wanted" comes after a value of any shape and size.
std::string with_value(std::string_view value) {
    return R"({"before":)" + std::string(value) + R"(,"wanted":true})";
}

/// Values with a filler in each place that a scan may stop at.
std::vector<std::string> values_around(const std::string& filler) {
    std::vector<std::string> values = {"[]", "{}", "null", "-1.5e+20"};
    for (const std::string_view pattern : {R"("~")", R"("~\\")", R"("\"~\"")", R"(["~]\"",[{"a":"[~"}]])",
                                           R"({"~":{"b":["~"]},"c\\":"}\\"})"}) {
        std::string& value = values.emplace_back();
        for (const char c : pattern) value.append(c == '~' ? filler : std::string(1, c));
    }
    const std::size_t size = filler.size() + 1;
    values.push_back(std::string(size, '[').append(size, ']'));
    values.push_back(std::string("1").append(size, '0').append(".5"));
    return values;
}

TEST(View, SkipsValuesOfEverySizeAndShape) {
    for (std::size_t size = 0; size < 80; ++size) {
        for (const std::string& value : values_around(std::string(size, 'x'))) {
            EXPECT_EQ(skip_value(value.data(), value.data() + value.size()), value.data() + value.size())
                << value;
            const std::string text = with_value(value);
            const View object(text);
            ASSERT_TRUE(object.find("wanted").has_value()) << text;
            EXPECT_EQ(object.find("wanted")->text(), "true");
            EXPECT_EQ(object.find("before")->text(), value);
            EXPECT_EQ(members(object).size(), 2U) << text;
            const std::string twice = std::string("[").append(value).append(",").append(value).append("]");
            EXPECT_EQ(texts(View(twice)), (std::vector<std::string>{value, value}));
        }
    }
}

TEST(View, ReadsNothingBehindTheText) {
    // Each text lies at the end of an allocation of its own, where the address sanitizer sees a read beyond it.
    const std::string whole = R"({"a":[1,"two\\",{"b":null}],"c":"d\"e","f":-1.5e+20,"g":[[[]]],"h":false})";
    for (std::size_t size = 1; size <= whole.size(); ++size) {
        // Cut texts are not canonical: whatever is found in them, it must lie inside.
        const auto copy = std::make_unique<char[]>(size);
        std::memcpy(copy.get(), whole.data(), size);
        const View view(std::string_view(copy.get(), size));
        std::size_t bytes = 0;
        for (const Member& member : view.members()) bytes += member.name.size() + member.value.text().size();
        EXPECT_LE(bytes, size);
        const std::optional<View> found = view.find("h");
        EXPECT_EQ(found.has_value() && found->text() == "false", size == whole.size()) << size;
    }
}

}  // namespace
}  // namespace credvault::json
