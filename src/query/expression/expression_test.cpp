#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(Expression, WrittenValuesAreThemselves) {
    check(Values{
        {"1", "{}", "1"},
        {"1.0", "{}", "1.0"},
        {"null", "{}", "null"},
        {"\"a\\nb\"", "{}", "\"a\\nb\""},
        {"[1,[2],{}]", "{}", "[1,[2],{}]"},
        {R"({"a":1,"b":{"c":[]}})", "{}", R"({"a":1,"b":{"c":[]}})"},
        {R"({"$literal":{"$add":[1,"$x"]}})", "{}", R"({"$add":[1,"$x"]})"},
        {R"({"$const":"$x"})", "{}", R"("$x")"},
    });
}

TEST(Expression, PathsWalkThroughObjectsAndOverArrays) {
    check(Values{
        {R"("$a")", R"({"a":{"b":1}})", R"({"b":1})"},
        {R"("$a.b")", R"({"a":{"b":1}})", "1"},
        {R"("$a.b")", R"({"a":[{"b":1},{"c":2},3,{"b":[4]},[{"b":5}]]})", "[1,[4]]"},
        {R"("$a.b")", R"({"a":[]})", "[]"},
        {R"("$a.0")", R"({"a":[10,20]})", "[]"},
        {R"("$a.0")", R"({"a":[[1],[2]]})", "[]"},
        {R"("$a.0")", R"({"a":{"0":7}})", "7"},
        {R"("$a.b")", R"({"a":1})", "missing"},
        {R"("$b")", R"({"a":1})", "missing"},
        {R"("$a\"b")", R"({"a\"b":1})", "1"},
        {R"("$$ROOT")", R"({"a":1})", R"({"a":1})"},
        {R"("$$CURRENT.a")", R"({"a":1})", "1"},
        {R"("$$ROOT.a.b")", R"({"a":[{"b":1}]})", "[1]"},
        {R"("$$REMOVE")", "{}", "missing"},
        {R"("$$REMOVE.a")", "{}", "missing"},
        {R"("$$NOW")", "{}", R"("2023-11-14T22:13:20.000Z")"},
    });
}

TEST(Expression, WrittenObjectsAndArraysHoldExpressions) {
    check(Values{
        {R"({"x":"$a","y":"$b","z":[1,"$a"]})", R"({"a":1})", R"({"x":1,"z":[1,1]})"},
        {R"(["$a","$b",null])", R"({"a":1})", "[1,null,null]"},
        {R"({"x":"$$REMOVE"})", "{}", "{}"},
    });
}

TEST(Expression, VariablesHaveScopes) {
    check(Values{
        {R"({"$let":{"vars":{"x":1,"y":2},"in":{"$add":["$$x","$$y"]}}})", "{}", "3"},
        {R"({"$let":{"vars":{"x":"$a"},"in":"$$x.b.c"}})", R"({"a":{"b":[{"c":1},{"c":2}]}})", "[1,2]"},
        {R"({"$let":{"vars":{"x":{"b":["$a"]}},"in":"$$x.b.c"}})", R"({"a":{"c":1}})", "[1]"},
        {R"({"$let":{"vars":{"x":1},"in":{"$let":{"vars":{"x":2,"y":"$$x"},"in":["$$x","$$y"]}}}})", "{}",
         "[2,1]"},
        {R"({"$let":{"vars":{"x":{"$let":{"vars":{"y":5},"in":"$$y"}},"z":1},"in":["$$x","$$z"]}})", "{}",
         "[5,1]"},
        {R"({"$let":{"vars":{"CURRENT":"$a"},"in":["$b","$$ROOT.b"]}})", R"({"a":{"b":1},"b":2})", "[1,2]"},
        {R"({"$let":{"vars":{},"in":7}})", "{}", "7"},
    });
    check(Errors{
        {R"("$$x")", "{}", "", "no variable $$x"},
        {R"({"$let":{"vars":{"X":1},"in":1}})", "{}", "$let", "lower-case"},
        {R"({"$let":{"vars":{"x":"$$y","y":1},"in":1}})", "{}", "$let.x", "no variable $$y"},
        {R"({"$let":{"vars":1,"in":1}})", "{}", "$let", "vars must be an object"},
        {R"({"$let":{"vars":{}}})", "{}", "$let", "needs in"},
        {R"({"$let":{"vars":{},"in":1,"out":2}})", "{}", "$let", "no out"},
    });
}

TEST(Expression, ErrorsNameOperatorAndPlace) {
    check(Errors{
        {R"({"$add":[1,{"$foo":1}]})", "{}", "$add.1.$foo", "$foo", ErrorCode::UNSUPPORTED_OPERATOR},
        {R"({"$add":1,"b":2})", "{}", "$add", "no other member"},
        {R"({"b":2,"$add":1})", "{}", "$add", "no other member"},
        {R"({"a.b":1})", "{}", "a.b", "dots"},
        {R"("$")", "{}", "", "empty"},
        {R"("$a.")", "{}", "", "dot"},
        {R"("$a..b")", "{}", "", "dots"},
        {R"("$a.$b")", "{}", "", "must not begin with $"},
        {R"({"$subtract":[1]})", "{}", "$subtract", "exactly 2 arguments, 1 given"},
        {R"({"$not":[1,2]})", "{}", "$not", "exactly 1 argument, 2 given"},
        {R"({"$cond":{"if":1,"then":2}})", "{}", "$cond", "needs else"},
        {R"({"a":{"$divide":["$x",0]}})", R"({"x":1})", "$divide", "divisor"},
        {R"({"$add":["$x",1]})", R"({"x":"1"})", "$add", "not string"},
    });
}

TEST(Expression, WhatFailsOnConstantsIsRefusedUnlessABranchMayPassItBy) {
    check(Values{{R"({"$cond":["$a",1,{"$divide":[1,0]}]})", R"({"a":true})", "1"}});
    check(Errors{
        {R"({"$divide":[1,0]})", "{}", "$divide", "divisor"},
        {R"({"$ifNull":["$a",{"$divide":[1,0]}]})", R"({"a":1})", "$ifNull.1.$divide", "divisor"},
        {R"({"$cond":["$a",1,{"$divide":[1,0]}]})", "{}", "$divide", "divisor"},
    });
}

TEST(Expression, ConstantsAreComputedAhead) {
    const std::string text = R"({"a":[{"$add":[1,2]},{"$eq":[1,1.0]}]})";
    const Result<Expression> expression = Expression::parse(json::View(text));
    ASSERT_TRUE(expression.ok());
    ASSERT_NE(expression->constant(), nullptr);
    EXPECT_EQ(expression->constant()->text(), R"({"a":[3,true]})");
    const std::string field = R"("$a.b")";
    EXPECT_EQ(*Expression::parse(json::View(field))->field(), "a.b");
}

TEST(Expression, ScopeGivesVariablesTheirSlots) {
    Scope scope;
    const std::size_t slot = scope.declare("limit");
    const std::string text = R"({"$let":{"vars":{"x":1},"in":{"$gt":["$n",{"$add":["$$limit","$$x"]}]}}})";
    const Result<Expression> expression = Expression::parse(json::View(text), scope);
    ASSERT_TRUE(expression.ok());
    Evaluation evaluation;
    evaluation.set_variable(slot, 5);
    const std::string record = R"({"n":7})";
    evaluation.begin(json::View(record));
    EXPECT_TRUE(expression->evaluate(evaluation)->as_bool());
    evaluation.set_variable(slot, 6);
    EXPECT_FALSE(expression->evaluate(evaluation)->as_bool());
}

TEST(Expression, LimitsOfParsing) {
    const auto nested = [](int levels) {
        std::string text;
        for (int i = 0; i < levels; ++i) text += R"({"$not":[)";
        text += "1";
        for (int i = 0; i < levels; ++i) text += "]}";
        return text;
    };
    ExpressionLimits limits;
    limits.max_depth = 20;
    EXPECT_TRUE(Expression::parse(json::View(nested(20)), {}, limits).ok());
    const auto deep = Expression::parse(json::View(nested(21)), {}, limits);
    ASSERT_FALSE(deep.ok());
    EXPECT_NE(deep.error().message.find("at most 20 levels"), std::string::npos);
    limits.max_nodes = 4;
    EXPECT_TRUE(Expression::parse(json::View(R"(["$a","$b","$c"])"), {}, limits).ok());
    EXPECT_FALSE(Expression::parse(json::View(R"(["$a","$b","$c","$d"])"), {}, limits).ok());
    limits.max_bytes = 5;
    EXPECT_FALSE(Expression::parse(json::View(R"("$abcde")"), {}, limits).ok());
}

}  // namespace
}  // namespace credvault::query
