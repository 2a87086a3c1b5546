#include "query/projection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/filter_testing.h"

namespace credvault::query {
namespace {

Result<Projection> try_projection(std::string_view text, const Filter& filter) {
    const std::string document = canonical(text);
    return parse_projection(json::View(document), filter);
}

/// The record as projected, or the error's message.
std::string projected(std::string_view projection_text, std::string_view record_text,
                      std::string_view filter_text = "{}") {
    const Filter filter = filter_of(filter_text);
    const Result<Projection> projection = try_projection(projection_text, filter);
    if (!projection.ok()) return "refused: " + projection.error().message;
    const std::string record = canonical(record_text);
    std::string out = "before";
    const Status status = projection->append(out, json::View(record), filter);
    EXPECT_TRUE(out.starts_with("before"));
    return status.ok() ? out.substr(6) : "failed: " + status.error().message + out.substr(6);
}

struct ProjectionCase {
    std::string_view projection;
    std::string_view record;
    std::string_view expected;
};

void check_projections(const std::vector<ProjectionCase>& cases) {
    for (const ProjectionCase& one : cases) {
        EXPECT_EQ(projected(one.projection, one.record), one.expected)
            << one.projection << " of " << one.record;
    }
}

constexpr std::string_view record =
    R"({"id":"r1","_version":1,"_id":7,"a":1,"b":{"c":2,"d":3},"e":[{"f":1,"g":2},5,[{"f":3}],{"g":4}]})";

TEST(Projection, IncludesFields) {
    check_projections({
        {R"({})", record, record},
        {R"({"a":1})", record, R"({"id":"r1","a":1})"},
        {R"({"b":true,"a":2.5})", record, R"({"id":"r1","a":1,"b":{"c":2,"d":3}})"},
        {R"({"a":1,"id":0})", record, R"({"a":1})"},
        {R"({"a":1,"_id":0})", record, R"({"id":"r1","a":1})"},
        {R"({"a":1,"_id":1,"id":1})", record, R"({"id":"r1","_id":7,"a":1})"},
        {R"({"_id":1})", record, R"({"id":"r1","_id":7})"},
        {R"({"id":1})", record, R"({"id":"r1"})"},
        {R"({"_version":1})", record, R"({"id":"r1","_version":1})"},
        {R"({"absent":1})", record, R"({"id":"r1"})"},
        {R"({"b.c":1})", record, R"({"id":"r1","b":{"c":2}})"},
        {R"({"b":{"d":1}})", record, R"({"id":"r1","b":{"d":3}})"},
        {R"({"b.absent":1})", record, R"({"id":"r1","b":{}})"},
        {R"({"a.x":1})", record, R"({"id":"r1"})"},
        {R"({"e.f":1})", record, R"({"id":"r1","e":[{"f":1},[{"f":3}],{}]})"},
        {R"({"e.0":1})", record, R"({"id":"r1","e":[{},[{}],{}]})"},
        {R"({"x":1})", R"({"x":{"id":1}})", R"({"x":{"id":1}})"},
        {R"({"é\"":1})", R"({"é\"":1,"e":2})", R"({"é\"":1})"},
    });
}

TEST(Projection, ExcludesFields) {
    check_projections({
        {R"({"b":0,"e":false})", record, R"({"id":"r1","_version":1,"_id":7,"a":1})"},
        {R"({"id":0})", R"({"id":"r1","a":1})", R"({"a":1})"},
        {R"({"_id":0})", R"({"id":"r1","_id":1})", R"({"id":"r1"})"},
        {R"({"a":0,"id":1,"_id":1})", R"({"id":"r1","_id":1,"a":1})", R"({"id":"r1","_id":1})"},
        {R"({"b.c":0})", R"({"b":{"c":2,"d":3}})", R"({"b":{"d":3}})"},
        {R"({"b":{"c":0,"d":0}})", R"({"b":{"c":2,"d":3}})", R"({"b":{}})"},
        {R"({"e.f":0})", R"({"e":[{"f":1,"g":2},5,[{"f":3}]]})", R"({"e":[{"g":2},5,[{}]]})"},
        {R"({"a.x":0})", R"({"a":1})", R"({"a":1})"},
        {R"({"absent":0})", R"({"a":1})", R"({"a":1})"},
        {R"({"a":0})", R"({"a":1})", R"({})"},
    });
}

TEST(Projection, Slices) {
    constexpr std::string_view list = R"({"id":"r","a":[1,2,3,4],"b":5})";
    check_projections({
        {R"({"a":{"$slice":2}})", list, R"({"id":"r","a":[1,2],"b":5})"},
        {R"({"a":{"$slice":-2}})", list, R"({"id":"r","a":[3,4],"b":5})"},
        {R"({"a":{"$slice":0}})", list, R"({"id":"r","a":[],"b":5})"},
        {R"({"a":{"$slice":9}})", list, R"({"id":"r","a":[1,2,3,4],"b":5})"},
        {R"({"a":{"$slice":-9e300}})", list, R"({"id":"r","a":[1,2,3,4],"b":5})"},
        {R"({"a":{"$slice":1.9}})", list, R"({"id":"r","a":[1],"b":5})"},
        {R"({"a":{"$slice":[1,2]}})", list, R"({"id":"r","a":[2,3],"b":5})"},
        {R"({"a":{"$slice":[-3,2]}})", list, R"({"id":"r","a":[2,3],"b":5})"},
        {R"({"a":{"$slice":[-9,2]}})", list, R"({"id":"r","a":[1,2],"b":5})"},
        {R"({"a":{"$slice":[-1.5,2]}})", list, R"({"id":"r","a":[4],"b":5})"},
        {R"({"a":{"$slice":[9,2]}})", list, R"({"id":"r","a":[],"b":5})"},
        {R"({"a":{"$slice":[2,9223372036854775807]}})", list, R"({"id":"r","a":[3,4],"b":5})"},
        {R"({"a":{"$slice":1},"_id":1})", list, R"({"id":"r","a":[1]})"},
        {R"({"a":{"$slice":1},"b":1})", list, R"({"id":"r","a":[1],"b":5})"},
        {R"({"a":{"$slice":1},"b":0})", list, R"({"id":"r","a":[1]})"},
        {R"({"b":{"$slice":1}})", list, list},
        {R"({"a.b":{"$slice":1},"a.c":{"$slice":-1}})", R"({"a":{"b":[1,2],"c":[3,4],"d":1}})",
         R"({"a":{"b":[1],"c":[4],"d":1}})"},
        {R"({"a.b":{"$slice":1}})", R"({"a":[{"b":[1,2]},3]})", R"({"a":[{"b":[1]},3]})"},
    });
}

TEST(Projection, ElemMatch) {
    constexpr std::string_view list = R"({"id":"r","a":[{"x":1},{"x":2,"y":1},{"x":2}],"b":[1,2,3],"c":4})";
    check_projections({
        {R"({"a":{"$elemMatch":{"x":2}}})", list, R"({"id":"r","a":[{"x":2,"y":1}]})"},
        {R"({"b":{"$elemMatch":{"$gt":1}}})", list, R"({"id":"r","b":[2]})"},
        {R"({"b":{"$elemMatch":{"$gt":9}}})", list, R"({"id":"r"})"},
        {R"({"c":{"$elemMatch":{"$gt":1}}})", list, R"({"id":"r"})"},
        {R"({"a":{"$elemMatch":{}}})", list, R"({"id":"r","a":[{"x":1}]})"},
        {R"({"a":{"$elemMatch":{"x":1}},"b":{"$slice":1}})", list, R"({"id":"r","a":[{"x":1}],"b":[1]})"},
        {R"({"a":{"$elemMatch":{"x":1}},"c":1})", list, R"({"id":"r","a":[{"x":1}],"c":4})"},
        {R"({"a":{"$elemMatch":{"x":1}},"c":0})", list, R"({"id":"r","a":[{"x":1}],"b":[1,2,3]})"},
        {R"({"a":{"$elemMatch":{"$eq":[1,2]}}})", R"({"a":[1,[1,2]]})", R"({"a":[[1,2]]})"},
    });
}

struct PositionalCase {
    std::string_view projection;
    std::string_view filter;
    std::string_view record;
    std::string_view expected;
};

TEST(Projection, Positional) {
    const PositionalCase cases[] = {
        {R"({"a.$":1})", R"({"a":{"$gte":2}})", R"({"id":"r","a":[1,2,3],"b":1})", R"({"id":"r","a":[2]})"},
        {R"({"a.$":1,"b":1})", R"({"a.x":2})", R"({"a":[{"x":1},{"x":2}],"b":1})",
         R"({"a":[{"x":2}],"b":1})"},
        {R"({"a.b.$":1})", R"({"a.c":{"$gte":200}})", R"({"a":{"b":[1,2],"c":[100,200]}})",
         R"({"a":{"b":[2]}})"},
        {R"({"a.b.$":1})", R"({"a.b":2})", R"({"a":[{"b":1,"c":1},{"b":2,"c":2}]})", R"({"a":[{"b":2}]})"},
        {R"({"a.$":1})", R"({"a":{"$elemMatch":{"x":{"$gt":1}}}})", R"({"a":[{"x":1},{"x":5}]})",
         R"({"a":[{"x":5}]})"},
        {R"({"a.$":1})", R"({"a":{"$regex":"^w"}})", R"({"a":["x","w"]})", R"({"a":["w"]})"},
        {R"({"a.$":1})", R"({"a":2,"b":5})", R"({"a":[1,2],"b":[4,5]})", R"({"a":[2]})"},
        {R"({"a.$":1})", R"({"a":2})", R"({"a":2})", R"({"a":2})"},
    };
    for (const PositionalCase& one : cases) {
        EXPECT_EQ(projected(one.projection, one.record, one.filter), one.expected) << one.projection;
    }
}

TEST(Projection, PositionalFailsWithoutAnElement) {
    const std::string outside = projected(R"({"b.$":1})", R"({"a":[1,2,5],"b":[1]})", R"({"a":5})");
    EXPECT_TRUE(outside.starts_with("failed: The positional operator")) << outside;
    EXPECT_TRUE(outside.ends_with("by one of its elements")) << "nothing may be left behind: " << outside;
    EXPECT_TRUE(projected(R"({"a.$":1})", R"({"a":[1],"b":1})", R"({"b":1})").starts_with("failed: "));
}

struct ErrorCase {
    std::string_view projection;
    std::string_view field;
    std::string_view message;
    ErrorCode code = ErrorCode::INVALID_PROJECTION;
};

TEST(Projection, RefusalsNameTheField) {
    constexpr ErrorCode unsupported = ErrorCode::UNSUPPORTED_OPERATOR;
    const std::vector<ErrorCase> cases = {
        {R"([])", "projection", "must be an object"},
        {R"({"a":1,"b":0})", "b", "either includes or excludes"},
        {R"({"a":0,"b":{"c":1}})", "b.c", "either includes or excludes"},
        {R"({"a":1,"a.b":1})", "a.b", "collides"},
        {R"({"a.b":1,"a":1})", "a", "collides"},
        {R"({"a.b":1,"a":{"b":1}})", "a.b", "collides"},
        {R"({"a.b.c":1,"a":{"b":1}})", "a.b", "collides"},
        {R"({"a":{}})", "a", "empty object"},
        {R"({"a":{"b":{}}})", "a.b", "empty object"},
        {R"({"a":"x"})", "a", "1 or true"},
        {R"({"a":null})", "a", "1 or true"},
        {R"({"a":[1]})", "a", "1 or true"},
        {R"({"":1})", "", "must not be empty"},
        {R"({".a":1})", ".a", "dot"},
        {R"({"a..b":1})", "a..b", "dot"},
        {R"({"a.":1})", "a.", "dot"},
        {R"({".a":{"$elemMatch":{}}})", ".a", "dot"},
        {R"({"$a":1})", "$a", "must not begin with '$'"},
        {R"({"a.$b":1})", "a.$b", "must not begin with '$'"},
        {R"({"a":{"b":1,"$c":1}})", "a.$c", "must not begin with '$'"},
        {R"({"a":{"$slice":1,"$elemMatch":{}}})", "a", "must stand alone"},
        {R"({"a":{"$foo":1}})", "a.$foo", "'$foo' is not supported", unsupported},
        {R"({"a":{"$meta":"indexKey"}})", "a.$meta", "takes \"textScore\""},
        {R"({"a.b":{"$meta":"textScore"}})", "a.b", "nested field"},
        {R"({"a":{"$slice":"x"}})", "a.$slice", "needs a number"},
        {R"({"a":{"$slice":null}})", "a.$slice", "needs a number"},
        {R"({"a":{"$slice":[1]}})", "a.$slice", "[skip, limit]"},
        {R"({"a":{"$slice":[1,2,3]}})", "a.$slice", "[skip, limit]"},
        {R"({"a":{"$slice":[1,0]}})", "a.$slice", "must be positive"},
        {R"({"a":{"$slice":[1,-1]}})", "a.$slice", "must be positive"},
        {R"({"a":{"$slice":["x",1]}})", "a.$slice", "both are numbers"},
        {R"({"a":{"$elemMatch":3.14}})", "a.$elemMatch", "needs an object"},
        {R"({"a":{"$elemMatch":[]}})", "a.$elemMatch", "needs an object"},
        {R"({"a.b":{"$elemMatch":{}}})", "a.b", "nested field"},
        {R"({"a":{"$elemMatch":{"x":{"$size":-1}}}})", "a.$elemMatch.x.$size", "integer from 0"},
        {R"({"a":{"$elemMatch":{"$foo":1}}})", "a.$elemMatch.$foo", "Unknown operator", unsupported},
        {R"({"a.$":0})", "a.$", "can't be used to exclude"},
        {R"({"a.$":1,"b.$":1})", "b.$", "one positional operator"},
        {R"({"a.$":1,"b":{"$elemMatch":{}}})", "b", "beside a positional"},
        {R"({"b":{"$elemMatch":{}},"a.$":1})", "a.$", "none beside $elemMatch"},
        {R"({"a.$":{"$slice":1}})", "a.$", "can't be combined"},
        {R"({"a.$":1,"a":1})", "a", "collides"},
        {R"({"a.$.b":1})", "a.$.b", "stands at the end"},
        {R"({"$":1})", "$", ""},
    };
    const Filter filter = filter_of(R"({"a":1})");
    for (const ErrorCase& one : cases) {
        const Result<Projection> projection = try_projection(one.projection, filter);
        ASSERT_FALSE(projection.ok()) << one.projection;
        EXPECT_EQ(projection.error().field, one.field) << one.projection;
        EXPECT_EQ(error_name(projection.error().code), error_name(one.code)) << one.projection;
        EXPECT_NE(projection.error().message.find(one.message), std::string::npos)
            << one.projection << ": " << projection.error().message;
    }
    EXPECT_NE(try_projection(R"({"a.$":1})", Filter()).error().message.find("needs a filter"),
              std::string::npos);
}

TEST(Projection, FieldsAreBounded) {
    std::string members;
    for (std::size_t i = 0; i < max_projection_fields; ++i) members += "\"f" + std::to_string(i) + "\":1,";
    const auto of = [](const std::string& text) { return try_projection("{" + text + "}", Filter()); };
    const Result<Projection> full = of(members.substr(0, members.size() - 1));
    ASSERT_TRUE(full.ok());
    std::string out;
    const std::string wide = R"({"f999":1,"g":2,"f0":3,"id":"r"})";
    ASSERT_TRUE(full->append(out, json::View(wide), Filter()).ok());
    EXPECT_EQ(out, R"({"f999":1,"f0":3,"id":"r"})");
    EXPECT_FALSE(of(members + "\"more\":1").ok());
}

TEST(Projection, FromAListOfNames) {
    const std::string text(record);
    const auto projected_names = [&text](std::string_view names) -> std::string {
        const Result<Projection> projection = projection_of_fields(names);
        if (!projection.ok()) return projection.error().field + ": " + projection.error().message;
        std::string out;
        EXPECT_TRUE(projection->append(out, json::View(text), Filter()).ok());
        return out;
    };
    EXPECT_EQ(projected_names("a,b.c"), R"({"id":"r1","a":1,"b":{"c":2}})");
    EXPECT_EQ(projected_names("id"), R"({"id":"r1"})");
    EXPECT_EQ(projected_names("a,a,_id"), R"({"id":"r1","_id":7,"a":1})");
    EXPECT_TRUE(projected_names("a,").starts_with(": A path must not be empty"));
    EXPECT_TRUE(projected_names("b,b.c").starts_with("b.c: The path collides"));
    EXPECT_TRUE(projected_names("a.$").starts_with("a.$: The positional operator"));
}

TEST(Projection, DefaultReturnsRecordsWhole) {
    std::string out;
    const std::string text(record);
    EXPECT_TRUE(Projection().is_identity());
    ASSERT_TRUE(Projection().append(out, json::View(text), Filter()).ok());
    EXPECT_EQ(out, record);
}

}  // namespace
}  // namespace credvault::query
