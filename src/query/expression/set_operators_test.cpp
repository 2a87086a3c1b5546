#include <algorithm>
#include <random>

#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(SetOperators, IgnoreOrderAndRepetition) {
    check(Values{
        {R"({"$setUnion":["$a",[2,3]]})", R"({"a":[2,1,1.0]})", "[1,2,3]"},
        {R"({"$setUnion":[]})", "{}", "[]"},
        {R"({"$setUnion":["$a",null]})", R"({"a":[1]})", "null"},
        {R"({"$setIntersection":["$a",[3,2],[2]]})", R"({"a":[2,2,1,3]})", "[2]"},
        {R"({"$setIntersection":[]})", "{}", "[]"},
        {R"({"$setIntersection":["$a",[[1]]]})", R"({"a":[1,[1]]})", "[[1]]"},
        {R"({"$setDifference":["$a",[2]]})", R"({"a":[3,2,1,3]})", "[3,1]"},
        {R"({"$setDifference":["$a","$x"]})", R"({"a":[3]})", "null"},
        {R"({"$setEquals":["$a",[2,1],[1,2,2]]})", R"({"a":[1,2,1]})", "true"},
        {R"({"$setEquals":["$a",[2]]})", R"({"a":[1,2]})", "false"},
        {R"({"$setIsSubset":["$a",[1,2,3]]})", R"({"a":[1,2,1]})", "true"},
        {R"({"$setIsSubset":["$a",[1]]})", R"({"a":[1,2]})", "false"},
        {R"({"$setIsSubset":[[],"$a"]})", R"({"a":[]})", "true"},
        {R"({"$setUnion":[[{"a":1,"b":2}],[{"b":2,"a":1}]]})", "{}", R"([{"a":1,"b":2}])"},
        {R"({"$allElementsTrue":["$a"]})", R"({"a":[1,"",[]]})", "true"},
        {R"({"$allElementsTrue":[[true,0]]})", "{}", "false"},
        {R"({"$allElementsTrue":[[]]})", "{}", "true"},
        {R"({"$anyElementTrue":["$a"]})", R"({"a":[0,null,false]})", "false"},
        {R"({"$anyElementTrue":["$a"]})", R"({"a":[0,[]]})", "true"},
    });
    check(Errors{
        {R"({"$setUnion":["$a"]})", R"({"a":1})", "$setUnion", "not int"},
        {R"({"$setEquals":["$a",[1]]})", R"({"a":null})", "$setEquals", "not null"},
        {R"({"$setEquals":[[1]]})", "{}", "$setEquals", "at least 2"},
        {R"({"$setIsSubset":[[1],"$a"]})", "{}", "$setIsSubset", "not missing"},
        {R"({"$allElementsTrue":[null]})", "{}", "$allElementsTrue", "not null"},
    });
}

TEST(SetOperators, ObeyTheAlgebraOfSets) {
    std::mt19937 random(3);
    const auto draw = [&random] {
        std::string text = "[";
        for (unsigned i = random() % 6; i > 0; --i) text += std::to_string(random() % 5) + (i > 1 ? "," : "");
        return text + "]";
    };
    for (int i = 0; i < 300; ++i) {
        const std::string record = R"({"a":)" + draw() + R"(,"b":)" + draw() + R"(,"c":)" + draw() + "}";
        // Distribution, absorption, and the parts of a union.
        for (
            const std::string_view law : {
                R"({"$setEquals":[{"$setIntersection":["$a",{"$setUnion":["$b","$c"]}]},
                    {"$setUnion":[{"$setIntersection":["$a","$b"]},{"$setIntersection":["$a","$c"]}]}]})",
                R"({"$setEquals":["$a",{"$setUnion":["$a",{"$setIntersection":["$a","$b"]}]}]})",
                R"({"$setEquals":["$a",{"$setUnion":[{"$setDifference":["$a","$b"]},{"$setIntersection":["$a","$b"]}]}]})",
                R"({"$setIsSubset":[{"$setDifference":["$a","$b"]},"$a"]})",
                R"({"$eq":[[],{"$setIntersection":[{"$setDifference":["$a","$b"]},"$b"]}]})",
                R"({"$eq":[{"$setIsSubset":["$a","$b"]},{"$eq":[{"$setDifference":["$a","$b"]},[]]}]})",
            }) {
            EXPECT_EQ(evaluate(law, record).value, "true") << law << record;
        }
    }
}

}  // namespace
}  // namespace credvault::query
