#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(ObjectOperators, FieldsWithAnyName) {
    check(Values{
        {R"({"$getField":"a.b"})", R"({"a.b":1,"a":{"b":2}})", "1"},
        {R"({"$getField":{"$literal":"$x"}})", R"({"$x":1})", "1"},
        {R"({"$getField":{"field":"a","input":"$o"}})", R"({"o":{"a":{"b":1}}})", R"({"b":1})"},
        {R"({"$getField":{"field":"$name","input":{"a":1}}})", R"({"name":"a"})", "1"},
        {R"({"$getField":{"field":"a","input":"$x"}})", "{}", "missing"},
        {R"({"$getField":{"field":"a","input":null}})", "{}", "null"},
        {R"({"$getField":{"field":"a","input":1}})", "{}", "missing"},
        {R"({"$setField":{"field":"a.b","input":"$o","value":{"$add":[1,1]}}})", R"({"o":{"x":1}})",
         R"({"x":1,"a.b":2})"},
        {R"({"$setField":{"field":"x","input":"$o","value":2}})", R"({"o":{"x":1,"y":1}})",
         R"({"x":2,"y":1})"},
        {R"({"$setField":{"field":"x","input":"$o","value":"$$REMOVE"}})", R"({"o":{"x":1,"y":1}})",
         R"({"y":1})"},
        {R"({"$setField":{"field":"x","input":"$none","value":1}})", "{}", "null"},
        {R"({"$setField":{"field":{"$literal":"$x"},"input":{},"value":1}})", "{}", R"({"$x":1})"},
        {R"({"$unsetField":{"field":"x","input":"$$ROOT"}})", R"({"x":1,"y":2})", R"({"y":2})"},
        {R"({"$mergeObjects":["$a",{"x":2},null,"$none"]})", R"({"a":{"x":1,"y":1}})", R"({"x":2,"y":1})"},
        {R"({"$mergeObjects":[]})", "{}", "{}"},
        {R"({"$mergeObjects":"$a"})", R"({"a":{"x":1}})", R"({"x":1})"},
    });
    check(Errors{
        {R"({"$getField":1})", "{}", "$getField", "must be a string"},
        {R"({"$getField":{"field":"$n","input":{}}})", R"({"n":1})", "$getField", "not int"},
        {R"({"$getField":{"field":"a"}})", "{}", "$getField", "needs input"},
        {R"({"$setField":{"field":"$n","input":{},"value":1}})", "{}", "$setField", "$literal"},
        {R"({"$setField":{"field":"a","input":1,"value":1}})", "{}", "$setField", "not int"},
        {R"({"$unsetField":{"field":"a"}})", "{}", "$unsetField", "needs input"},
        {R"({"$mergeObjects":["$a"]})", R"({"a":[1]})", "$mergeObjects", "not array"},
    });
}

TEST(Conditions, EvaluateOnlyWhatTheyTake) {
    check(Values{
        {R"({"$cond":["$a",1,2]})", R"({"a":0})", "2"},
        {R"({"$cond":{"if":"$a","then":1,"else":2}})", R"({"a":""})", "1"},
        {R"({"$cond":["$a",1,{"$divide":[1,"$z"]}]})", R"({"a":1,"z":0})", "1"},
        {R"({"$switch":{"branches":[{"case":"$a","then":1},{"case":"$b","then":2}],"default":3}})",
         R"({"b":1})", "2"},
        {R"({"$switch":{"branches":[{"case":"$a","then":1}],"default":3}})", "{}", "3"},
        {R"({"$ifNull":["$a","$b",5]})", R"({"b":null})", "5"},
        {R"({"$ifNull":["$a","$b"]})", "{}", "missing"},
        {R"({"$ifNull":[0,{"$divide":[1,"$z"]}]})", R"({"z":0})", "0"},
        {R"({"$and":[]})", "{}", "true"},
        {R"({"$and":["$a",{"$divide":[1,"$z"]}]})", R"({"a":0,"z":0})", "false"},
        {R"({"$or":[]})", "{}", "false"},
        {R"({"$or":["$a",{"$divide":[1,"$z"]}]})", R"({"a":[],"z":0})", "true"},
        {R"({"$not":"$a"})", R"({"a":null})", "true"},
    });
    check(Errors{
        {R"({"$switch":{"branches":[{"case":"$a","then":1}]}})", "{}", "$switch", "no default"},
        {R"({"$switch":{"branches":[]}})", "{}", "$switch", "at least one"},
        {R"({"$switch":{"branches":[{"case":1}]}})", "{}", "$switch", "needs then"},
        {R"({"$ifNull":[1]})", "{}", "$ifNull", "at least 2"},
        {R"({"$cond":[1,2]})", "{}", "$cond", "exactly 3"},
    });
}

TEST(Comparisons, FollowTheOrderOfValues) {
    check(Values{
        {R"({"$cmp":["$a",null]})", "{}", "-1"},
        {R"({"$eq":["$a","$b"]})", "{}", "true"},
        {R"({"$eq":["$a",null]})", "{}", "false"},
        {R"({"$lt":[null,1]})", "{}", "true"},
        {R"({"$lt":["$a",0.5]})", R"({"a":9007199254740993})", "false"},
        {R"({"$gt":["$a",9007199254740992.0]})", R"({"a":9007199254740993})", "true"},
        {R"({"$lt":[5,"a"]})", "{}", "true"},
        {R"({"$lt":["a",{}]})", "{}", "true"},
        {R"({"$lt":[{},[]]})", "{}", "true"},
        {R"({"$lt":[[],false]})", "{}", "true"},
        {R"({"$eq":[{"a":1,"b":["$n"]},"$o"]})", R"({"n":1,"o":{"b":[1.0],"a":1}})", "true"},
        {R"({"$lte":[[1,"$n"],"$o"]})", R"({"n":2,"o":[1,2,0]})", "true"},
        {R"({"$gte":["$s","a\u0001"]})", R"({"s":"a\u0001"})", "true"},
        {R"({"$ne":["$s","t"]})", R"({"s":"t"})", "false"},
    });
}

TEST(Accumulators, OverArgumentsOrOneArray) {
    check(Values{
        {R"({"$sum":"$a"})", R"({"a":[1,2,"x",3]})", "6"},
        {R"({"$sum":["$a","$b"]})", R"({"a":1,"b":[5]})", "1"},
        {R"({"$sum":["$a"]})", R"({"a":[1,2.5]})", "3.5"},
        {R"({"$sum":[]})", "{}", "0"},
        {R"({"$avg":"$a"})", R"({"a":[1,2,null]})", "1.5"},
        {R"({"$avg":"$x"})", "{}", "null"},
        {R"({"$max":["$a",3,"$x"]})", R"({"a":5})", "5"},
        {R"({"$max":"$a"})", R"({"a":[1,[0],"z"]})", "[0]"},
        {R"({"$min":"$a"})", R"({"a":[null,2,1]})", "1"},
        {R"({"$min":[null,"$x"]})", "{}", "null"},
        {R"({"$stdDevPop":"$a"})", R"({"a":[1,3]})", "1.0"},
        {R"({"$stdDevSamp":"$a"})", R"({"a":[10,20,30]})", "10.0"},
        {R"({"$stdDevSamp":"$a"})", R"({"a":[10]})", "null"},
        {R"({"$median":{"input":"$a","method":"approximate"}})", R"({"a":[3,1,2,"x"]})", "2.0"},
        {R"({"$median":{"input":"$a","method":"continuous"}})", R"({"a":[3,1]})", "2.0"},
        {R"({"$median":{"input":"$x","method":"approximate"}})", "{}", "null"},
        {R"({"$percentile":{"input":"$a","p":[0,0.5,1],"method":"discrete"}})", R"({"a":[4,1,3,2]})",
         "[1.0,2.0,4.0]"},
        {R"({"$percentile":{"input":7,"p":[0.9],"method":"approximate"}})", "{}", "[7.0]"},
        {R"({"$percentile":{"input":[],"p":[0.9,0.1],"method":"approximate"}})", "{}", "[null,null]"},
    });
    check(Errors{
        {R"({"$sum":["$a","$a"]})", R"({"a":1e308})", "$sum", "no finite number"},
        {R"({"$median":{"input":[1],"method":"x"}})", "{}", "$median", "approximate"},
        {R"({"$percentile":{"input":[1],"p":[2],"method":"approximate"}})", "{}", "$percentile",
         "from 0 to 1"},
        {R"({"$percentile":{"input":[1],"method":"approximate"}})", "{}", "$percentile", "needs p"},
    });
}

TEST(RandomOperators, DrawAnew) {
    const std::string between = R"({"$and":[{"$gte":[{"$rand":{}},0]},{"$lt":[{"$rand":{}},1]}]})";
    for (int i = 0; i < 100; ++i) EXPECT_EQ(evaluate(between).value, "true");
    EXPECT_EQ(evaluate(R"({"$eq":[{"$rand":{}},{"$rand":{}}]})").value, "false");
    check(Errors{{R"({"$rand":1})", "{}", "$rand", "no arguments"}});
}

}  // namespace
}  // namespace credvault::query
