// The services of documents over the in-memory engine.
#include "documents/records.h"

#include <gtest/gtest.h>

#include "base/run_loop.h"
#include "documents/collections.h"
#include "documents/databases.h"
#include "documents/queries.h"
#include "json/canonical.h"
#include "storage/memory/memory_engine.h"

namespace credvault::documents {
namespace {

class DocumentsTest : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(loop.wait(databases.load()).ok());
        auto made = loop.wait(databases.create("ws", "shop", "key_1", {}));
        ASSERT_TRUE(made.ok());
        place = Place(made->value, "people");
        ASSERT_TRUE(loop.wait(collections.create(place.database, "people", {}, "key_1", {})).ok());
    }

    Result<storage::WriteOutcome> insert(std::string_view body, bool may_set_times = false) {
        const std::string canonical = *json::canonicalize(body);
        WriteOptions options;
        options.may_set_times = may_set_times;
        return loop.wait(records.insert(place, canonical, std::move(options)));
    }

    Result<storage::WriteOutcome> patch(PatchKind kind, std::string_view body,
                                        storage::Precondition precondition = {}) {
        return loop.wait(
            records.patch(place, "a", kind, *json::canonicalize(body), std::move(precondition), {}));
    }

    json::Value stored(std::string_view id) {
        auto found = loop.wait(records.get(place, id, {}));
        return found.ok() ? json::Value(json::View(found->record)) : json::Value();
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    Databases databases{engine};
    Collections collections{engine};
    Records records{engine};
    Queries queries{engine, {}};
    Place place;
};

struct BadInsert {
    const char* body;
    ErrorCode code;
    const char* field;
};

class BadInserts : public DocumentsTest, public ::testing::WithParamInterface<BadInsert> {};

TEST_P(BadInserts, NamesTheFieldAndWritesNothing) {
    const auto outcome = insert(GetParam().body);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, GetParam().code);
    EXPECT_EQ(outcome.error().field, GetParam().field);
    EXPECT_EQ(*loop.wait(queries.count(place, "", {})), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadInserts,
    ::testing::Values(BadInsert{R"(7)", ErrorCode::INVALID_RECORD, ""},
                      BadInsert{R"([])", ErrorCode::INVALID_RECORD, ""},
                      BadInsert{R"([{}, 7])", ErrorCode::INVALID_RECORD, "1"},
                      BadInsert{R"({"id":7})", ErrorCode::INVALID_RECORD, "id"},
                      BadInsert{R"({"id":""})", ErrorCode::INVALID_RECORD, "id"},
                      BadInsert{R"({"id":".."})", ErrorCode::INVALID_RECORD, "id"},
                      BadInsert{R"([{"a":1},{"id":"a\nb"}])", ErrorCode::INVALID_RECORD, "1.id"},
                      BadInsert{R"({"_version":3})", ErrorCode::IMMUTABLE_FIELD, "_version"},
                      BadInsert{R"({"created_at":"2026-01-01T00:00:00Z"})", ErrorCode::IMMUTABLE_FIELD,
                                "created_at"},
                      BadInsert{R"([{"id":"x"},{"id":"x"}])", ErrorCode::ALREADY_EXISTS, "1.id"}));

TEST_F(DocumentsTest, KeepsTimesWhereAllowed) {
    ASSERT_TRUE(insert(R"({"id":"a","created_at":"2020-02-03T04:05:06+01:00"})", true).ok());
    EXPECT_EQ(stored("a").find("created_at")->as_string(), "2020-02-03T03:05:06.000Z");
    const auto bad = insert(R"({"updated_at":"yesterday"})", true);
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code, ErrorCode::INVALID_RECORD);
    EXPECT_EQ(bad.error().field, "updated_at");
}

TEST_F(DocumentsTest, DepthIsBoundedAtItsEdge) {
    const auto nested = [](std::size_t levels) {
        return R"({"a":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    EXPECT_TRUE(insert(nested(100)).ok());
    json::ParseLimits deeper;
    deeper.max_depth = 200;
    const std::string body = *json::canonicalize(nested(101), deeper);
    const auto refused = loop.wait(records.insert(place, body, {}));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::INVALID_RECORD);
}

TEST_F(DocumentsTest, MergePatchChangesAndRemoves) {
    ASSERT_TRUE(insert(R"({"id":"a","name":"Ada","langs":["en"],"old":1})").ok());
    ASSERT_TRUE(patch(PatchKind::Merge, R"({"old":null,"langs":["en","fr"],"born":{"year":1815}})").ok());
    const json::Value record = stored("a");
    EXPECT_EQ(record.find("old"), nullptr);
    EXPECT_EQ(record.find("langs")->text(), R"(["en","fr"])");
    EXPECT_EQ(record.find("born")->text(), R"({"year":1815})");
    EXPECT_EQ(record.find("_version")->as_int(), 2);
}

TEST_F(DocumentsTest, APatchThatChangesNothingWritesNothing) {
    ASSERT_TRUE(insert(R"({"id":"a","n":1})").ok());
    const auto outcome = patch(PatchKind::Merge, R"({"n":1})");
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->operations.at(0).effect, storage::Effect::Unchanged);
    EXPECT_EQ(stored("a").find("_version")->as_int(), 1);
}

TEST_F(DocumentsTest, PatchesMayNotTouchThePlatformsFields) {
    ASSERT_TRUE(insert(R"({"id":"a","n":1})").ok());
    for (const auto& [kind, body] : std::vector<std::pair<PatchKind, const char*>>{
             {PatchKind::Merge, R"({"_version":9})"},
             {PatchKind::OperatorsOrMerge, R"({"id":"b"})"},
             {PatchKind::JsonPatch, R"([{"op":"replace","path":"/created_at","value":"x"}])"},
             {PatchKind::JsonPatch, R"([{"op":"remove","path":"/id"}])"}}) {
        const auto outcome = patch(kind, body);
        ASSERT_FALSE(outcome.ok()) << body;
        EXPECT_EQ(outcome.error().code, ErrorCode::IMMUTABLE_FIELD) << body;
    }
    EXPECT_EQ(stored("a").find("_version")->as_int(), 1);
}

TEST_F(DocumentsTest, JsonPatchIsAllOrNothing) {
    ASSERT_TRUE(insert(R"({"id":"a","n":1})").ok());
    const auto failed = patch(PatchKind::JsonPatch,
                              R"([{"op":"add","path":"/m","value":2},{"op":"test","path":"/n","value":5}])");
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::INVALID_PATCH);
    EXPECT_EQ(stored("a").find("m"), nullptr);
    ASSERT_TRUE(patch(PatchKind::JsonPatch,
                      R"([{"op":"test","path":"/_version","value":1},{"op":"add","path":"/m","value":2}])")
                    .ok());
    EXPECT_EQ(stored("a").find("m")->as_int(), 2);
}

TEST_F(DocumentsTest, MixedOperatorsAreRefused) {
    ASSERT_TRUE(insert(R"({"id":"a"})").ok());
    const auto mixed = patch(PatchKind::OperatorsOrMerge, R"({"n":1,"$set":{"m":2}})");
    ASSERT_FALSE(mixed.ok());
    EXPECT_EQ(mixed.error().code, ErrorCode::INVALID_PATCH);
    EXPECT_EQ(mixed.error().field, "$set");
}

TEST_F(DocumentsTest, PutReplacesAndCreatesOnlyWhenAsked) {
    const auto put = [&](std::string_view body, storage::Precondition precondition) {
        return loop.wait(records.put(place, "a", *json::canonicalize(body), std::move(precondition), {}));
    };
    const auto missing = put(R"({"n":1})", {});
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, ErrorCode::RECORD_NOT_FOUND);
    storage::Precondition absent;
    absent.if_absent = true;
    ASSERT_TRUE(put(R"({"n":1,"_version":7})", absent).ok());
    EXPECT_EQ(stored("a").find("_version")->as_int(), 1);
    EXPECT_EQ(put(R"({"n":2})", absent).error().code, ErrorCode::PRECONDITION_FAILED);
    EXPECT_EQ(put(R"({"id":"other"})", {}).error().code, ErrorCode::IMMUTABLE_FIELD);
    ASSERT_TRUE(put(R"({"id":"a","n":3})", {}).ok());
    EXPECT_EQ(stored("a").find("n")->as_int(), 3);
}

TEST_F(DocumentsTest, AGuardedCollectionWantsIfMatch) {
    CollectionChange guarded;
    guarded.options.require_if_match = true;
    ASSERT_TRUE(loop.wait(collections.alter(place, guarded, "key_1")).ok());
    const auto inserted = insert(R"({"id":"a","n":1})");
    ASSERT_TRUE(inserted.ok());
    EXPECT_EQ(patch(PatchKind::Merge, R"({"n":2})").error().code, ErrorCode::PRECONDITION_REQUIRED);
    storage::Precondition match;
    match.if_match = {inserted->operations.at(0).revision};
    EXPECT_TRUE(patch(PatchKind::Merge, R"({"n":2})", match).ok());
    EXPECT_EQ(patch(PatchKind::Merge, R"({"n":3})", match).error().code, ErrorCode::PRECONDITION_FAILED);
}

TEST_F(DocumentsTest, ETagsReadBackAndNeverReturn) {
    const auto first = insert(R"({"id":"a"})");
    const storage::Revision revision = first->operations.at(0).revision;
    EXPECT_EQ(parse_etag(etag_text(revision)), revision);
    for (const char* strange : {"", "\"\"", "\"1\"", "\"x.1\"", "1.1", "\"1.1", "\"1.1 \"", "W/\"1.1\""}) {
        EXPECT_FALSE(parse_etag(strange).has_value()) << strange;
    }
    ASSERT_TRUE(loop.wait(records.remove(place, "a", {}, {})).ok());
    const auto again = insert(R"({"id":"a"})");
    EXPECT_NE(etag_text(again->operations.at(0).revision), etag_text(revision));
}

TEST_F(DocumentsTest, DistinctTakesElementsOnceInOrder) {
    ASSERT_TRUE(
        insert(R"([{"v":[2,1]},{"v":1.0},{"v":"x"},{"v":null},{},{"v":{"a":1,"b":2}},{"v":[{"b":2,"a":1}]}])")
            .ok());
    const auto values = loop.wait(queries.distinct(place, "v", "", {}));
    ASSERT_TRUE(values.ok());
    EXPECT_EQ(values->values, R"([null,1,2,"x",{"a":1,"b":2}])");
    const auto nested = loop.wait(queries.distinct(place, "v.a", "", {}));
    EXPECT_EQ(nested->values, "[1]");
}

TEST_F(DocumentsTest, PagesCarryTheirTotalAndRefuseForeignCursors) {
    for (int i = 0; i < 7; ++i) ASSERT_TRUE(insert(R"({"n":)" + std::to_string(i % 3) + "}").ok());
    ListQuery query;
    query.limit = 3;
    query.sort = *query::parse_sort("-n");
    const auto first = loop.wait(queries.page(place, query, {}));
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->pagination.total, 7U);
    ASSERT_TRUE(first->pagination.has_more);
    query.cursor = first->pagination.next_cursor;
    const auto second = loop.wait(queries.page(place, query, {}));
    EXPECT_EQ(second->pagination.total, 7U);
    query.filter = R"({"n":1})";
    EXPECT_EQ(loop.wait(queries.page(place, query, {})).error().code, ErrorCode::INVALID_CURSOR);
    query.filter.clear();
    query.offset = 1;
    EXPECT_EQ(loop.wait(queries.page(place, query, {})).error().field, "offset");
}

TEST_F(DocumentsTest, DatabasesAreNamedOncePerWorkspaceAndSurviveALoad) {
    EXPECT_EQ(loop.wait(databases.create("ws", "shop", "k", {})).error().code, ErrorCode::ALREADY_EXISTS);
    ASSERT_TRUE(loop.wait(databases.create("other", "shop", "k", {})).ok());
    EXPECT_EQ(databases.find("third", "shop").error().code, ErrorCode::DATABASE_NOT_FOUND);
    ASSERT_TRUE(loop.wait(engine.create_database("db_orphan")).ok());
    Databases again(engine);
    ASSERT_TRUE(loop.wait(again.load()).ok());
    EXPECT_EQ(again.find("ws", "shop").value()->id, place.database->id);
    EXPECT_EQ(loop.wait(engine.list_databases())->size(), 2U);
    ASSERT_TRUE(loop.wait(again.drop("ws", "shop", "k")).ok());
    EXPECT_FALSE(again.find("ws", "shop").ok());
}

TEST_F(DocumentsTest, IndexesAreCheckedBeforeTheyAreMade) {
    const auto make = [&](IndexRequest request) -> Result<Once<std::string>> {
        TRY(storage::IndexSpec spec, index_spec(request));
        return loop.wait(collections.create_index(place, std::move(spec), "k", {}));
    };
    EXPECT_EQ(make({"", {}, false, false}).error().field, "fields");
    EXPECT_EQ(make({"1x", {"a"}, false, false}).error().field, "name");
    EXPECT_EQ(make({"", {"a", "-a"}, false, false}).error().field, "fields.1");
    const auto made = make({"", {"a.b", "-c"}, true, false});
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(json::View(made->value).find("name")->as_string(), "by_a_b_-c");
    EXPECT_EQ(make({"by_a_b_-c", {"z"}, false, false}).error().code, ErrorCode::ALREADY_EXISTS);
}

}  // namespace
}  // namespace credvault::documents
