// Updates by pipeline: what they make of records, of the platform's fields, of insertions, and what is refused.
#include "query/update/update_testing.h"

namespace credvault::query {
namespace {

std::string inserted(std::string_view filter, std::string_view update) {
    const Result<Update> parsed = try_update(update);
    EXPECT_TRUE(parsed.ok()) << update;
    const Result<std::string> text = parsed->insertion(filter_of(filter), {test_now_ms, {}, false});
    return text.ok() ? *text : std::string(error_name(text.error().code)) + " " + text.error().field;
}

TEST(PipelineUpdate, StagesSeeWhatThoseBeforeThemMade) {
    EXPECT_EQ(try_update("[]")->kind(), UpdateKind::Pipeline);
    check_updates({
        {R"({"a":1,"b":2})",
         R"([{"$set":{"c":{"$add":["$a","$b"]}}},{"$unset":"a"},{"$addFields":{"d":"$c"}}])",
         R"({"b":2,"c":3,"d":3})"},
        {R"({"a":{"b":1},"x":9})", R"([{"$replaceWith":"$a"},{"$set":{"c":"$$ROOT.b"}}])",
         R"({"b":1,"c":1})"},
        {R"({"a":{"b":1},"x":9})", R"([{"$replaceRoot":{"newRoot":{"$mergeObjects":["$$ROOT","$a"]}}}])",
         R"({"a":{"b":1},"x":9,"b":1})"},
        {R"({"a":[{"n":1},{"n":2}],"x":9})", R"([{"$project":{"a.n":1}}])", R"({"a":[{"n":1},{"n":2}]})"},
        {R"({"a":1})", R"([{"$set":{"at":"$$NOW"}}])", R"({"a":1,"at":"2026-01-31T12:00:00.000Z"})"},
        {R"({"a":1,"b":2})", R"([{"$set":{"a":{"$cond":[{"$gt":["$a",5]},1,"$$REMOVE"]}}}])", R"({"b":2})"},
        {R"({"a":1})", "[]", R"({"a":1})"},
    });
}

TEST(PipelineUpdate, LeavesThePlatformsFieldsAlone) {
    constexpr std::string_view record = R"({"id":"x","a":1,"created_at":"t","updated_at":"t","_version":1})";
    check_updates({{record, R"([{"$unset":["id","created_at","_version"]}])", R"({"a":1,"updated_at":"t"})"},
                   {record, R"([{"$replaceWith":{"b":"$id","id":"x"}}])", R"({"b":"x","id":"x"})"}});
    check_failures({{record, R"([{"$set":{"id":"y"}}])", "id"},
                    {record, R"([{"$replaceWith":{"id":["x"]}}])", "id"},
                    {record, R"([{"$set":{"_version":{"$add":["$_version",1]}}}])", "_version"},
                    {record, R"([{"$set":{"created_at":"u"}}])", "created_at"},
                    {record, R"([{"$set":{"updated_at.x":"u"}}])", "updated_at"}},
                   ErrorCode::IMMUTABLE_FIELD);
}

TEST(PipelineUpdate, RefusesWhatIsNoStageOfAnUpdate) {
    check_failures({{"{}", R"([{"$group":{"_id":1}}])", "update.0.$group"},
                    {"{}", R"([{"$set":{"a":1}},{"$match":{}}])", "update.1.$match"},
                    {"{}", R"([{"$out":"x"}])", "update.0.$out"}},
                   ErrorCode::UNSUPPORTED_OPERATOR);
    EXPECT_NE(try_update(R"([{"$group":{"_id":1}}])").error().message.find("'$group'"), std::string::npos);
    check_failures({{"{}", "[1]", "update.0"},
                    {"{}", R"([{"$set":{"a":1},"$unset":"b"}])", "update.0"},
                    {"{}", R"([{"$set":5}])", "update.0.$set"},
                    {R"({"a":1})", R"([{"$replaceWith":"$a"}])", "update.0.$replaceWith"}},
                   ErrorCode::INVALID_PIPELINE);
    check_failures({{"{}", R"([{"$set":{"a":1}}])", "array_filters", R"([{"e":1}])"}});
}

TEST(PipelineUpdate, FailsWhereAnExpressionDoes) {
    check_failures({{R"({"a":0})", R"([{"$set":{"b":{"$divide":[1,"$a"]}}}])", "$divide"}},
                   ErrorCode::INVALID_EXPRESSION);
    const Result<std::string> endless = try_apply(
        {R"({"a":1})", R"([{"$set":{"b":{"$reduce":{"input":{"$range":[0,100]},"initialValue":"abcdefgh",
            "in":{"$concat":["$$value","$$value"]}}}}}])",
         ""});
    ASSERT_FALSE(endless.ok());
    EXPECT_EQ(endless.error().code, ErrorCode::QUERY_TOO_LARGE);
}

TEST(PipelineUpdate, KeepsTheLimitsOfRecords) {
    UpdateLimits limits;
    limits.max_bytes = 60;
    limits.max_depth = 6;
    const auto code_of = [&](std::string_view record, std::string_view update) {
        const auto changed =
            try_update(update, {}, limits)->apply(json::View(record), {test_now_ms, {}, false});
        return changed.ok() ? std::string("ok") : std::string(error_name(changed.error().code));
    };
    const std::string long_one = R"({"a":")" + std::string(25, 'a') + R"("})";
    EXPECT_EQ(code_of(long_one, R"([{"$set":{"b":"$a"}}])"), "PAYLOAD_TOO_LARGE");
    EXPECT_EQ(code_of(long_one, R"([{"$set":{"b":"a"}}])"), "ok");
    const std::string deep = R"({"a":{"b":{"c":{"d":{"e":1}}}}})";
    EXPECT_EQ(code_of(deep, R"([{"$project":{"b":{"c":"$a.b"}}}])"), "ok");
    EXPECT_EQ(code_of(deep, R"([{"$project":{"b":{"c":{"d":"$a"}}}}])"), "INVALID_UPDATE");
}

TEST(PipelineUpdate, InsertionsBeginWithTheFiltersEqualities) {
    EXPECT_EQ(inserted(R"({"a":1,"b":{"$gt":5}})", R"([{"$set":{"c":{"$add":["$a",1]}}}])"),
              R"({"a":1,"c":2})");
    EXPECT_EQ(inserted(R"({"id":"x"})", R"([{"$set":{"a":"$id"}}])"), R"({"id":"x","a":"x"})");
    EXPECT_EQ(inserted(R"({"a":1})", R"([{"$set":{"id":"made"}}])"), R"({"a":1,"id":"made"})");
    EXPECT_EQ(inserted(R"({"id":"x"})", R"([{"$replaceWith":{"n":1}}])"), R"({"id":"x","n":1})");
    EXPECT_EQ(inserted(R"({"id":"x"})", R"([{"$set":{"id":"y"}}])"), "IMMUTABLE_FIELD id");
    EXPECT_EQ(inserted(R"({"id":"x"})", R"([{"$set":{"_version":7}}])"), "IMMUTABLE_FIELD _version");
}

}  // namespace
}  // namespace credvault::query
