#include <gtest/gtest.h>

#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

constexpr std::string_view record =
    R"({"d":"2024-06-15T22:30:45.678+00:00","b":true,"n":null,"o":{"a":1},"z":"Asia/Tokyo"})";

TEST(DateOperators, Parts) {
    check(Values{
        {R"({"$year":"$d"})", record, "2024"},
        {R"({"$month":"$d"})", record, "6"},
        {R"({"$dayOfMonth":"$d"})", record, "15"},
        {R"({"$hour":["$d"]})", record, "22"},
        {R"({"$minute":{"date":"$d"}})", record, "30"},
        {R"({"$second":"$d"})", record, "45"},
        {R"({"$millisecond":"$d"})", record, "678"},
        {R"({"$dayOfWeek":"$d"})", record, "7"},
        {R"({"$dayOfYear":"$d"})", record, "167"},
        {R"({"$week":"$d"})", record, "23"},
        {R"({"$isoWeek":"$d"})", record, "24"},
        {R"({"$isoWeekYear":"2021-01-03"})", record, "2020"},
        {R"({"$isoDayOfWeek":"$d"})", record, "6"},
        {R"({"$dayOfMonth":{"date":"$d","timezone":"$z"}})", record, "16"},
        {R"({"$hour":{"date":"$d","timezone":"-02:30"}})", record, "20"},
        {R"({"$year":"$$NOW"})", record, "2023"},
        {R"({"$year":"$n"})", record, "null"},
        {R"({"$year":{"date":"$d","timezone":"$missing"}})", record, "null"},
        {R"({"$year":{"date":null,"timezone":"$b"}})", record, "null"},
        {R"({"$hour":{"$dateFromParts":{"year":2024,"hour":7}}})", record, "7"},
    });
    check(Errors{
        {R"({"$year":"$b"})", record, "$year", "must be a date, a string such as"},
        {R"({"$year":"tomorrow"})", record, "$year", "must be a date"},
        {R"({"$year":42})", record, "$year", "not int"},
        {R"({"$year":{"timezone":"UTC"}})", record, "$year", "needs date"},
        {R"({"$year":{}})", record, "$year", "needs date"},
        {R"({"$year":["$d","$d"]})", record, "$year", "exactly 1 argument"},
        {R"({"$year":{"date":"$d","timezone":"Nowhere"}})", record, "$year", "Nowhere"},
        {R"({"$year":{"date":"$d","timezone":"$b"}})", record, "$year", "'timezone' must be a string"},
        {R"({"$year":{"date":"$d","zone":"UTC"}})", record, "$year", "zone"},
    });
}

TEST(DateOperators, AddAndSubtract) {
    check(Values{
        {R"({"$dateAdd":{"startDate":"$d","unit":"month","amount":1}})", record,
         R"("2024-07-15T22:30:45.678Z")"},
        {R"({"$dateSubtract":{"startDate":"$d","unit":"day","amount":15.0}})", record,
         R"("2024-05-31T22:30:45.678Z")"},
        {R"({"$dateAdd":{"startDate":"2026-03-28T11:00:00Z","unit":"day","amount":1,"timezone":"Europe/Berlin"}})",
         record, R"("2026-03-29T10:00:00.000Z")"},
        {R"({"$dateAdd":{"startDate":null,"unit":"day","amount":0}})", record, "null"},
        {R"({"$dateAdd":{"startDate":"$d","unit":"$n","amount":1}})", record, "null"},
        {R"({"$dateAdd":{"startDate":"$d","unit":"day","amount":"$missing"}})", record, "null"},
        {R"({"$dateAdd":{"startDate":"$d","unit":"day","amount":1,"timezone":null}})", record, "null"},
    });
    check(Errors{
        {R"({"$dateAdd":{"startDate":"$b","unit":"day","amount":1}})", record, "$dateAdd",
         "'startDate' must be a date"},
        {R"({"$dateAdd":{"startDate":"$d","unit":"days","amount":1}})", record, "$dateAdd", "'unit' must be"},
        {R"({"$dateAdd":{"startDate":"$d","unit":"day","amount":1.5}})", record, "$dateAdd",
         "'amount' must be"},
        {R"({"$dateSubtract":{"startDate":"$d","unit":"day","amount":-9223372036854775808}})", record,
         "$dateSubtract", "years 0000 to 9999"},
        {R"({"$dateAdd":{"startDate":"$d","unit":"day"}})", record, "$dateAdd", "needs amount"},
    });
}

TEST(DateOperators, DiffAndTrunc) {
    check(Values{
        {R"({"$dateDiff":{"startDate":"2024-06-15","endDate":"$d","unit":"hour"}})", record, "22"},
        {R"({"$dateDiff":{"startDate":"2024-06-09","endDate":"$d","unit":"week","startOfWeek":"Monday"}})",
         record, "1"},
        {R"({"$dateDiff":{"startDate":"$d","endDate":"$d","unit":"day","startOfWeek":7}})", record, "0"},
        {R"({"$dateDiff":{"startDate":"$d","endDate":null,"unit":"day"}})", record, "null"},
        {R"({"$dateTrunc":{"date":"$d","unit":"month"}})", record, R"("2024-06-01T00:00:00.000Z")"},
        {R"({"$dateTrunc":{"date":"$d","unit":"day","timezone":"Asia/Tokyo"}})", record,
         R"("2024-06-15T15:00:00.000Z")"},
        {R"({"$dateTrunc":{"date":"$d","unit":"hour","binSize":6}})", record,
         R"("2024-06-15T18:00:00.000Z")"},
        {R"({"$dateTrunc":{"date":"$d","unit":"week","startOfWeek":"mon"}})", record,
         R"("2024-06-10T00:00:00.000Z")"},
        {R"({"$dateTrunc":{"date":"$d","unit":"week","startOfWeek":null}})", record, "null"},
        {R"({"$dateTrunc":{"date":"$d","unit":"day","binSize":"$n"}})", record, "null"},
    });
    check(Errors{
        {R"({"$dateDiff":{"startDate":"$b","endDate":"$d","unit":"day"}})", record, "$dateDiff",
         "'startDate'"},
        {R"({"$dateDiff":{"startDate":"$d","endDate":"$o","unit":"day"}})", record, "$dateDiff", "'endDate'"},
        {R"({"$dateTrunc":{}})", record, "$dateTrunc", "needs date"},
        {R"({"$dateTrunc":{"date":"$d","unit":"day","binSize":0}})", record, "$dateTrunc",
         "'binSize' must be"},
        {R"({"$dateTrunc":{"date":"$d","unit":"day","binSize":100000000001}})", record, "$dateTrunc",
         "'binSize' must be"},
        {R"({"$dateTrunc":{"date":"$d","unit":"week","startOfWeek":"day"}})", record, "$dateTrunc",
         "'startOfWeek' must be"},
    });
}

TEST(DateOperators, FromParts) {
    check(Values{
        {R"({"$dateFromParts":{"year":2024}})", record, R"("2024-01-01T00:00:00.000Z")"},
        {R"({"$dateFromParts":{"year":2024,"month":14,"day":0,"hour":-1}})", record,
         R"("2025-01-30T23:00:00.000Z")"},
        {R"({"$dateFromParts":{"year":2024,"month":6,"day":15,"hour":12,"timezone":"America/New_York"}})",
         record, R"("2024-06-15T16:00:00.000Z")"},
        {R"({"$dateFromParts":{"isoWeekYear":2020,"isoWeek":53,"isoDayOfWeek":7}})", record,
         R"("2021-01-03T00:00:00.000Z")"},
        {R"({"$dateFromParts":{"year":2024,"second":90061,"millisecond":1500.0}})", record,
         R"("2024-01-02T01:01:02.500Z")"},
        {R"({"$dateFromParts":{"year":"$missing","month":"$b"}})", record, "null"},
        {R"({"$dateFromParts":{"year":2024,"timezone":null}})", record, "null"},
    });
    check(Errors{
        {R"({"$dateFromParts":{"year":0}})", record, "$dateFromParts", "'year' must lie between 1 and 9999"},
        {R"({"$dateFromParts":{"year":2024,"month":32768}})", record, "$dateFromParts",
         "'month' must lie between"},
        {R"({"$dateFromParts":{"year":2024,"hour":false}})", record, "$dateFromParts",
         "'hour' must be a whole number"},
        {R"({"$dateFromParts":{"year":2024,"millisecond":0.5}})", record, "$dateFromParts",
         "'millisecond' must be"},
        {R"({"$dateFromParts":{"year":9999,"month":13}})", record, "$dateFromParts", "years 0000 to 9999"},
        {R"({"$dateFromParts":{"year":2024,"second":315569520000001}})", record, "$dateFromParts",
         "'second' must lie"},
        {R"({"$dateFromParts":{"year":2024,"isoWeek":1}})", record, "$dateFromParts", "not both"},
        {R"({"$dateFromParts":{"month":1}})", record, "$dateFromParts", "needs 'year'"},
        {R"({"$dateFromParts":{"year":2024,"timezone":["UTC"]}})", record, "$dateFromParts",
         "'timezone' must be a string"},
    });
}

TEST(DateOperators, ToParts) {
    check(Values{
        {R"({"$dateToParts":{"date":"$d"}})", record,
         R"({"year":2024,"month":6,"day":15,"hour":22,"minute":30,"second":45,"millisecond":678})"},
        {R"({"$dateToParts":{"date":"$d","iso8601":true,"timezone":"Asia/Tokyo"}})", record,
         R"({"isoWeekYear":2024,"isoWeek":24,"isoDayOfWeek":7,"hour":7,"minute":30,"second":45,"millisecond":678})"},
        {R"({"$dateToParts":{"date":"$n"}})", record, "null"},
        {R"({"$dateToParts":{"date":"$d","iso8601":null}})", record, "null"},
    });
    check(Errors{
        {R"({"$dateToParts":{"date":"$o"}})", record, "$dateToParts", "'date' must be a date"},
        {R"({"$dateToParts":{"date":"$d","iso8601":1}})", record, "$dateToParts", "'iso8601' must be"},
        {R"({"$dateToParts":{"date":null,"timezone":"Nowhere"}})", record, "$dateToParts", "Nowhere"},
    });
}

TEST(DateOperators, ToString) {
    check(Values{
        {R"({"$dateToString":{"date":"$d"}})", record, R"("2024-06-15T22:30:45.678Z")"},
        {R"({"$dateToString":{"date":"$d","timezone":"$z"}})", record, R"("2024-06-16T07:30:45.678")"},
        {R"({"$dateToString":{"date":"$d","format":"%d.%m.%Y %z","timezone":"+0530"}})", record,
         R"("16.06.2024 +0530")"},
        {R"({"$dateToString":{"date":"$d","format":{"$concat":["%","Y"]}}})", record, R"("2024")"},
        {R"({"$dateToString":{"date":"$n","onNull":false}})", record, "false"},
        {R"({"$dateToString":{"date":"$missing"}})", record, "null"},
        {R"({"$dateToString":{"date":"$d","format":"$n"}})", record, "null"},
        {R"({"$dateToString":{"date":"$d","timezone":null,"onNull":1}})", record, "null"},
        {R"({"$dateToString":{"date":"$d","format":"%Y","onNull":{"$divide":[1,0]}}})", record, R"("2024")"},
    });
    check(Errors{
        {R"({"$dateToString":{"format":"%Y"}})", record, "$dateToString", "needs date"},
        {R"({"$dateToString":123})", record, "$dateToString", ""},
        {R"({"$dateToString":{"date":"$b"}})", record, "$dateToString", "'date' must be a date"},
        {R"({"$dateToString":{"date":null,"format":"%q"}})", record, "$dateToString", "unknown specifier"},
        {R"({"$dateToString":{"date":"$d","format":"$b"}})", record, "$dateToString",
         "'format' must be a string"},
        {R"({"$dateToString":{"date":"$n","timezone":"$b"}})", record, "$dateToString",
         "'timezone' must be a string"},
    });
}

TEST(DateOperators, FromString) {
    check(Values{
        {R"({"$dateFromString":{"dateString":"2024-06-15"}})", record, R"("2024-06-15T00:00:00.000Z")"},
        {R"({"$dateFromString":{"dateString":"2024-06-15T12:00","timezone":"Asia/Tokyo"}})", record,
         R"("2024-06-15T03:00:00.000Z")"},
        {R"({"$dateFromString":{"dateString":"2024-06-15T12:00Z","timezone":"UTC"}})", record,
         R"("2024-06-15T12:00:00.000Z")"},
        {R"({"$dateFromString":{"dateString":"15/6/2024","format":"%d/%m/%Y"}})", record,
         R"("2024-06-15T00:00:00.000Z")"},
        {R"({"$dateFromString":{"dateString":"x","onError":"$d"}})", record,
         R"("2024-06-15T22:30:45.678+00:00")"},
        {R"({"$dateFromString":{"dateString":"$b","onError":1}})", record, "1"},
        {R"({"$dateFromString":{"dateString":"$n","onNull":2}})", record, "2"},
        {R"({"$dateFromString":{"dateString":"$n"}})", record, "null"},
        {R"({"$dateFromString":{"dateString":"2024-06-15","format":"$missing"}})", record, "null"},
        {R"({"$dateFromString":{"dateString":"2024-06-15","onError":{"$divide":[1,0]}}})", record,
         R"("2024-06-15T00:00:00.000Z")"},
    });
    check(Errors{
        {R"({"$dateFromString":{"dateString":"x"}})", record, "$dateFromString", "no date"},
        {R"({"$dateFromString":{"dateString":"$b"}})", record, "$dateFromString",
         "'dateString' must be a string, not bool"},
        {R"({"$dateFromString":{"dateString":"2024-W24-6","format":"%G-W%V-%w"}})", record, "$dateFromString",
         "unknown spec"},
        {R"({"$dateFromString":{"dateString":"2024-06-15","timezone":"+100:00"}})", record, "$dateFromString",
         "+100:00"},
        {R"({"$dateFromString":{"dateString":"2024-06-15T00:00Z","timezone":"Asia/Tokyo"}})", record,
         "$dateFromString", "names its time zone"},
        {R"({"$dateFromString":{"dateString":"x","format":"$o","onError":1}})", record, "$dateFromString",
         "'format' must be"},
        {R"({"$dateFromString":{}})", record, "$dateFromString", "needs dateString"},
    });
}

TEST(DateOperators, SumsAndDifferences) {
    check(Values{
        {R"({"$add":["$d",1000]})", record, R"("2024-06-15T22:30:46.678Z")"},
        {R"({"$add":[0.6,"$d",-1]})", record, R"("2024-06-15T22:30:45.678Z")"},
        {R"({"$subtract":["$d",678]})", record, R"("2024-06-15T22:30:45.000Z")"},
        {R"({"$subtract":["$d","2024-06-15T23:30:45.678+02:00"]})", record, "3600000"},
        {R"({"$subtract":[{"$add":["$$NOW",1000]},"$$NOW"]})", record, "1000"},
        {R"({"$add":["$d",null]})", record, "null"},
    });
    check(Errors{
        {R"({"$add":["$d","$d"]})", record, "$add", "one date only"},
        {R"({"$add":["2024-06-15",1]})", record, "$add", "not string"},
        {R"({"$add":["$d",9e15]})", record, "$add", "years 0000 to 9999"},
        {R"({"$subtract":["$d",-9223372036854775808]})", record, "$subtract", "years 0000 to 9999"},
        {R"({"$subtract":["$d","x"]})", record, "$subtract", "from a date, not string"},
        {R"({"$subtract":[1,"$d"]})", record, "$subtract", "not string"},
        {R"({"$multiply":["$d",2]})", record, "$multiply", "not string"},
    });
}

}  // namespace
}  // namespace credvault::query
