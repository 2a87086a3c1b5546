// What must end: evaluations that would take too long, hold too much or nest too deeply.
#include <atomic>

#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

void expect_too_large(std::string_view expression, std::string_view record = "{}",
                      const EvaluationLimits& limits = {}) {
    const Evaluated found = evaluate(expression, record, limits);
    EXPECT_TRUE(found.failed) << expression;
    EXPECT_EQ(found.error.code, ErrorCode::QUERY_TOO_LARGE) << expression << ": " << found.error.message;
}

TEST(Evaluation, BoundsMemory) {
    expect_too_large(R"({"$range":[0,2000000000]})");
    expect_too_large(
        R"({"$reduce":{"input":{"$range":[0,60]},"initialValue":[1],"in":{"$concatArrays":["$$value","$$value"]}}})");
    expect_too_large(
        R"({"$reduce":{"input":{"$range":[0,60]},"initialValue":[1],"in":["$$value","$$value"]}})");
    expect_too_large(R"({"$map":{"input":{"$range":[0,5000]},"in":{"$range":[0,5000]}}})");
    // What is copied from the record counts too, once it is part of something.
    const std::string record = R"({"s":")" + std::string(100'000, 'x') + R"("})";
    expect_too_large(R"({"$map":{"input":{"$range":[0,1000]},"in":"$s"}})", record);
}

TEST(Evaluation, BoundsWork) {
    EvaluationLimits limits;
    limits.max_work = 10'000;
    expect_too_large(R"({"$map":{"input":{"$range":[0,"$n"]},"as":"i","in":
        {"$size":{"$map":{"input":{"$range":[0,"$n"]},"in":1}}}}})",
                     R"({"n":200})", limits);
    EXPECT_EQ(
        evaluate(R"({"$size":{"$map":{"input":{"$range":[0,"$n"]},"in":1}}})", R"({"n":2000})", limits).value,
        "2000");
}

TEST(Evaluation, BoundsNesting) {
    const std::string nest = R"({"$reduce":{"input":{"$range":[0,"$n"]},"initialValue":0,"in":["$$value"]}})";
    EXPECT_FALSE(evaluate(nest, R"({"n":200})").failed);
    expect_too_large(nest, R"({"n":201})");
    expect_too_large(nest, R"({"n":1000000})");
}

TEST(Evaluation, GivesMemoryBack) {
    // A thousand arrays of a thousand, one after the other, need the room of one.
    EvaluationLimits limits;
    limits.max_memory = 400'000;
    EXPECT_EQ(evaluate(R"({"$reduce":{"input":{"$range":[0,1000]},"initialValue":0,"in":
        {"$add":["$$value",{"$size":{"$range":[0,1000]}}]}}})",
                       "{}", limits)
                  .value,
              "1000000");
}

TEST(Evaluation, StopsWhenCancelled) {
    const std::string text = R"({"$size":{"$map":{"input":{"$range":[0,"$n"]},"in":{"$add":["$$this",1]}}}})";
    const Result<Expression> expression = Expression::parse(json::View(text));
    ASSERT_TRUE(expression.ok());
    const std::atomic<bool> cancelled = true;
    Evaluation evaluation(0, {}, &cancelled);
    const std::string record = R"({"n":100000})";
    evaluation.begin(json::View(record));
    const Result<Item> result = expression->evaluate(evaluation);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::QUERY_TIMEOUT);
}

TEST(Evaluation, BeginsEachRecordWithTheWholeBudget) {
    const std::string text = R"({"$size":{"$range":[0,1000]}})";
    EvaluationLimits limits;
    limits.max_work = 3'000;
    const std::string varied = R"({"$size":{"$range":[0,"$n"]}})";
    const Result<Expression> expression = Expression::parse(json::View(varied));
    Evaluation evaluation(0, limits);
    const std::string record = R"({"n":1000})";
    for (int i = 0; i < 10; ++i) {
        evaluation.begin(json::View(record));
        EXPECT_EQ(expression->evaluate(evaluation)->as_int(), 1000);
    }
}

TEST(Item, KeepsWhatItOwns) {
    std::string text = R"({"a":[1,"x"],"b":{"c":2.5}})";
    Item::Object members;
    members.emplace_back("r", json::View(text));
    members.emplace_back("s", std::string("q\"q"));
    const Item built(std::move(members));
    const std::string expected = R"({"r":{"a":[1,"x"],"b":{"c":2.5}},"s":"q\"q"})";
    EXPECT_EQ(built.text(), expected);
    EXPECT_EQ(built.value().text(), expected);
    const Item owned = built.owned();
    text.assign(text.size(), ' ');
    EXPECT_EQ(owned.text(), expected);
    EXPECT_EQ(Item(owned.value()).text(), expected);
    EXPECT_EQ(owned.depth(), 3U);
    EXPECT_TRUE(equal(owned.find("r").find("a"), Item(json::Value(json::Value::Array{1, "x"}))));
}

}  // namespace
}  // namespace credvault::query
