#include <gtest/gtest.h>

#include "query/expression/expression_testing.h"

namespace credvault::query {
namespace {

using Values = std::vector<ValueCase>;
using Errors = std::vector<ErrorCase>;

TEST(ConversionOperators, Type) {
    check(Values{
        {R"({"$type":"$a"})", "{}", R"("missing")"},
        {R"({"$type":null})", "{}", R"("null")"},
        {R"({"$type":true})", "{}", R"("bool")"},
        {R"({"$type":2147483647})", "{}", R"("int")"},
        {R"({"$type":2147483648})", "{}", R"("long")"},
        {R"({"$type":1.0})", "{}", R"("double")"},
        {R"({"$type":"a"})", "{}", R"("string")"},
        {R"({"$type":"$a"})", R"({"a":{}})", R"("object")"},
        {R"({"$type":"$a.b"})", R"({"a":[{"b":1}]})", R"("array")"},
        {R"({"$isNumber":"$a"})", R"({"a":1.5})", "true"},
        {R"({"$isNumber":"$a"})", R"({"a":"1"})", "false"},
        {R"({"$isNumber":"$a"})", "{}", "false"},
    });
}

TEST(ConversionOperators, ToBool) {
    check(Values{
        {R"({"$toBool":0})", "{}", "false"},
        {R"({"$toBool":-0.0})", "{}", "false"},
        {R"({"$toBool":0.1})", "{}", "true"},
        {R"({"$toBool":"false"})", "{}", "true"},
        {R"({"$toBool":"$a"})", R"({"a":[]})", "true"},
        {R"({"$toBool":"$a"})", R"({"a":{}})", "true"},
        {R"({"$toBool":"$a"})", "{}", "null"},
    });
    check(Errors{{R"({"$toBool":[0,1]})", "{}", "$toBool", "exactly 1 argument"}});
}

TEST(ConversionOperators, ToWholeNumbers) {
    check(Values{
        {R"({"$toInt":"-0042"})", "{}", "-42"},
        {R"({"$toInt":2147483647.9})", "{}", "2147483647"},
        {R"({"$toInt":-0.5})", "{}", "0"},
        {R"({"$toInt":true})", "{}", "1"},
        {R"({"$toLong":-9.223372036854776e18})", "{}", "-9223372036854775808"},
        {R"({"$toLong":"9223372036854775807"})", "{}", "9223372036854775807"},
        {R"({"$toLong":"2026-01-01T00:00:00Z"})", "{}", "1767225600000"},
        {R"({"$toLong":null})", "{}", "null"},
        {R"({"$toInt":"$a"})", "{}", "null"},
    });
    check(Errors{
        {R"({"$toInt":2147483648})", "{}", "$toInt", "outside the range of int"},
        {R"({"$toInt":"2147483648"})", "{}", "$toInt", "outside the range of int"},
        {R"({"$toInt":"1.0"})", "{}", "$toInt", "no whole number of base 10"},
        {R"({"$toInt":"2026-01-01T00:00:00Z"})", "{}", "$toInt", "use $toLong"},
        {R"({"$toLong":9.3e18})", "{}", "$toLong", "outside the range of long"},
        {R"({"$toLong":" 1"})", "{}", "$toLong", "no whole number"},
        {R"({"$toLong":"$a"})", R"({"a":[1]})", "$toLong", "from array to long"},
    });
}

TEST(ConversionOperators, ToReals) {
    check(Values{
        {R"({"$toDouble":true})", "{}", "1.0"},
        {R"({"$toDouble":-1})", "{}", "-1.0"},
        {R"({"$toDouble":"+0x1p1"})", "{}", "2.0"},
        {R"({"$toDouble":"2026-01-01T00:00:00Z"})", "{}", "1767225600000.0"},
        {R"({"$toDecimal":"12"})", "{}", "12"},
        {R"({"$toDecimal":"12.50"})", "{}", "12.5"},
        {R"({"$toDecimal":3})", "{}", "3"},
        {R"({"$toDecimal":false})", "{}", "0"},
    });
    check(Errors{
        {R"({"$toDouble":"NaN"})", "{}", "$toDouble", "no finite number"},
        {R"({"$toDouble":"1 "})", "{}", "$toDouble", "no finite number"},
        {R"({"$toDouble":"$a"})", R"({"a":{}})", "$toDouble", "from object to double"},
        {R"({"$toDecimal":"0x1"})", "{}", "$toDecimal", "no decimal number"},
        {R"({"$toDecimal":"-"})", "{}", "$toDecimal", "no finite number"},
    });
}

TEST(ConversionOperators, ToText) {
    check(Values{
        {R"({"$toString":42})", "{}", R"("42")"},
        {R"({"$toString":-3.0})", "{}", R"("-3")"},
        {R"({"$toString":1e16})", "{}", R"("1e+16")"},
        {R"({"$toString":true})", "{}", R"("true")"},
        {R"({"$toString":"a"})", "{}", R"("a")"},
        {R"({"$toObjectId":"507F1f77bcf86cd799439011"})", "{}", R"("507f1f77bcf86cd799439011")"},
        {R"({"$toUUID":"12345678-9ABC-4def-8123-456789abcdef"})", "{}",
         R"("12345678-9abc-4def-8123-456789abcdef")"},
        {R"({"$binarySize":"$a"})", R"({"a":"h\u00e9"})", "3"},
        {R"({"$bsonSize":"$a"})", R"({"a":{"b":[1,2]}})", "11"},
        {R"({"$bsonSize":{"b":"$a"}})", R"({"a":"x"})", "9"},
        {R"({"$bsonSize":"$b"})", R"({"a":"x"})", "null"},
        {R"({"$toDate":"2026-02-08 12:10 +0100"})", "{}", R"("2026-02-08T11:10:00.000Z")"},
        {R"({"$toDate":1767225600000})", "{}", R"("2026-01-01T00:00:00.000Z")"},
        {R"({"$toDate":-1.5})", "{}", R"("1969-12-31T23:59:59.999Z")"},
    });
    check(Errors{
        {R"({"$toString":{"$literal":[1]}})", "{}", "$toString", "from array to string"},
        {R"({"$toObjectId":"507f"})", "{}", "$toObjectId", "24 hexadecimal digits"},
        {R"({"$toObjectId":1})", "{}", "$toObjectId", "from int to objectId"},
        {R"({"$toUUID":"123456789abc4def8123456789abcdef"})", "{}", "$toUUID", "a UUID is a string"},
        {R"({"$toUUID":"g2345678-9abc-4def-8123-456789abcdef"})", "{}", "$toUUID", "a UUID is a string"},
        {R"({"$binarySize":1})", "{}", "$binarySize", "must be a string, not int"},
        {R"({"$bsonSize":"x"})", "{}", "$bsonSize", "must be an object"},
        {R"({"$toDate":"Friday"})", "{}", "$toDate", "no date"},
        {R"({"$toDate":86400000})", "{}", "$toDate", "long or a double"},
        {R"({"$toDate":253402300800000})", "{}", "$toDate", "years 0000 to 9999"},
        {R"({"$toDate":true})", "{}", "$toDate", "from bool to date"},
    });
}

TEST(ConversionOperators, Convert) {
    check(Values{
        {R"({"$convert":{"input":"ff","to":"int","base":16}})", "{}", "255"},
        {R"({"$convert":{"input":255,"to":"string","base":16}})", "{}", R"("FF")"},
        {R"({"$convert":{"input":5.0,"to":"string","base":2}})", "{}", R"("101")"},
        {R"({"$convert":{"input":"1","to":16}})", "{}", "1"},
        {R"({"$convert":{"input":"1","to":{"type":"int"}}})", "{}", "1"},
        {R"({"$convert":{"input":"x","to":"int","onError":{"$add":[1,2]}}})", "{}", "3"},
        {R"({"$convert":{"input":"1","to":"int","onError":{"$divide":[1,0]}}})", "{}", "1"},
        {R"({"$convert":{"input":"1","to":"int","onNull":{"$divide":[1,0]}}})", "{}", "1"},
        {R"({"$convert":{"input":null,"to":"symbol","onNull":"none"}})", "{}", R"("none")"},
        {R"({"$convert":{"input":"$a","to":"array"}})", "{}", "null"},
        {R"({"$convert":{"input":"$a","to":"string","format":"nonsense","byteOrder":1}})", "{}", "null"},
        {R"({"$convert":{"input":"a","to":null,"byteOrder":1}})", "{}", "null"},
        {R"({"$convert":{"input":"a","to":"binData","onError":"none"}})", "{}", R"("none")"},
        {R"({"$convert":{"input":"$a","to":"double","onError":null}})", R"({"a":[]})", "null"},
    });
    check(Errors{
        {R"({"$convert":{"input":1}})", "{}", "$convert", "needs to"},
        {R"({"$convert":{"Input":1,"to":"int"}})", "{}", "$convert", "Input"},
        {R"({"$convert":{"input":1,"to":"integer"}})", "{}", "$convert", "type's name"},
        {R"({"$convert":{"input":1,"to":99}})", "{}", "$convert", "type's name"},
        {R"({"$convert":{"input":1,"to":0}})", "{}", "$convert", "no conversion"},
        {R"({"$convert":{"input":1,"to":{"type":[]}}})", "{}", "$convert", "type's name"},
        {R"({"$convert":{"input":1,"to":"binData"}})", "{}", "$convert", "no conversion"},
        {R"({"$convert":{"input":1,"to":"string","format":"nonsense"}})", "{}", "$convert",
         "'format' must be"},
        {R"({"$convert":{"input":1,"to":"string","byteOrder":1}})", "{}", "$convert", "'byteOrder' must be"},
        {R"({"$convert":{"input":"1","to":"int","base":7}})", "{}", "$convert", "'base' must be"},
        {R"({"$convert":{"input":1.5,"to":"string","base":2}})", "{}", "$convert", "with a fraction"},
    });
}

}  // namespace
}  // namespace credvault::query
