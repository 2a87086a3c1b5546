#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(ArrayOperators, ElementsAndPositions) {
    check(Values{
        {R"({"$arrayElemAt":["$a",1]})", R"({"a":[1,2,3]})", "2"},
        {R"({"$arrayElemAt":["$a",-1]})", R"({"a":[1,2,3]})", "3"},
        {R"({"$arrayElemAt":["$a",3]})", R"({"a":[1,2,3]})", "missing"},
        {R"({"$arrayElemAt":["$a",-4]})", R"({"a":[1,2,3]})", "missing"},
        {R"({"$arrayElemAt":["$a",1.0]})", R"({"a":[1,2,3]})", "2"},
        {R"({"$arrayElemAt":["$x",0]})", "{}", "null"},
        {R"({"$first":"$a"})", R"({"a":[1,2,3]})", "1"},
        {R"({"$last":"$a"})", R"({"a":[1,2,3]})", "3"},
        {R"({"$first":"$a"})", R"({"a":[]})", "missing"},
        {R"({"$last":"$x"})", "{}", "null"},
        {R"({"$in":[2,"$a"]})", R"({"a":[1,2.0]})", "true"},
        {R"({"$in":["$x","$a"]})", R"({"a":[null]})", "false"},
        {R"({"$indexOfArray":["$a",2]})", R"({"a":[1,2,2]})", "1"},
        {R"({"$indexOfArray":["$a",2,2]})", R"({"a":[1,2,2]})", "2"},
        {R"({"$indexOfArray":["$a",2,0,1]})", R"({"a":[1,2,2]})", "-1"},
        {R"({"$indexOfArray":["$a",2,5,1]})", R"({"a":[1,2,2]})", "-1"},
        {R"({"$indexOfArray":["$x",2]})", "{}", "null"},
        {R"({"$isArray":"$a"})", R"({"a":[]})", "true"},
        {R"({"$isArray":["$a"]})", R"({"a":1})", "false"},
        {R"({"$size":"$a"})", R"({"a":[1,[2],3]})", "3"},
        {R"({"$size":[["$b",2]]})", "{}", "2"},
    });
    check(Errors{
        {R"({"$arrayElemAt":["$a",1.5]})", R"({"a":[1]})", "$arrayElemAt", "integer"},
        {R"({"$arrayElemAt":["$a",3000000000]})", R"({"a":[1]})", "$arrayElemAt", "32 bits"},
        {R"({"$arrayElemAt":["$a",1]})", R"({"a":"x"})", "$arrayElemAt", "not string"},
        {R"({"$first":["a"]})", "{}", "$first", "must be an array"},
        {R"({"$in":[1,"$a"]})", "{}", "$in", "not missing"},
        {R"({"$indexOfArray":["$a",2,-1]})", R"({"a":[]})", "$indexOfArray", "negative"},
        {R"({"$size":"$a"})", "{}", "$size", "not missing"},
        {R"({"$isArray":[1,2]})", "{}", "$isArray", "exactly 1 argument"},
    });
}

TEST(ArrayOperators, Building) {
    check(Values{
        {R"({"$concatArrays":["$a",[3],[]]})", R"({"a":[1,{"b":2}]})", R"([1,{"b":2},3])"},
        {R"({"$concatArrays":[]})", "{}", "[]"},
        {R"({"$concatArrays":[[1],"$x",3]})", "{}", "null"},
        {R"({"$range":[0,5,2]})", "{}", "[0,2,4]"},
        {R"({"$range":[5,0,-2]})", "{}", "[5,3,1]"},
        {R"({"$range":[0,"$n"]})", R"({"n":0})", "[]"},
        {R"({"$range":[-2147483648,2147483647,2147483647]})", "{}", "[-2147483648,-1,2147483646]"},
        {R"({"$reverseArray":"$a"})", R"({"a":[1,2,[3,4]]})", "[[3,4],2,1]"},
        {R"({"$slice":["$a",2]})", R"({"a":[1,2,3]})", "[1,2]"},
        {R"({"$slice":["$a",-2]})", R"({"a":[1,2,3]})", "[2,3]"},
        {R"({"$slice":["$a",0]})", R"({"a":[1,2,3]})", "[]"},
        {R"({"$slice":["$a",1,5]})", R"({"a":[1,2,3]})", "[2,3]"},
        {R"({"$slice":["$a",-2,1]})", R"({"a":[1,2,3]})", "[2]"},
        {R"({"$slice":["$a",-9,1]})", R"({"a":[1,2,3]})", "[1]"},
        {R"({"$slice":["$x",1]})", "{}", "null"},
        {R"({"$zip":{"inputs":["$a",["x","y"]]}})", R"({"a":[1,2,3]})", R"([[1,"x"],[2,"y"]])"},
        {R"({"$zip":{"inputs":["$a",["x"]],"useLongestLength":true}})", R"({"a":[1,2]})",
         R"([[1,"x"],[2,null]])"},
        {R"({"$zip":{"inputs":["$a",["x"]],"useLongestLength":true,"defaults":[0,"$d"]}})",
         R"({"a":[1,2],"d":9})", R"([[1,"x"],[2,9]])"},
        {R"({"$zip":{"inputs":["$a","$x"]}})", R"({"a":[1,2]})", "null"},
    });
    check(Errors{
        {R"({"$concatArrays":[[1],2]})", "{}", "$concatArrays", "not int"},
        {R"({"$range":[0,5,0]})", "{}", "$range", "must not be 0"},
        {R"({"$range":["$x",5]})", "{}", "$range", "not missing"},
        {R"({"$slice":["$a",1,0]})", R"({"a":[1]})", "$slice", "positive"},
        {R"({"$zip":{"inputs":[]}})", "{}", "$zip", "non-empty"},
        {R"({"$zip":{"inputs":[[1],2]}})", "{}", "$zip", "not int"},
        {R"({"$zip":{"inputs":[[1]],"defaults":[1]}})", "{}", "$zip", "useLongestLength"},
        {R"({"$zip":{"inputs":[[1]],"useLongestLength":1}})", "{}", "$zip", "true or false"},
    });
}

TEST(ArrayLoops, MapFilterReduce) {
    check(Values{
        {R"({"$map":{"input":"$a","in":{"$multiply":["$$this",2]}}})", R"({"a":[1,2]})", "[2,4]"},
        {R"({"$map":{"input":"$a","as":"n","in":{"$add":["$$n","$b"]}}})", R"({"a":[1,2],"b":10})",
         "[11,12]"},
        {R"({"$map":{"input":"$a","in":"$$this.x"}})", R"({"a":[{"x":1},{}]})", "[1,null]"},
        {R"({"$map":{"input":"$x","in":1}})", "{}", "null"},
        {R"({"$map":{"input":"$a","as":"i","in":{"$map":{"input":"$a","as":"j","in":["$$i","$$j"]}}}})",
         R"({"a":[1,2]})", "[[[1,1],[1,2]],[[2,1],[2,2]]]"},
        {R"({"$filter":{"input":"$a","cond":{"$gt":["$$this",1]}}})", R"({"a":[1,2,3]})", "[2,3]"},
        {R"({"$filter":{"input":"$a","as":"n","cond":"$$n","limit":1}})", R"({"a":[0,2,3]})", "[2]"},
        {R"({"$filter":{"input":"$a","cond":true,"limit":"$x"}})", R"({"a":[0,2]})", "[0,2]"},
        {R"({"$filter":{"input":null,"cond":true}})", "{}", "null"},
        {R"({"$reduce":{"input":"$a","initialValue":0,"in":{"$add":["$$value","$$this"]}}})",
         R"({"a":[1,2,3]})", "6"},
        {R"({"$reduce":{"input":"$a","initialValue":[],"in":{"$concatArrays":[["$$this"],"$$value"]}}})",
         R"({"a":[1,2,3]})", "[3,2,1]"},
        {R"({"$reduce":{"input":[],"initialValue":"$a","in":1}})", R"({"a":7})", "7"},
        {R"({"$reduce":{"input":"$x","initialValue":0,"in":1}})", "{}", "null"},
    });
    check(Errors{
        {R"({"$map":{"input":1,"in":1}})", "{}", "$map", "not int"},
        {R"({"$map":{"input":[1]}})", "{}", "$map", "needs in"},
        {R"({"$map":{"input":[1],"as":"A","in":1}})", "{}", "$map", "lower-case"},
        {R"({"$filter":{"input":[1],"as":1,"cond":1}})", "{}", "$filter", "as must be a string"},
        {R"({"$filter":{"input":[1],"cond":1,"limit":0}})", "{}", "$filter", "positive"},
        {R"({"$reduce":{"input":{"a":1},"initialValue":0,"in":1}})", "{}", "$reduce", "not object"},
        {R"({"$map":{"input":[1],"in":{"$divide":[1,"$$that"]}}})", "{}", "$map.in.$divide.1", "$$that"},
    });
}

TEST(ArrayShapes, BetweenArraysAndObjects) {
    check(Values{
        {R"({"$arrayToObject":"$a"})", R"({"a":[["x",1],["y.z",2],["x",3]]})", R"({"x":3,"y.z":2})"},
        {R"({"$arrayToObject":"$a"})", R"({"a":[{"v":1,"k":"x"}]})", R"({"x":1})"},
        {R"({"$arrayToObject":[[["x","$n"]]]})", R"({"n":5})", R"({"x":5})"},
        {R"({"$arrayToObject":"$a"})", R"({"a":[]})", "{}"},
        {R"({"$arrayToObject":"$a"})", "{}", "null"},
        {R"({"$objectToArray":"$a"})", R"({"a":{"x":1,"y":{"z":2}}})",
         R"([{"k":"x","v":1},{"k":"y","v":{"z":2}}])"},
        {R"({"$objectToArray":{}})", "{}", "[]"},
    });
    check(Errors{
        {R"({"$arrayToObject":"$a"})", R"({"a":[1]})", "$arrayToObject", "not int"},
        {R"({"$arrayToObject":"$a"})", R"({"a":[["x",1],{"k":"y","v":2}]})", "$arrayToObject", "must be one"},
        {R"({"$arrayToObject":"$a"})", R"({"a":[["x"]]})", "$arrayToObject", "exactly 2"},
        {R"({"$arrayToObject":"$a"})", R"({"a":[{"k":"x"}]})", "$arrayToObject", "exactly these two"},
        {R"({"$arrayToObject":"$a"})", R"({"a":[[1,2]]})", "$arrayToObject", "key must be a string"},
        {R"({"$objectToArray":"$a"})", R"({"a":[1]})", "$objectToArray", "not array"},
    });
}

TEST(ArrayOrder, SortsAndPicks) {
    check(Values{
        {R"({"$sortArray":{"input":"$a","sortBy":1}})", R"({"a":[3,"x",1,null,2.5,true,[1],{}]})",
         R"([null,1,2.5,3,"x",{},[1],true])"},
        {R"({"$sortArray":{"input":"$a","sortBy":-1}})", R"({"a":[1,3,2]})", "[3,2,1]"},
        {R"({"$sortArray":{"input":"$a","sortBy":{"x.y":-1,"n":1}}})",
         R"({"a":[{"n":1},{"x":{"y":1},"n":2},{"x":{"y":1},"n":1}]})",
         R"([{"x":{"y":1},"n":1},{"x":{"y":1},"n":2},{"n":1}])"},
        {R"({"$sortArray":{"input":"$x","sortBy":1}})", "{}", "null"},
        {R"({"$firstN":{"n":2,"input":"$a"}})", R"({"a":[1,2,3]})", "[1,2]"},
        {R"({"$lastN":{"n":2,"input":"$a"}})", R"({"a":[1,2,3]})", "[2,3]"},
        {R"({"$lastN":{"n":5,"input":"$a"}})", R"({"a":[1,2,3]})", "[1,2,3]"},
        {R"({"$maxN":{"n":2,"input":"$a"}})", R"({"a":[1,null,3,2]})", "[3,2]"},
        {R"({"$minN":{"n":"$n","input":"$a"}})", R"({"a":[2,null,3,1],"n":2})", "[1,2]"},
    });
    check(Errors{
        {R"({"$sortArray":{"input":"$a","sortBy":2}})", R"({"a":[]})", "$sortArray", "1, -1"},
        {R"({"$sortArray":{"input":"$a","sortBy":{}}})", R"({"a":[]})", "$sortArray", "at least one field"},
        {R"({"$sortArray":{"input":1,"sortBy":1}})", "{}", "$sortArray", "not int"},
        {R"({"$firstN":{"n":0,"input":[]}})", "{}", "$firstN", "positive"},
        {R"({"$maxN":{"n":1,"input":null}})", "{}", "$maxN", "not null"},
        {R"({"$minN":{"n":1.5,"input":[]}})", "{}", "$minN", "integer"},
    });
}

}  // namespace
}  // namespace credvault::query
