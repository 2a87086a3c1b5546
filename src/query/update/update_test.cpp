#include "query/update/update_testing.h"

namespace credvault::query {
namespace {

std::string inserted(std::string_view filter, std::string_view update) {
    const Result<Update> parsed = try_update(update);
    EXPECT_TRUE(parsed.ok()) << update;
    const Result<std::string> text = parsed->insertion(filter_of(filter), {test_now_ms, {}, false});
    return text.ok() ? *text : std::string(error_name(text.error().code)) + " " + text.error().field;
}

TEST(Update, KindsAreToldByTheFirstName) {
    EXPECT_EQ(try_update(R"({"$set":{"a":1}})")->kind(), UpdateKind::Operators);
    EXPECT_EQ(try_update(R"({"a":1})")->kind(), UpdateKind::Replacement);
    EXPECT_EQ(try_update(R"({})")->kind(), UpdateKind::Replacement);
    EXPECT_TRUE(try_update(R"({"$set":{"a.$":1}})")->is_positional());
    EXPECT_FALSE(try_update(R"({"$set":{"a.$[]":1}})")->is_positional());
}

TEST(Update, MalformedOnesNameWhatIsWrong) {
    check_failures({{"{}", R"({"$set":{"a":1},"b":2})", "b"},
                    {"{}", R"({"b":2,"$set":{"a":1}})", "$set"},
                    {"{}", R"({"$set":5})", "$set"},
                    {"{}", R"(5)", ""},
                    {"{}", R"({"$set":{"":1}})", ""},
                    {"{}", R"({"$set":{"a..b":1}})", "a..b"},
                    {"{}", R"({"$set":{"$a":1}})", "$a"},
                    {"{}", R"({"$set":{"a.$b":1}})", "a.$b"},
                    {"{}", R"({"a":1})", "array_filters", R"([{"e":1}])"}});
    check_failures({{"{}", R"({"$foo":{"a":1}})", "$foo"}}, ErrorCode::UNSUPPORTED_OPERATOR);
    check_failures({{"{}", R"({"$set":{"id":1}})", "id"},
                    {"{}", R"({"$inc":{"_version":1}})", "_version"},
                    {"{}", R"({"$unset":{"created_at":1}})", "created_at"},
                    {"{}", R"({"$setOnInsert":{"updated_at.x":1}})", "updated_at.x"},
                    {R"({"id":"x"})", R"({"id":"y"})", "id"}},
                   ErrorCode::IMMUTABLE_FIELD);
}

TEST(Update, ConflictingPathsAreRefused) {
    check_failures({{"{}", R"({"$set":{"a":1},"$inc":{"a":1}})", "a"},
                    {"{}", R"({"$set":{"a":1,"a.b":1}})", "a.b"},
                    {"{}", R"({"$set":{"a.b":1},"$unset":{"a":1}})", "a"},
                    {"{}", R"({"$mul":{"a":1},"$rename":{"a":"b"}})", "a"},
                    {"{}", R"({"$set":{"b":1},"$rename":{"a":"b"}})", "b"},
                    {"{}", R"({"$set":{"a":1},"$setOnInsert":{"a.b":2}})", "a.b"}});
    check_updates({{"{}", R"({"$set":{"a.b":1},"$inc":{"a.c":2}})", R"({"a":{"b":1,"c":2}})"}});
}

TEST(Update, ReplacementsAreTakenAsTheyAre) {
    check_updates({{R"({"id":"x","a":1})", R"({"b":[1,{}]})", R"({"b":[1,{}]})"},
                   {R"({"id":"x","a":1})", R"({"id":"x","b":1})", R"({"id":"x","b":1})"}});
}

TEST(Update, InsertionsBeginWithTheFiltersEqualities) {
    EXPECT_EQ(inserted(R"({"b":1,"a.c":{"$eq":2},"x":{"$gt":5}})", R"({"$set":{"d":3}})"),
              R"({"a":{"c":2},"b":1,"d":3})");
    EXPECT_EQ(inserted(R"({"$and":[{"a":1},{"b":{"$in":[2]}}],"$or":[{"c":3}]})", R"({"$inc":{"a":1}})"),
              R"({"a":2,"b":2,"c":3})");
    EXPECT_EQ(inserted(R"({"$or":[{"a":1},{"b":2}],"c":{"$in":[1,2]},"d":{"$ne":1}})", R"({"$set":{"x":1}})"),
              R"({"x":1})");
    EXPECT_EQ(inserted(R"({"a":{"$all":[1]},"n":null})", R"({"$unset":{"z":1}})"), R"({"a":1,"n":null})");
    EXPECT_EQ(inserted(R"({"id":"k","a":1})", R"({"$setOnInsert":{"b":1}})"), R"({"a":1,"id":"k","b":1})");
    EXPECT_EQ(inserted(R"({"id":"k","a":1})", R"({"b":2})"), R"({"id":"k","b":2})");
    EXPECT_EQ(inserted(R"({"id":"k"})", R"({})"), R"({"id":"k"})");
    EXPECT_EQ(inserted(R"({"a":1})", R"({"b":2})"), R"({"b":2})");
    EXPECT_EQ(inserted(R"({"a":1})", R"({"$setOnInsert":{"a":99}})"), R"({"a":99})");
}

TEST(Update, InsertionsFailWhereTheFilterIsAmbiguous) {
    EXPECT_EQ(inserted(R"({"$and":[{"a":1},{"a":2}]})", R"({"$set":{"x":1}})"), "INVALID_UPDATE a");
    EXPECT_EQ(inserted(R"({"a":{"b":1},"a.b":1})", R"({"$set":{"x":1}})"), "INVALID_UPDATE a.b");
    EXPECT_EQ(inserted(R"({"a":{"$all":[1,2]}})", R"({"$set":{"x":1}})"), "INVALID_UPDATE a");
    EXPECT_EQ(inserted(R"({"_version":3})", R"({"$set":{"x":1}})"), "IMMUTABLE_FIELD _version");
    EXPECT_EQ(inserted(R"({"a":[1]})", R"({"$set":{"a.$":1}})"), "INVALID_UPDATE a.$");
    EXPECT_EQ(inserted(R"({"id":"k"})", R"({"id":"l"})"), "IMMUTABLE_FIELD id");
    EXPECT_EQ(inserted(R"({"id":"k"})", R"({"$setOnInsert":{"id":"l"}})"), "IMMUTABLE_FIELD id");
}

TEST(Update, LimitsHoldAtTheirEdges) {
    UpdateLimits limits;
    limits.max_operations = 2;
    EXPECT_TRUE(try_update(R"({"$set":{"a":1,"b":1}})", {}, limits).ok());
    EXPECT_FALSE(try_update(R"({"$set":{"a":1,"b":1},"$unset":{"c":1}})", {}, limits).ok());
    limits.max_path_parts = 3;
    EXPECT_TRUE(try_update(R"({"$set":{"a.b":1,"b":1}})", {}, limits).ok());
    EXPECT_FALSE(try_update(R"({"$set":{"a.b":1,"b.c":1}})", {}, limits).ok());
    limits.max_array_filters = 1;
    EXPECT_TRUE(try_update(R"({"$set":{"a.$[e]":1}})", R"([{"e":1}])", limits).ok());
    EXPECT_FALSE(try_update(R"({"$set":{"a.$[e]":1,"a.$[f]":1}})", R"([{"e":1},{"f":1}])", limits).ok());
}

TEST(Update, ResultsAreBounded) {
    const auto apply = [](std::string_view update, std::string_view record, const UpdateLimits& limits) {
        const std::string text = canonical(record);
        return try_update(update, {}, limits)->apply(json::View(text), {});
    };
    UpdateLimits limits;
    limits.max_bytes = 20;
    EXPECT_TRUE(apply(R"({"$set":{"a":"0123456789ab"}})", "{}", limits).ok());
    EXPECT_EQ(apply(R"({"$set":{"a":"0123456789abc"}})", "{}", limits).error().code,
              ErrorCode::PAYLOAD_TOO_LARGE);
    limits = {};
    limits.max_depth = 3;
    EXPECT_TRUE(apply(R"({"$set":{"a.b":[]}})", "{}", limits).ok());
    EXPECT_EQ(apply(R"({"$set":{"a.b":[[]]}})", "{}", limits).error().code, ErrorCode::INVALID_UPDATE);
    limits = {};
    limits.max_padding = 2;
    EXPECT_TRUE(apply(R"({"$set":{"a.3":1}})", R"({"a":[0]})", limits).ok());
    EXPECT_FALSE(apply(R"({"$set":{"a.4":1}})", R"({"a":[0]})", limits).ok());
    limits = {};
    limits.max_work = 10;
    EXPECT_FALSE(apply(R"({"$unset":{"a.$[].b":1}})", R"({"a":[1,2,3,4,5,6,7]})", limits).ok());
}

TEST(Update, ManyPathsInOneObjectAreFoundByName) {
    std::string update = R"({"$inc":{)";
    std::string record = "{";
    for (int i = 0; i < 200; ++i) {
        const std::string comma = i == 0 ? "" : ",";
        update += comma + "\"f" + std::to_string(i) + "\":1";
        record += comma + "\"f" + std::to_string(199 - i) + "\":0";
    }
    const std::string text = canonical(record + "}");
    const Result<std::string> after = try_update(update + "}}")->apply(json::View(text), {});
    ASSERT_TRUE(after.ok());
    EXPECT_EQ(after->find(":0"), std::string::npos);
    EXPECT_EQ(after->size(), text.size());
}

}  // namespace
}  // namespace credvault::query
