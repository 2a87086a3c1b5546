#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "query/key.h"
#include "query/pipeline/pipeline_testing.h"

namespace credvault::query {
namespace {

std::string numbers(int count) {
    std::string documents = "[";
    for (int i = 0; i < count; ++i) {
        if (i > 0) documents += ',';
        const int n = i * 7919 % count;
        documents += "{\"id\":\"" + std::to_string(i) + "\",\"n\":" + std::to_string(n) +
                     ",\"g\":" + std::to_string(n % 1000) + ",\"text\":\"" + std::string(100, 'x') + "\"}";
    }
    return documents + "]";
}

TEST(Stages, LimitAndSkipCount) {
    EXPECT_EQ(run_pipeline(R"([{"$skip":1},{"$limit":2}])", R"([{"a":1},{"a":2},{"a":3},{"a":4}])"),
              R"([{"a":2},{"a":3}])");
    EXPECT_EQ(run_pipeline(R"([{"$limit":0}])", "[]"),
              "INVALID_PIPELINE pipeline.0.$limit: A limit must be a whole number of 1 or more");
}

TEST(Stages, UnwindResumesWhereItStopped) {
    PipelineRunOptions options;
    options.room.documents = 2;
    EXPECT_EQ(run_pipeline(R"([{"$unwind":"$a"}])", R"([{"a":[1,2,3,4,5],"b":1},{"a":[6,7]}])", options),
              R"([{"a":1,"b":1},{"a":2,"b":1},{"a":3,"b":1},{"a":4,"b":1},{"a":5,"b":1},{"a":6},{"a":7}])");
    EXPECT_EQ(run_pipeline(R"([{"$group":{"_id":null,"a":{"$push":"$a"}}},{"$unwind":"$a"},{"$limit":3}])",
                           R"([{"a":1},{"a":2},{"a":3},{"a":4}])", options),
              R"([{"_id":null,"a":1},{"_id":null,"a":2},{"_id":null,"a":3}])");
}

TEST(Stages, ProjectKeepsTheOrderOfTheDocument) {
    EXPECT_EQ(run_pipeline(R"([{"$project":{"b":1,"x":"$a","a":1}}])", R"([{"id":"1","a":1,"b":2,"c":3}])"),
              R"([{"id":"1","a":1,"b":2,"x":1}])");
    EXPECT_EQ(run_pipeline(R"([{"$project":{"a.x":{"$literal":9}}}])", R"([{"a":[1,{"y":2}]}])"),
              R"([{"a":[{"x":9},{"x":9}]}])");
    EXPECT_EQ(run_pipeline(R"([{"$project":{"a":1,"a.b":1}}])", "[]").substr(0, 42),
              "INVALID_PIPELINE pipeline.0.$project.a.b: ");
}

TEST(Stages, GroupTellsKeysByValue) {
    EXPECT_EQ(run_pipeline(
                  R"([{"$group":{"_id":"$k","n":{"$sum":1}}}])",
                  R"([{"k":1},{"k":1.0},{"k":"1"},{"k":{"a":1,"b":2}},{"k":{"b":2,"a":1}},{"k":null},{}])"),
              R"([{"_id":1,"n":2},{"_id":"1","n":1},{"_id":{"a":1,"b":2},"n":2},{"_id":null,"n":2}])");
}

TEST(Stages, SumsStayExactAndPromote) {
    EXPECT_EQ(run_pipeline(R"([{"$group":{"_id":null,"s":{"$sum":"$v"}}}])",
                           R"([{"v":9223372036854775807},{"v":-1},{"v":"x"}])"),
              R"([{"_id":null,"s":9223372036854775806}])");
    EXPECT_EQ(run_pipeline(R"([{"$group":{"_id":null,"s":{"$sum":"$v"}}}])",
                           R"([{"v":9223372036854775807},{"v":1}])"),
              R"([{"_id":null,"s":9.223372036854776e+18}])");
}

TEST(Stages, WindowsSlide) {
    EXPECT_EQ(
        run_pipeline(
            R"([{"$setWindowFields":{"sortBy":{"n":1},"output":{"s":{"$sum":"$n","window":{"documents":[-1,1]}},
                      "r":{"$sum":"$n","window":{"range":[-1,0]}},"d":{"$denseRank":{}}}}},
                      {"$project":{"s":1,"r":1,"d":1}}])",
            R"([{"n":1},{"n":2},{"n":2},{"n":5}])"),
        R"([{"s":3,"r":1,"d":1},{"s":5,"r":5,"d":2},{"s":9,"r":5,"d":2},{"s":7,"r":5,"d":3}])");
}

TEST(Stages, FacetsRunSideBySide) {
    EXPECT_EQ(run_pipeline(R"([{"$facet":{"n":[{"$count":"n"}],"two":[{"$limit":2}]}}])",
                           R"([{"a":1},{"a":2},{"a":3}])"),
              R"([{"n":[{"n":3}],"two":[{"a":1},{"a":2}]}])");
}

TEST(Stages, SortsAndGroupsGoToDisk) {
    const std::string documents = numbers(5000);
    PipelineRunOptions roomy;
    PipelineRunOptions tight;
    tight.bounds.memory_bytes = 300 * 1024;
    tight.bounds.spill_directory = std::filesystem::temp_directory_path();
    tight.room.documents = 7;
    for (const std::string stages : {R"([{"$sort":{"n":-1}},{"$project":{"n":1}}])",
                                     R"([{"$sort":{"g":1}},{"$limit":2500},{"$project":{"n":1}}])"}) {
        const std::string expected = run_pipeline(stages, documents, roomy);
        EXPECT_EQ(run_pipeline(stages, documents, tight), expected);
    }
    const std::string group =
        R"([{"$group":{"_id":"$n","s":{"$sum":"$g"},"t":{"$push":"$text"}}},{"$sort":{"_id":1}},
        {"$project":{"s":1,"_id":1}}])";
    const std::string expected = run_pipeline(group, documents, roomy);
    EXPECT_EQ(run_pipeline(group, documents, tight), expected);
}

TEST(Stages, WithoutADiskTheMemoryIsTheEnd) {
    PipelineRunOptions tight;
    tight.bounds.memory_bytes = 300 * 1024;
    const std::string documents = numbers(5000);
    EXPECT_EQ(run_pipeline(R"([{"$sort":{"n":-1}}])", documents, tight).substr(0, 35),
              "QUERY_TOO_LARGE pipeline.0.$sort: T");
    EXPECT_EQ(
        run_pipeline(R"([{"$group":{"_id":null,"t":{"$push":"$text"}}}])", documents, tight).substr(0, 15),
        "QUERY_TOO_LARGE");
    EXPECT_EQ(
        run_pipeline(R"([{"$sort":{"n":1}},{"$limit":2},{"$project":{"n":1,"id":0}}])", documents, tight),
        R"([{"n":0},{"n":1}])");
}

TEST(Stages, NestingHasALimit) {
    std::string stages = R"([{"$limit":1}])";
    for (int i = 0; i < 21; ++i) stages = R"([{"$lookup":{"from":"x","as":"a","pipeline":)" + stages + "}}]";
    EXPECT_NE(run_pipeline(stages, "[]").find("nested 20 deep at most"), std::string::npos);
}

TEST(Stages, HandScoresOn) {
    IndexFields index;
    index.type = IndexType::Text;
    index.fields.push_back({*parse_path("t"), false});
    index.weights = {1};
    index.language = "none";
    prepare(index);
    PipelineRunOptions options;
    options.text = index.text;
    options.score = "n";
    const std::string match = R"([{"$match":{"$text":{"$search":"x"}}},)";
    const std::string documents = R"([{"t":"x","n":1},{"t":"y","n":9},{"t":"x","n":3},{"t":"x","n":2}])";
    EXPECT_EQ(run_pipeline(match + R"({"$sort":{"s":{"$meta":"textScore"}}},{"$project":{"n":1,
                  "s":{"$meta":"textScore"}}}])",
                           documents, options),
              R"([{"n":3,"s":3.0},{"n":2,"s":2.0},{"n":1,"s":1.0}])");
    EXPECT_EQ(
        run_pipeline(
            match + R"({"$sort":{"n":1}},{"$group":{"_id":"$t","all":{"$push":{"$meta":"textScore"}}}}])",
            documents, options),
        R"([{"_id":"x","all":[1.0,2.0,3.0]}])");
    for (const char* later :
         {R"({"$group":{"_id":1}})", R"({"$sample":{"size":1}})", R"({"$facet":{"a":[{"$limit":1}]}})"}) {
        const std::string answer =
            run_pipeline(match + later + R"(,{"$project":{"s":{"$meta":"textScore"}}}])", documents, options);
        EXPECT_EQ(answer.substr(0, 28), "INVALID_EXPRESSION pipeline.") << answer;
    }
}

TEST(Stages, KeepScoresOnDisk) {
    IndexFields index;
    index.type = IndexType::Text;
    index.fields.push_back({*parse_path("text"), false});
    index.weights = {1};
    index.language = "none";
    prepare(index);
    PipelineRunOptions tight;
    tight.text = index.text;
    tight.score = "n";
    tight.bounds.memory_bytes = 300 * 1024;
    tight.bounds.spill_directory = testing::TempDir();
    const std::string documents = numbers(5000);
    const std::string check = R"({"$match":{"$expr":{"$ne":["$_id","$s"]}}},{"$count":"wrong"}])";
    const std::string match = R"([{"$match":{"$or":[{"n":{"$gte":0}},{"$text":{"$search":"x"}}]}},)";
    EXPECT_EQ(run_pipeline(match + R"({"$group":{"_id":"$n","s":{"$max":{"$meta":"textScore"}}}},)" + check,
                           documents, tight),
              "[]");
    EXPECT_EQ(
        run_pipeline(
            match + R"({"$sort":{"n":-1}},{"$project":{"_id":"$n","s":{"$meta":"textScore"}}},)" + check,
            documents, tight),
        "[]");
}

}  // namespace
}  // namespace credvault::query
