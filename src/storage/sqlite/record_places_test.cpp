// Where records lie is only a hint: answers are right whatever it says.
#include "storage/sqlite/record_places.h"

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::TestEngine;

TEST(RecordPlaces, FindsWhatWasNotedLast) {
    const RecordPlaces places(1 << 16);
    const std::uint64_t a = RecordPlaces::key_of(1, 1, "a");
    EXPECT_FALSE(places.find(a));
    places.note(a, 7);
    EXPECT_EQ(places.find(a), 7);
    places.note(a, 9);
    EXPECT_EQ(places.find(a), 9);
}

TEST(RecordPlaces, TellsDatabasesCollectionsAndIdsApart) {
    const RecordPlaces places(1 << 16);
    places.note(RecordPlaces::key_of(1, 1, "a"), 7);
    EXPECT_FALSE(places.find(RecordPlaces::key_of(2, 1, "a")));
    EXPECT_FALSE(places.find(RecordPlaces::key_of(1, 2, "a")));
    EXPECT_FALSE(places.find(RecordPlaces::key_of(1, 1, "b")));
}

TEST(RecordPlaces, KeepsToItsSizeAndNeverGivesAnothersPlace) {
    const RecordPlaces places(64 * 16);  // 16 cache lines of 4 places.
    std::size_t kept = 0;
    for (std::int64_t n = 1; n <= 1'000; ++n) places.note(RecordPlaces::key_of(1, 1, std::to_string(n)), n);
    for (std::int64_t n = 1; n <= 1'000; ++n) {
        const auto found = places.find(RecordPlaces::key_of(1, 1, std::to_string(n)));
        if (!found) continue;
        EXPECT_EQ(*found, n);
        ++kept;
    }
    EXPECT_LE(kept, 64u);
    EXPECT_GE(kept, 32u);
}

TEST(RecordPlaces, RemembersNothingWithoutRoom) {
    for (const std::size_t bytes : {0, 63}) {
        const RecordPlaces places(bytes);
        places.note(1, 1);
        EXPECT_FALSE(places.find(1));
    }
}

class Lookups : public ::testing::TestWithParam<std::size_t> {
protected:
    static SqliteOptions options() {
        SqliteOptions options;
        options.place_cache_bytes = GetParam();
        return options;
    }
    TestEngine test_{options()};
};

TEST_P(Lookups, FollowARecordThroughItsLives) {
    ASSERT_TRUE(test_.insert(R"({"id":"a","n":1})").ok());
    EXPECT_NE(test_.get("a").find("\"n\":1"), std::string::npos);
    ASSERT_TRUE(test_.write(RemoveRecord{"things", "a", {}}).ok());
    EXPECT_EQ(test_.get("a"), "");
    ASSERT_TRUE(test_.insert(R"({"id":"b","n":2})").ok());
    ASSERT_TRUE(test_.insert(R"({"id":"a","n":3})").ok());
    EXPECT_NE(test_.get("a").find("\"n\":3"), std::string::npos);
    EXPECT_FALSE(test_.insert(R"({"id":"a","n":4})").ok()) << "it is there";
}

TEST_P(Lookups, DoNotFindWhatWasRolledBack) {
    std::vector<Operation> operations;
    operations.emplace_back(InsertRecord{"things", R"({"id":"a","n":1})"});
    operations.emplace_back(InsertRecord{"things", R"({"id":"a","n":2})"});
    EXPECT_FALSE(test_.write(std::move(operations)).ok());
    EXPECT_EQ(test_.get("a"), "");
    ASSERT_TRUE(test_.insert(R"({"id":"z","n":5})").ok());  // Takes the place that the other one had.
    EXPECT_EQ(test_.get("a"), "");
    EXPECT_NE(test_.get("z").find("\"n\":5"), std::string::npos);
}

TEST_P(Lookups, DoNotMixUpCollectionsOfOneName) {
    ASSERT_TRUE(test_.insert(R"({"id":"a","n":1})").ok());
    EXPECT_NE(test_.get("a"), "");
    ASSERT_TRUE(test_.write(DropCollection{"things"}).ok());
    ASSERT_TRUE(test_.write(CreateCollection{"things", "{}"}).ok());
    EXPECT_EQ(test_.get("a"), "");
}

INSTANTIATE_TEST_SUITE_P(Sizes, Lookups, ::testing::Values(0, 64, 1 << 20));

}  // namespace
}  // namespace credvault::storage
