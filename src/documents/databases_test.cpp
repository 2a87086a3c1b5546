// What a start makes of creations and drops that were broken off, and of databases whose name is lost.
#include "documents/databases.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/run_loop.h"
#include "storage/memory/memory_engine.h"

namespace credvault::documents {
namespace {

class DatabasesTest : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(loop.wait(databases.load()).ok()); }

    /// A database of the engine with one collection, that has no name.
    void make_store(const std::string& id) {
        ASSERT_TRUE(loop.wait(engine.create_database(id)).ok());
        ASSERT_TRUE(write(id, storage::CreateCollection{"things", "{}"}));
    }
    bool write(std::string_view database, storage::Operation operation) {
        storage::WriteBatch batch;
        batch.database = database;
        batch.operations.push_back(std::move(operation));
        return loop.wait(engine.write(batch)).ok();
    }
    bool has(std::string_view id) {
        const auto stores = loop.wait(engine.list_databases());
        return std::find(stores->begin(), stores->end(), id) != stores->end();
    }
    std::uint64_t notes_of_drops() {
        storage::CountRequest request;
        request.database = "system";
        request.collection = "dropped_databases";
        return loop.wait(engine.count(request))->count;
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    Databases databases{engine};
};

TEST_F(DatabasesTest, AnEmptyStoreWithoutANameGoes) {
    ASSERT_TRUE(loop.wait(engine.create_database("db_unfinished")).ok());
    ASSERT_TRUE(loop.wait(Databases(engine).load()).ok());
    EXPECT_FALSE(has("db_unfinished"));
}

TEST_F(DatabasesTest, AStoreWithDataAndNoNameIsKept) {
    make_store("db_lost");
    ASSERT_TRUE(loop.wait(Databases(engine).load()).ok());
    EXPECT_TRUE(has("db_lost"));
}

TEST_F(DatabasesTest, ADropThatWasBrokenOffIsFinished) {
    make_store("db_half");
    ASSERT_TRUE(write("system", storage::InsertRecord{"dropped_databases", R"({"id":"db_half"})"}));
    ASSERT_TRUE(write("system", storage::InsertRecord{"dropped_databases", R"({"id":"db_gone_already"})"}));
    ASSERT_TRUE(loop.wait(Databases(engine).load()).ok());
    EXPECT_FALSE(has("db_half"));
    EXPECT_EQ(notes_of_drops(), 0U);
}

TEST_F(DatabasesTest, ADropLeavesNothing) {
    const auto made = loop.wait(databases.create("ws", "shop", "key_1", {}));
    ASSERT_TRUE(made.ok());
    ASSERT_TRUE(write(made->value->id, storage::CreateCollection{"things", "{}"}));
    ASSERT_TRUE(loop.wait(databases.drop("ws", "shop", "key_1")).ok());
    EXPECT_FALSE(has(made->value->id));
    EXPECT_EQ(notes_of_drops(), 0U);
    EXPECT_EQ(loop.wait(databases.drop("ws", "shop", "key_1")).error().code, ErrorCode::DATABASE_NOT_FOUND);
}

TEST_F(DatabasesTest, ADropSaysWhatGoes) {
    const auto made = loop.wait(databases.create("ws", "shop", "key_1", {}));
    ASSERT_TRUE(made.ok());
    for (int i = 0; i < 1'500; ++i) {
        const std::string name = "c" + std::to_string(10'000 + i);
        ASSERT_TRUE(write(made->value->id, storage::CreateCollection{name, "{}"}));
    }
    storage::ChangesRequest request;
    request.database = "system";
    request.collection = "dropped_databases";
    request.after = loop.wait(engine.changes(request))->horizon;
    ASSERT_TRUE(loop.wait(databases.drop("ws", "shop", "key_1")).ok());
    std::vector<std::string> notes;
    const auto page = loop.wait(engine.changes(request));
    ASSERT_TRUE(page.ok());
    for (const storage::Change& change : page->changes) {
        if (change.kind == storage::ChangeKind::Inserted) notes.push_back(change.id);
    }
    const std::string& id = made->value->id;
    EXPECT_EQ(notes, (std::vector<std::string>{id, id + ".1"})) << "a thousand names in each";
    EXPECT_EQ(notes_of_drops(), 0U);
}

TEST_F(DatabasesTest, ADropWithSeveralNotesIsFinished) {
    make_store("db_half");
    for (const char* note : {R"({"id":"db_half"})", R"({"id":"db_half.1"})"})
        ASSERT_TRUE(write("system", storage::InsertRecord{"dropped_databases", note}));
    ASSERT_TRUE(loop.wait(Databases(engine).load()).ok());
    EXPECT_FALSE(has("db_half"));
    EXPECT_EQ(notes_of_drops(), 0U);
}

}  // namespace
}  // namespace credvault::documents
