#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/filter_testing.h"
#include "query/pattern.h"

namespace credvault::query {
namespace {

struct ErrorCase {
    std::string_view filter;
    std::string_view field;
    std::string_view message;  ///< A part of it.
    ErrorCode code = ErrorCode::INVALID_FILTER;
};

/// Expects each filter to be refused with this field, message and code.
void check_errors(const std::vector<ErrorCase>& cases) {
    for (const ErrorCase& one : cases) {
        const Result<Filter> filter = try_filter(one.filter);
        ASSERT_FALSE(filter.ok()) << one.filter;
        EXPECT_EQ(filter.error().field, one.field) << one.filter;
        EXPECT_EQ(error_name(filter.error().code), error_name(one.code)) << one.filter;
        EXPECT_NE(filter.error().message.find(one.message), std::string::npos)
            << one.filter << ": " << filter.error().message;
    }
}

TEST(FilterError, FilterMustBeAnObject) {
    check_errors({
        {R"([])", "filter", "must be an object"},
        {R"("x")", "filter", "must be an object"},
        {R"(null)", "filter", "must be an object"},
    });
}

TEST(FilterError, UnknownOperatorsNameThemselves) {
    constexpr ErrorCode unsupported = ErrorCode::UNSUPPORTED_OPERATOR;
    check_errors({
        {R"({"$foo":1})", "$foo", "Unknown operator '$foo'", unsupported},
        {R"({"$":1})", "$", "Unknown operator '$'", unsupported},
        {R"({"a":{"$foo":1}})", "a.$foo", "Unknown operator '$foo'", unsupported},
        {R"({"a":{"$not":{"$foo":1}}})", "a.$not.$foo", "Unknown operator '$foo'", unsupported},
        {R"({"a":{"$elemMatch":{"$foo":1}}})", "a.$elemMatch.$foo", "Unknown operator", unsupported},
        {R"({"a":{"$elemMatch":{"b":{"$foo":1}}}})", "a.$elemMatch.b.$foo", "Unknown operator", unsupported},
        {R"({"$or":[{"a":1},{"b":{"$foo":1}}]})", "$or.1.b.$foo", "Unknown operator", unsupported},
        {R"({"a":{"$and":[]}})", "a.$and", "can't be applied to a field", unsupported},
        {R"({"a":{"$comment":"x"}})", "a.$comment", "can't be applied to a field", unsupported},
        {R"({"$not":{"a":1}})", "$not", "use $nor", unsupported},
        {R"({"$gt":1})", "$gt", "needs a field", unsupported},
        {R"({"$text":{"$search":"x"}})", "$text", "needs a text index"},
        {R"({"$nor":[{"$text":{"$search":"x"}}]})", "$nor.0.$text", "within $nor"},
        {R"({"a":{"$elemMatch":{"b":1,"$text":{"$search":"x"}}}})", "a.$elemMatch.$text",
         "within $elemMatch"},
        {R"({"$or":[{"a":{"$near":[0,0]}}]})", "$or.0.a.$near", "within $or"},
        {R"({"a":{"$near":[0,0],"$not":{"$near":[1,1]}}})", "a.$not.$near", "within $or"},
        {R"({"$near":[0,0]})", "$near", "needs a field", unsupported},
        {R"({"$where":"1"})", "$where", "Unknown operator", unsupported},
    });
}

TEST(FilterError, JoinsNeedFilters) {
    check_errors({
        {R"({"$and":[]})", "$and", "non-empty array"},
        {R"({"$or":{}})", "$or", "non-empty array"},
        {R"({"$nor":true})", "$nor", "non-empty array"},
        {R"({"$and":[null,{"a":1}]})", "$and.0", "must be a filter"},
        {R"({"$or":[{"a":1},5]})", "$or.1", "must be a filter"},
        {R"({"a":{"$gt":1,"b":2}})", "a.b", "can't be mixed"},
    });
}

TEST(FilterError, ListsAndNestedFilters) {
    check_errors({
        {R"({"a":{"$not":5}})", "a.$not", "object of operators"},
        {R"({"a":{"$not":{}}})", "a.$not", "object of operators"},
        {R"({"a":{"$not":[]}})", "a.$not", "object of operators"},
        {R"({"a":{"$not":{"b":1}}})", "a.$not.b", "can't be mixed"},
        {R"({"a":{"$in":1}})", "a.$in", "needs an array"},
        {R"({"a":{"$nin":{}}})", "a.$nin", "needs an array"},
        {R"({"a":{"$in":[1,{"$gt":1}]}})", "a.$in.1", "can't hold operators"},
        {R"({"a":{"$nin":[{"$regex":"x"}]}})", "a.$nin.0", "can't hold operators"},
        {R"({"a":{"$all":1}})", "a.$all", "needs an array"},
        {R"({"a":{"$all":[{"$gt":1}]}})", "a.$all.0", "the only operator is $elemMatch"},
        {R"({"a":{"$all":[1,{"$elemMatch":{}}]}})", "a.$all.1", "the only operator is $elemMatch"},
        {R"({"a":{"$all":[{"$elemMatch":{}},1]}})", "a.$all.1", "either every entry"},
        {R"({"a":{"$all":[{"$elemMatch":5}]}})", "a.$all.0.$elemMatch", "needs an object"},
        {R"({"a":{"$elemMatch":[1]}})", "a.$elemMatch", "needs an object"},
        {R"({"a":{"$elemMatch":null}})", "a.$elemMatch", "needs an object"},
    });
}

TEST(FilterError, ArgumentsOfElementOperators) {
    check_errors({
        {R"({"a":{"$size":-1}})", "a.$size", "integer from 0"},
        {R"({"a":{"$size":1.5}})", "a.$size", "integer from 0"},
        {R"({"a":{"$size":2147483648}})", "a.$size", "integer from 0"},
        {R"({"a":{"$size":"1"}})", "a.$size", "integer from 0"},
        {R"({"a":{"$size":{"$gt":1}}})", "a.$size", "integer from 0"},
        {R"({"a":{"$type":"text"}})", "a.$type", "Unknown type 'text'"},
        {R"({"a":{"$type":" double"}})", "a.$type", "Unknown type"},
        {R"({"a":{"$type":0}})", "a.$type", "type numbers"},
        {R"({"a":{"$type":20}})", "a.$type", "type numbers"},
        {R"({"a":{"$type":2.5}})", "a.$type", "type numbers"},
        {R"({"a":{"$type":null}})", "a.$type", "type numbers"},
        {R"({"a":{"$type":[]}})", "a.$type", "at least one type"},
        {R"({"a":{"$type":["int",[]]}})", "a.$type", "type numbers"},
        {R"({"a":{"$mod":4}})", "a.$mod", "[divisor, remainder]"},
        {R"({"a":{"$mod":[4]}})", "a.$mod", "[divisor, remainder]"},
        {R"({"a":{"$mod":[4,0,1]}})", "a.$mod", "[divisor, remainder]"},
        {R"({"a":{"$mod":[0,1]}})", "a.$mod", "must not be 0"},
        {R"({"a":{"$mod":[-0.5,1]}})", "a.$mod", "must not be 0"},
        {R"({"a":{"$mod":["4",0]}})", "a.$mod", "64-bit integers"},
        {R"({"a":{"$mod":[4,null]}})", "a.$mod", "64-bit integers"},
        {R"({"a":{"$mod":[1e30,0]}})", "a.$mod", "64-bit integers"},
        {R"({"a":{"$bitsAllSet":-1}})", "a.$bitsAllSet", "bit mask"},
        {R"({"a":{"$bitsAllSet":1.5}})", "a.$bitsAllSet", "bit mask"},
        {R"({"a":{"$bitsAnySet":9223372036854775808}})", "a.$bitsAnySet", "bit mask"},
        {R"({"a":{"$bitsAnyClear":null}})", "a.$bitsAnyClear", "bit mask"},
        {R"({"a":{"$bitsAllClear":[-1]}})", "a.$bitsAllClear", "bit position"},
        {R"({"a":{"$bitsAllClear":[0,"1"]}})", "a.$bitsAllClear", "bit position"},
        {R"({"a":{"$bitsAnyClear":[0.5]}})", "a.$bitsAnyClear", "bit position"},
        {R"({"a":{"$bitsAnyClear":[2147483648]}})", "a.$bitsAnyClear", "bit position"},
    });
}

TEST(FilterError, RegularExpressions) {
    check_errors({
        {R"({"a":{"$regex":1}})", "a.$regex", "needs a string"},
        {R"({"a":{"$regex":"x","$options":1}})", "a.$regex", "$options needs a string"},
        {R"({"a":{"$regex":"x","$options":"1"}})", "a.$options", "known are i, m, s, x"},
        {R"({"a":{"$options":"i"}})", "a.$options", "belongs to a $regex"},
        {R"({"a":{"$regex":"("}})", "a.$regex", "not valid"},
        {R"({"a":{"$regex":"(?=b)a"}})", "a.$regex", "look-ahead"},
    });
}

std::string repeated(std::string_view text, int times, std::string_view separator = "") {
    std::string all;
    for (int i = 0; i < times; ++i) all += (i ? std::string(separator) : "") + std::string(text);
    return all;
}

TEST(FilterError, LimitsHoldAtTheirEdge) {
    FilterLimits limits;
    limits.max_depth = 4;
    EXPECT_TRUE(try_filter(R"({"a":{"$not":{"$not":{"$gt":1}}}})", limits).ok());
    EXPECT_FALSE(try_filter(R"({"a":{"$not":{"$not":{"$not":{"$gt":1}}}}})", limits).ok());

    limits = {};
    limits.max_nodes = 6;
    EXPECT_TRUE(try_filter(R"({"$or":[)" + repeated(R"({"a":1})", 3, ",") + "]}", limits).ok());
    EXPECT_FALSE(try_filter(R"({"$or":[)" + repeated(R"({"a":1})", 4, ",") + "]}", limits).ok());

    limits = {};
    limits.max_values = 3;
    EXPECT_TRUE(try_filter(R"({"a":{"$in":[1,2]},"b":{"$all":[3]}})", limits).ok());
    EXPECT_FALSE(try_filter(R"({"a":{"$in":[1,2]},"b":{"$all":[3,4]}})", limits).ok());

    limits = {};
    limits.max_patterns = 2;
    const std::string pattern = R"({"a":{"$regex":"x"}})";
    EXPECT_TRUE(try_filter(R"({"$or":[)" + repeated(pattern, 2, ",") + "]}", limits).ok());
    EXPECT_FALSE(try_filter(R"({"$or":[)" + repeated(pattern, 3, ",") + "]}", limits).ok());

    limits = {};
    limits.max_pattern_program = Pattern::compile("abc", "").value()->program_size();
    EXPECT_TRUE(try_filter(R"({"a":{"$regex":"abc"}})", limits).ok());
    EXPECT_FALSE(try_filter(R"({"a":{"$regex":"abcd"}})", limits).ok());

    limits = {};
    limits.max_bytes = 7;
    EXPECT_TRUE(try_filter(R"({"a":1})", limits).ok());
    EXPECT_FALSE(try_filter(R"({"a":12})", limits).ok());
}

TEST(FilterError, PathsAreBounded) {
    const std::string hundred = repeated("a", 100, ".");
    EXPECT_TRUE(try_filter(R"({")" + hundred + R"(":1})").ok());
    const Result<Filter> longer = try_filter(R"({")" + hundred + R"(.a":1})");
    ASSERT_FALSE(longer.ok());
    EXPECT_NE(longer.error().message.find("at most 100 parts"), std::string::npos);
    EXPECT_EQ(longer.error().field, shown_name(hundred + ".a"));
}

TEST(FilterError, LongPathsUnderManyValuesAreRefused) {
    const std::string name(100'000, 'n');
    const std::string values = repeated("1", 1'000, ",");
    EXPECT_TRUE(try_filter(R"({")" + name + R"(":1})").ok());
    const Result<Filter> filter = try_filter(R"({")" + name + R"(":{"$all":[)" + values + "]}}");
    ASSERT_FALSE(filter.ok());
    EXPECT_LT(filter.error().field.size(), 300U);
}

}  // namespace
}  // namespace credvault::query
