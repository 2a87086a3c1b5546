#include "query/update/update_testing.h"

namespace credvault::query {
namespace {

TEST(UpdateFields, SetReplacesAtItsPlaceAndAddsAtTheEndInTheOrderOfNames) {
    check_updates({{R"({"a":1,"b":2})", R"({"$set":{"a":9}})", R"({"a":9,"b":2})"},
                   {R"({})", R"({"$set":{"b":1,"a":2,"10":3,"9":4}})", R"({"9":4,"10":3,"a":2,"b":1})"},
                   {R"({"a":{"x":1}})", R"({"$set":{"a.y.z":2}})", R"({"a":{"x":1,"y":{"z":2}}})"},
                   {R"({"a":[1,2]})", R"({"$set":{"a.1":{"q":[]}}})", R"({"a":[1,{"q":[]}]})"},
                   {R"({"a":[1]})", R"({"$set":{"a.3":4}})", R"({"a":[1,null,null,4]})"},
                   {R"({"a":[]})", R"({"$set":{"a.2":4}})", R"({"a":[null,null,4]})"},
                   {R"({"a":[]})", R"({"$set":{"a.1":1,"a.3":3}})", R"({"a":[null,1,null,3]})"},
                   {R"({"a":[{"b":1}]})", R"({"$set":{"a.0.b":2,"a.0.c":3}})", R"({"a":[{"b":2,"c":3}]})"},
                   {R"({})", R"({"$set":{"a.0":1}})", R"({"a":{"0":1}})"},
                   {R"({"a.b":1})", R"({"$set":{"a.b":2}})", R"({"a.b":1,"a":{"b":2}})"},
                   {R"({"a\"b":1})", R"({"$set":{"a\"b":2}})", R"({"a\"b":2})"},
                   {R"({"a":1})", R"({"$set":{}})", R"({"a":1})"},
                   {R"({"a":1})", R"({"$set":{"a":{"$b":1}}})", R"({"a":{"$b":1}})"}});
}

TEST(UpdateFields, SetFailsWhereThePathEndsTooEarly) {
    check_failures({{R"({"a":5})", R"({"$set":{"a.b":1}})", "a.b"},
                    {R"({"a":null})", R"({"$set":{"a.b":1}})", "a.b"},
                    {R"({"a":[1]})", R"({"$set":{"a.b":1}})", "a.b"},
                    {R"({"a":[1]})", R"({"$set":{"a.01":1}})", "a.01"},
                    {R"({"a":[]})", R"({"$set":{"a.1500001":1}})", "1500001"}});
}

TEST(UpdateFields, UnsetTakesMembersOutAndLeavesNullInArrays) {
    check_updates({{R"({"a":1,"b":2})", R"({"$unset":{"a":""}})", R"({"b":2})"},
                   {R"({"a":1})", R"({"$unset":{"b":1,"c.d":1,"a.x":1}})", R"({"a":1})"},
                   {R"({"a":[1,2,3]})", R"({"$unset":{"a.1":1}})", R"({"a":[1,null,3]})"},
                   {R"({"a":[1,2,3]})", R"({"$unset":{"a.9":1,"a.x":1}})", R"({"a":[1,2,3]})"},
                   {R"({"a":{"b":{"c":1}}})", R"({"$unset":{"a.b.c":1}})", R"({"a":{"b":{}}})"}});
}

TEST(UpdateFields, MinAndMaxFollowTheOrderOfValues) {
    check_updates({{R"({"a":5})", R"({"$min":{"a":3}})", R"({"a":3})"},
                   {R"({"a":5})", R"({"$min":{"a":7}})", R"({"a":5})"},
                   {R"({"a":5})", R"({"$max":{"a":7}})", R"({"a":7})"},
                   {R"({"a":5})", R"({"$max":{"a":5.0}})", R"({"a":5})"},
                   {R"({"a":5})", R"({"$max":{"a":"x"}})", R"({"a":"x"})"},
                   {R"({"a":5})", R"({"$min":{"a":null}})", R"({"a":null})"},
                   {R"({})", R"({"$min":{"a.b":1}})", R"({"a":{"b":1}})"}});
}

TEST(UpdateFields, CurrentDateIsATimeAsText) {
    check_updates({{R"({})", R"({"$currentDate":{"a":true}})", R"({"a":"2026-01-31T12:00:00.000Z"})"},
                   {R"({"a":1})", R"({"$currentDate":{"a":{"$type":"date"},"b":{"$type":"timestamp"}}})",
                    R"({"a":"2026-01-31T12:00:00.000Z","b":"2026-01-31T12:00:00.000Z"})"}});
    check_failures({{"{}", R"({"$currentDate":{"a":1}})", "a"},
                    {"{}", R"({"$currentDate":{"a":{}}})", "a"},
                    {"{}", R"({"$currentDate":{"a":{"$type":"dates"}}})", "a"},
                    {"{}", R"({"$currentDate":{"a":{"$type":"date","x":1}}})", "a"}});
}

TEST(UpdateFields, RenameMovesAValue) {
    check_updates({{R"({"a":1,"b":2})", R"({"$rename":{"a":"c"}})", R"({"b":2,"c":1})"},
                   {R"({"a":1,"b":2})", R"({"$rename":{"a":"b"}})", R"({"b":1})"},
                   {R"({"a":{"x":1}})", R"({"$rename":{"a.x":"b.y.z"}})", R"({"a":{},"b":{"y":{"z":1}}})"},
                   {R"({"b":2})", R"({"$rename":{"a":"b.c"}})", R"({"b":2})"},
                   {R"({"b":2})", R"({"$rename":{"a":"c.d"}})", R"({"b":2})"},
                   {R"({"$a":1,"b":2})", R"({"$rename":{"$a":"a"}})", R"({"b":2,"a":1})"},
                   {R"({"a":[1],"b":2})", R"({"$rename":{"a":"c"}})", R"({"b":2,"c":[1]})"},
                   {R"({"a":[{"x":1}]})", R"({"$rename":{"a.x":"b"}})", R"({"a":[{"x":1}]})"}});
    check_failures({{R"({"a":[1]})", R"({"$rename":{"a.0":"b"}})", "b"},
                    {R"({"a":1,"b":[2]})", R"({"$rename":{"a":"b.0"}})", "b.0"},
                    {R"({"a":1,"b":2})", R"({"$rename":{"a":"b.c"}})", "b.c"},
                    {"{}", R"({"$rename":{"a":"a"}})", "a"},
                    {"{}", R"({"$rename":{"a":"a.b"}})", "a.b"},
                    {"{}", R"({"$rename":{"a":5}})", "a"},
                    {"{}", R"({"$rename":{"a.$[]":"b"}})", "a.$[]"},
                    {"{}", R"({"$rename":{"a":""}})", ""}});
    check_failures({{"{}", R"({"$rename":{"a":"id"}})", "id"}}, ErrorCode::IMMUTABLE_FIELD);
}

TEST(UpdateFields, SetOnInsertDoesNothingToARecordThatIsThere) {
    check_updates({{R"({"a":1})", R"({"$setOnInsert":{"a":2,"a2.b":3}})", R"({"a":1})"},
                   {R"({"a":1})", R"({"$setOnInsert":{"a.b":2}})", R"({"a":1})"}});
    const Result<std::string> inserted =
        try_apply({R"({"a":1})", R"({"$setOnInsert":{"b":2,"id":"x"},"$set":{"c":3}})", ""}, true);
    EXPECT_EQ(*inserted, R"({"a":1,"b":2,"c":3,"id":"x"})");
}

TEST(UpdateFields, NumbersKeepTheirKindAndMustFit) {
    check_updates({{R"({"a":1})", R"({"$inc":{"a":2}})", R"({"a":3})"},
                   {R"({"a":1})", R"({"$inc":{"a":0.5}})", R"({"a":1.5})"},
                   {R"({"a":1.5})", R"({"$inc":{"a":1}})", R"({"a":2.5})"},
                   {R"({"a":2147483647})", R"({"$inc":{"a":1}})", R"({"a":2147483648})"},
                   {R"({})", R"({"$inc":{"a.b":-4}})", R"({"a":{"b":-4}})"},
                   {R"({"a":3})", R"({"$mul":{"a":4}})", R"({"a":12})"},
                   {R"({"a":3})", R"({"$mul":{"a":4.0}})", R"({"a":12.0})"},
                   {R"({})", R"({"$mul":{"a":4,"b":4.0}})", R"({"a":0,"b":0.0})"},
                   {R"({"a":[10,20]})", R"({"$mul":{"a.3":2}})", R"({"a":[10,20,null,0]})"},
                   {R"({"a":13})", R"({"$bit":{"a":{"and":10}}})", R"({"a":8})"},
                   {R"({"a":3})", R"({"$bit":{"a":{"or":4,"xor":1}}})", R"({"a":6})"},
                   {R"({})", R"({"$bit":{"a":{"xor":10}}})", R"({"a":10})"}});
    check_failures({{R"({"a":9223372036854775807})", R"({"$inc":{"a":1}})", "a"},
                    {R"({"a":-9223372036854775808})", R"({"$mul":{"a":-1}})", "a"},
                    {R"({"a":1e308})", R"({"$mul":{"a":10}})", "a"},
                    {R"({"a":"x"})", R"({"$inc":{"a":1}})", "a"},
                    {R"({"a":null})", R"({"$inc":{"a":1}})", "a"},
                    {R"({})", R"({"$inc":{"a":"1"}})", "a"},
                    {R"({"a":1.0})", R"({"$bit":{"a":{"and":1}}})", "a"},
                    {R"({})", R"({"$bit":{"a":{"and":1.0}}})", "a"},
                    {R"({})", R"({"$bit":{"a":{"nand":1}}})", "a"},
                    {R"({})", R"({"$bit":{"a":{}}})", "a"}});
}

}  // namespace
}  // namespace credvault::query
