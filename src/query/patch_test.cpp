// Merge and JSON patches: the examples of RFC 7396, appendix A, and RFC 6902, appendix A, and the limits.
#include "query/patch.h"

#include <gtest/gtest.h>

#include "json/canonical.h"
#include "json/order.h"

namespace credvault::query {
namespace {

json::Value parsed(std::string_view text) { return *json::parse(text); }

constexpr std::size_t plenty = 1 << 20;

std::string merged(std::string_view target, std::string_view patch) {
    json::Value value = parsed(target);
    merge_patch(value, parsed(patch));
    return value.text();
}

struct Example {
    const char* target;
    const char* patch;
    const char* result;
};

TEST(MergePatch, DoesWhatTheStandardShows) {
    const Example examples[] = {
        {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
        {R"({"a":"b"})", R"({"a":null})", R"({})"},
        {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
        {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
        {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
        {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
        {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
        {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
        {R"({"a":"foo"})", R"(null)", R"(null)"},
        {R"({"a":"foo"})", R"("bar")", R"("bar")"},
        {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
        {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
        {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
    };
    for (const Example& each : examples)
        EXPECT_EQ(merged(each.target, each.patch), each.result) << each.patch;
}

TEST(MergePatch, IsTheSameForManyMembersAsForFew) {
    json::Value target = json::Value::Object();
    json::Value patch = json::Value::Object();
    json::Value expected = json::Value::Object();
    for (int i = 0; i < 300; ++i) {
        const std::string name = "n" + std::to_string(i * 7 % 300);
        if (i % 3 != 0) target.set(name, i);
        if (i % 4 == 0) patch.set(name, nullptr);
        if (i % 4 == 1) patch.set(name, json::Value::Object{{"x", i}, {"y", nullptr}});
        if (i % 3 != 0 && i % 4 > 1) expected.set(name, i);
        if (i % 4 == 1) expected.set(name, json::Value::Object{{"x", i}});
    }
    merge_patch(target, patch);
    EXPECT_TRUE(json::equal(target, expected)) << target.text();
}

TEST(MergePatch, TakesNoSquareOfTime) {
    // Comparing each of so many names with each of the others would take minutes.
    json::Value target = json::Value::Object();
    for (int i = 0; i < 200'000; ++i) target.as_object().emplace_back("name" + std::to_string(i), i);
    json::Value patch = target;
    for (auto& [name, value] : patch.as_object())
        value = value.as_int() % 2 == 0 ? json::Value() : json::Value("new");
    merge_patch(target, patch);
    EXPECT_EQ(target.as_object().size(), 100'000U);
    EXPECT_EQ(target.as_object()[0].second.text(), "\"new\"");
}

std::string patched(std::string_view target, std::string_view patch) {
    json::Value value = parsed(target);
    const Status status = json_patch(value, parsed(patch), plenty);
    EXPECT_TRUE(status.ok()) << status.error().message;
    return value.text();
}

void expect_refused(std::string_view target, std::string_view patch, std::string_view field) {
    json::Value value = parsed(target);
    const std::string before = value.text();
    const Status status = json_patch(value, parsed(patch), plenty);
    ASSERT_FALSE(status.ok()) << patch << " gave " << value.text();
    EXPECT_EQ(status.error().code, ErrorCode::INVALID_PATCH);
    EXPECT_EQ(status.error().field, field) << patch;
    EXPECT_FALSE(status.error().message.empty());
    EXPECT_EQ(value.text(), before) << patch;
}

TEST(JsonPatch, DoesWhatTheStandardShows) {
    const Example examples[] = {
        {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])", R"({"foo":"bar","baz":"qux"})"},
        {R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])",
         R"({"foo":["bar","qux","baz"]})"},
        {R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])", R"({"foo":"bar"})"},
        {R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])",
         R"({"foo":["bar","baz"]})"},
        {R"({"baz":"qux","foo":"bar"})", R"([{"op":"replace","path":"/baz","value":"boo"}])",
         R"({"baz":"boo","foo":"bar"})"},
        {R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
         R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
         R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})"},
        {R"({"foo":["all","grass","cows","eat"]})", R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])",
         R"({"foo":["all","cows","eat","grass"]})"},
        {R"({"baz":"qux","foo":["a",2,"c"]})",
         R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])",
         R"({"baz":"qux","foo":["a",2,"c"]})"},
        {R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])",
         R"({"foo":"bar","child":{"grandchild":{}}})"},
        {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])",
         R"({"foo":"bar","baz":"qux"})"},
        {R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])", R"({"/":9,"~1":10})"},
        {R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])",
         R"({"foo":["bar",["abc","def"]]})"},
    };
    for (const Example& each : examples)
        EXPECT_EQ(patched(each.target, each.patch), each.result) << each.patch;
}

TEST(JsonPatch, RefusesWhatTheStandardRefuses) {
    expect_refused(R"({"baz":"qux"})", R"([{"op":"test","path":"/baz","value":"bar"}])", "/0");
    expect_refused(R"({"foo":"bar"})", R"([{"op":"add","path":"/baz/bat","value":"qux"}])", "/0/path");
    expect_refused(R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":"10"}])", "/0");
    expect_refused(R"({"a":{"b":{}}})", R"([{"op":"move","from":"/a","path":"/a/b/c"}])", "/0/path");
    expect_refused(R"({"a":1})", R"([{"op":"move","from":"","path":"/a"}])", "/0/path");
}

TEST(JsonPatch, KnowsWholeDocumentsAndEmptyNames) {
    EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"replace","path":"","value":{"b":2}}])"), R"({"b":2})");
    EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"add","path":"","value":[]}])"), "[]");
    EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"test","path":"","value":{"a":1.0}}])"), R"({"a":1})");
    EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"copy","from":"","path":"/b"}])"), R"({"a":1,"b":{"a":1}})");
    EXPECT_EQ(patched(R"({"":{"":1}})", R"([{"op":"replace","path":"//","value":2}])"), R"({"":{"":2}})");
    EXPECT_EQ(patched(R"({"a":{"b":1}})", R"([{"op":"move","from":"/a/b","path":"/a"}])"), R"({"a":1})");
    EXPECT_EQ(patched(R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])"), R"({"a":1})");
    expect_refused(R"({"a":1})", R"([{"op":"remove","path":""}])", "/0/path");
}

TEST(JsonPatch, HasRulesForArrayPositions) {
    EXPECT_EQ(patched("[1,2]", R"([{"op":"add","path":"/2","value":3}])"), "[1,2,3]");
    EXPECT_EQ(patched("[1,2]", R"([{"op":"add","path":"/0","value":0}])"), "[0,1,2]");
    for (const char* path : {"/3", "/-1", "/01", "/1e0", "/a", "/", "/99999999999999999999"}) {
        expect_refused("[1,2]", std::string(R"([{"op":"add","path":")") + path + R"(","value":3}])",
                       "/0/path");
    }
    for (const char* op : {"remove", "replace", "test"}) {
        for (const char* path : {"/-", "/2", "/00"}) {
            expect_refused("[1,2]",
                           std::string(R"([{"op":")") + op + R"(","path":")" + path + R"(","value":3}])",
                           "/0/path");
        }
    }
}

TEST(JsonPatch, NamesWhatIsMalformed) {
    expect_refused("{}", R"({"op":"add"})", "");
    expect_refused("{}", "[5]", "/0");
    expect_refused("{}", R"([{"path":"/a","value":1}])", "/0");
    expect_refused("{}", R"([{"op":5,"path":"/a"}])", "/0/op");
    expect_refused("{}", R"([{"op":"increment","path":"/a"}])", "/0/op");
    expect_refused("{}", R"([{"op":"add","value":1}])", "/0");
    expect_refused("{}", R"([{"op":"add","path":5,"value":1}])", "/0/path");
    expect_refused("{}", R"([{"op":"add","path":"/a"}])", "/0");
    expect_refused("{}", R"([{"op":"copy","path":"/a"}])", "/0");
    for (const char* path : {"a", "/~", "/~2", "/a~", "#/a"}) {
        expect_refused("{}", std::string(R"([{"op":"add","path":")") + path + R"(","value":1}])", "/0/path");
    }
    expect_refused(R"({"a":1})", R"([{"op":"copy","from":"/b","path":"/c"}])", "/0/from");
}

TEST(JsonPatch, IsAllOrNothing) {
    expect_refused(
        R"({"a":[1,2,3],"b":{"c":1}})",
        R"([{"op":"remove","path":"/a/0"},{"op":"move","from":"/b/c","path":"/d"},{"op":"remove","path":"/x"}])",
        "/2/path");
}

std::string repeated(std::string_view operation, std::size_t count) {
    std::string patch = "[";
    for (std::size_t i = 0; i < count; ++i) patch.append(i ? "," : "").append(operation);
    return patch + "]";
}

TEST(JsonPatch, BoundsTheOperations) {
    const std::string_view operation = R"({"op":"add","path":"/a","value":1})";
    EXPECT_EQ(patched("{}", repeated(operation, max_patch_operations)), R"({"a":1})");
    expect_refused("{}", repeated(operation, max_patch_operations + 1), "");
}

TEST(JsonPatch, BoundsSizeAndDepthOfWhatItBuilds) {
    json::Value value = parsed(R"({"a":"0123456789"})");
    // Each copy doubles the record.
    std::string doubling = "[";
    for (int i = 0; i < 40; ++i) {
        doubling += (i ? "," : "") + (R"({"op":"copy","from":"","path":"/b)" + std::to_string(i)) + "\"}";
    }
    const Status grown = json_patch(value, parsed(doubling + "]"), 10'000);
    ASSERT_FALSE(grown.ok());
    EXPECT_NE(grown.error().message.find("10000 bytes"), std::string::npos) << grown.error().message;
    // Each copy is a level deeper than the last.
    const Status deeper =
        json_patch(value, parsed(repeated(R"({"op":"copy","from":"","path":"/a"})", 200)), 1 << 30);
    ASSERT_FALSE(deeper.ok());
    EXPECT_NE(deeper.error().message.find("100 levels"), std::string::npos) << deeper.error().message;
    EXPECT_EQ(value.text(), R"({"a":"0123456789"})");
}

TEST(JsonPatch, TakesAsMuchAsFitsAndNoMore) {
    json::Value value = parsed("{}");
    const json::Value patch = parsed(R"([{"op":"add","path":"/abc","value":"0123456789"}])");
    EXPECT_TRUE(json_patch(value, patch, value.text().size() + 20).ok());
    value = parsed("{}");
    EXPECT_FALSE(json_patch(value, patch, 15).ok());
}

TEST(JsonPatch, ReplacesALargeValueByAnother) {
    const std::string large(700, 'x');
    const std::string before = R"({"a":")" + large + R"(","b":")" + std::string(600, 'y') + "\"}";
    for (const std::string_view operation :
         {R"({"op":"add","path":"/a","value":")", R"({"op":"replace","path":"/a","value":")"}) {
        json::Value value = parsed(before);
        EXPECT_TRUE(
            json_patch(value, parsed("[" + std::string(operation) + large + "\"}]"), before.size() + 50)
                .ok());
    }
    json::Value value = parsed(before);
    EXPECT_TRUE(
        json_patch(value, parsed(R"([{"op":"copy","from":"/b","path":"/a"}])"), before.size() + 50).ok());
    EXPECT_TRUE(json_patch(value, parsed(R"([{"op":"add","path":"","value":{}}])"), before.size()).ok());
}

TEST(JsonPatch, BoundsItsWork) {
    // A thousand times a large value over itself: small in the end, gigabytes in between.
    json::Value value = json::Value::Object{{"a", std::string(500'000, 'x')}, {"b", 0}};
    const Status status =
        json_patch(value, parsed(repeated(R"({"op":"copy","from":"/a","path":"/b"})", 1'000)), plenty * 2);
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().message.find("too much work"), std::string::npos) << status.error().message;
    json::Value::Array many(400'000, json::Value(0));
    value = many;
    EXPECT_FALSE(
        json_patch(value, parsed(repeated(R"({"op":"add","path":"/0","value":1})", 1'000)), plenty).ok());
}

}  // namespace
}  // namespace credvault::query
