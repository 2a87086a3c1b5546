#include "json/value.h"

#include <gtest/gtest.h>

#include <string>

#include "json/canonical.h"

namespace credvault::json {
namespace {

TEST(Value, TypesFollowWhatItIsMadeOf) {
    EXPECT_EQ(Value().type(), Type::Null);
    EXPECT_EQ(Value(nullptr).type(), Type::Null);
    EXPECT_EQ(Value(true).type(), Type::Bool);
    EXPECT_EQ(Value(1).type(), Type::Int);
    EXPECT_EQ(Value(1.0).type(), Type::Double);
    EXPECT_EQ(Value("text").type(), Type::String);
    EXPECT_EQ(Value(Value::Array{}).type(), Type::Array);
    EXPECT_EQ(Value(Value::Object{}).type(), Type::Object);
    EXPECT_EQ(Value(3).as_double(), 3.0);
    EXPECT_TRUE(Value(2.5).is_number());
}

TEST(Value, WritesCanonicalText) {
    const Value value(Value::Object{{"a\n\"", Value::Array{1, 2.0, -0.0, "x\\", nullptr, true, false}},
                                    {"", Value::Object{}},
                                    {"é", Value::Array{}}});
    EXPECT_EQ(value.text(), R"({"a\n\"":[1,2.0,-0.0,"x\\",null,true,false],"":{},"é":[]})");
    std::string out = "x";
    Value(7).append_text(out);
    EXPECT_EQ(out, "x7");
}

TEST(Value, ComesBackFromAView) {
    for (const char* text : {"null", "true", "-5", "1.5", "\"a\\u0001\\\"b\"", "[]", "{}",
                             R"([1,[2,{"a":[3]}],{"b\\":{"c":null}}])"}) {
        EXPECT_EQ(Value(View(text)).text(), text);
    }
    const Value value(View(R"({"a\tb":"c\nd"})"));
    EXPECT_EQ(value.as_object()[0].first, "a\tb");
    EXPECT_EQ(value.as_object()[0].second.as_string(), "c\nd");
}

TEST(Value, FindsSetsAndRemovesMembers) {
    Value value(Value::Object{{"a", 1}, {"b", 2}});
    EXPECT_EQ(value.find("b")->as_int(), 2);
    EXPECT_EQ(value.find("c"), nullptr);
    EXPECT_EQ(Value(1).find("a"), nullptr);
    value.set("a", "new").as_string();
    value.set("c", 3);
    EXPECT_EQ(value.text(), R"({"a":"new","b":2,"c":3})");
    EXPECT_TRUE(value.remove("b"));
    EXPECT_FALSE(value.remove("b"));
    EXPECT_EQ(value.text(), R"({"a":"new","c":3})");
    *value.find("c") = Value::Array{1};
    EXPECT_EQ(value.text(), R"({"a":"new","c":[1]})");
}

TEST(Value, ReadsAndWritesDeepValues) {
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    EXPECT_EQ(parse(deep)->text(), deep);
}

}  // namespace
}  // namespace credvault::json
