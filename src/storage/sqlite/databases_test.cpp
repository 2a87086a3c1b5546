// Many databases, the lock on the directory, damaged files and files of other versions.
#include "storage/sqlite/databases.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using ::testing::HasSubstr;
using testing::index_of;
using ::testing::SizeIs;
using testing::TestEngine;
using testing::TextSink;

Result<WriteOutcome> write_to(TestEngine& test, const std::string& database, Operation operation) {
    WriteBatch batch;
    batch.database = database;
    batch.operations.push_back(std::move(operation));
    return test.wait(test.engine().write(batch));
}

Result<bool> get_from(TestEngine& test, const std::string& database, std::string_view id) {
    TextSink sink;
    const RecordKey key{database, "things", id};
    return test.wait(test.engine().get(key, sink));
}

TEST(Databases, StayFewOpenAmongMany) {
    SqliteOptions options;
    options.max_open_databases = 4;
    TestEngine test(options);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 20; ++i) {
            const std::string id = "d" + std::to_string(i);
            if (round == 0) {
                ASSERT_TRUE(test.wait(test.engine().create_database(id)).ok());
                ASSERT_TRUE(write_to(test, id, CreateCollection{"things", "{}"}).ok());
                ASSERT_TRUE(write_to(test, id, InsertRecord{"things", R"({"id":"a"})", false}).ok());
            }
            const auto found = get_from(test, id, "a");
            ASSERT_TRUE(found.ok()) << found.error().message << found.error().cause;
            EXPECT_TRUE(*found);
        }
    }
    for (int tries = 0; tries < 100 && test.engine().metrics().open_databases > 4; ++tries) ::usleep(20'000);
    EXPECT_LE(test.engine().metrics().open_databases, 4u);
    EXPECT_THAT(*test.wait(test.engine().list_databases()), SizeIs(21));
}

TEST(Databases, KeepsASecondProcessOut) {
    TestEngine test;
    const auto second = open_sqlite_engine(test.options());
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::STORAGE_UNAVAILABLE);
    EXPECT_THAT(second.error().message, HasSubstr(test.path()));
    EXPECT_THAT(second.error().message, HasSubstr("in use"));
}

TEST(Databases, SaysWhenTheDirectoryCantBeUsed) {
    SqliteOptions options;
    options.directory = "/dev/null/data";
    const auto opened = open_sqlite_engine(options);
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.error().message, HasSubstr("/dev/null/data"));
}

TEST(Databases, DropsAndMakesAnewUnderTheSameId) {
    TestEngine test;
    ASSERT_TRUE(test.insert(R"({"id":"a"})").ok());
    ASSERT_TRUE(test.wait(test.engine().drop_database("db")).ok());
    EXPECT_EQ(test.insert(R"({"id":"a"})").error().code, ErrorCode::DATABASE_NOT_FOUND);
    struct stat found {};
    EXPECT_NE(::stat(test.file().c_str(), &found), 0);
    EXPECT_NE(::stat((test.file() + "-wal").c_str(), &found), 0);
    ASSERT_TRUE(test.wait(test.engine().create_database("db")).ok());
    ASSERT_TRUE(test.write(CreateCollection{"things", "{}"}).ok());
    EXPECT_EQ(test.get("a"), "");
    ASSERT_TRUE(test.insert(R"({"id":"b"})").ok());
    test.reopen();
    EXPECT_NE(test.get("b"), "");
}

TEST(Databases, HoldThousandsOfCollections) {
    TestEngine test;
    for (int first = 0; first < 3000; first += 1000) {
        std::vector<std::string> names;
        for (int i = first; i < first + 1000; ++i) names.push_back("c" + std::to_string(i));
        std::vector<Operation> operations;
        for (const std::string& name : names) operations.push_back(CreateCollection{name, "{}"});
        ASSERT_TRUE(test.write(std::move(operations)).ok());
    }
    ASSERT_TRUE(test.write(InsertRecord{"c2999", R"({"id":"a"})", false}).ok());
    test.reopen();
    EXPECT_THAT(*test.wait(test.engine().list_collections("db")), SizeIs(3001));
    EXPECT_EQ(test.wait(test.engine().describe_collection("db", "c2999"))->records, 1u);
}

TEST(Databases, RefuseMoreCollectionsAndIndexesThanAllowed) {
    SqliteOptions options;
    options.max_collections = 3;
    options.max_indexes = 2;
    TestEngine test(options);
    ASSERT_TRUE(test.write(CreateCollection{"two", "{}"}).ok());
    ASSERT_TRUE(test.write(CreateCollection{"three", "{}"}).ok());
    EXPECT_EQ(test.write(CreateCollection{"four", "{}"}).error().code, ErrorCode::LIMIT_EXCEEDED);
    ASSERT_TRUE(test.write(CreateIndex{"two", index_of("a", "a")}).ok());
    ASSERT_TRUE(test.write(CreateIndex{"two", index_of("b", "b")}).ok());
    EXPECT_EQ(test.write(CreateIndex{"two", index_of("c", "c")}).error().code, ErrorCode::LIMIT_EXCEEDED);
}

TEST(Databases, DoNotLimitTheSystemsCollections) {
    SqliteOptions options;
    options.max_collections = 1;
    TestEngine test(options);
    for (const std::string_view name : {"one", "two", "three"}) {
        EXPECT_TRUE(write_to(test, "system", CreateCollection{name, "{}"}).ok()) << name;
    }
}

class DamagedFile : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(test.wait(test.engine().create_database("other")).ok());
        ASSERT_TRUE(write_to(test, "other", CreateCollection{"things", "{}"}).ok());
        for (int i = 0; i < 200; ++i) {
            const std::string text =
                "{\"id\":\"r" + std::to_string(i) + "\",\"text\":\"" + std::string(300, 'x') + "\"}";
            ASSERT_TRUE(test.insert(text).ok());
        }
        test.close();
    }

    void overwrite(std::streamoff at, std::size_t bytes) {
        std::fstream file(test.file(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(at);
        file << std::string(bytes, '\x5a');
    }
    void expect_damaged() {
        test.open();
        const auto scanned = test.wait(test.engine().find(test.request("{}"), sink_));
        ASSERT_FALSE(scanned.ok());
        EXPECT_EQ(scanned.error().code, ErrorCode::DATABASE_DAMAGED);
        EXPECT_THAT(scanned.error().message, Not(HasSubstr(test.path())));
        EXPECT_EQ(test.insert("{}").error().code, ErrorCode::DATABASE_DAMAGED);
        EXPECT_EQ(get_from(test, "db", "r1").error().code, ErrorCode::DATABASE_DAMAGED);
        EXPECT_TRUE(write_to(test, "other", InsertRecord{"things", R"({"id":"a"})", false}).ok());
        EXPECT_TRUE(*get_from(test, "other", "a"));
        for (const StoreHealth& store : test.engine().health()) {
            EXPECT_EQ(store.ready, store.database != "db");
            EXPECT_EQ(store.reason.empty(), store.ready);
        }
    }

    TestEngine test;
    TextSink sink_;
};

TEST_F(DamagedFile, WithoutAHeader) {
    overwrite(0, 100);
    expect_damaged();
}

TEST_F(DamagedFile, WithBrokenPages) {
    const auto page = static_cast<std::streamoff>(test.options().page_bytes);
    overwrite(page * 14, test.options().page_bytes * 20);
    expect_damaged();
}

TEST_F(DamagedFile, CutOff) {
    ASSERT_EQ(::truncate(test.file().c_str(), static_cast<off_t>(test.options().page_bytes * 10)), 0);
    expect_damaged();
}

TEST_F(DamagedFile, OfAnotherProgram) {
    {
        std::ofstream file(test.file(), std::ios::binary | std::ios::trunc);
        file << "This is a text and no database.";
    }
    expect_damaged();
}

TEST(FileFormat, RefusesANewerOneAndSaysSo) {
    TestEngine test;
    test.close();
    {
        const auto connection = *Connection::open(test.file(), Connection::Mode::Write, test.options());
        ASSERT_TRUE(connection->execute("PRAGMA user_version=7").ok());
    }
    test.open();
    const auto refused = test.insert("{}");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::DATABASE_DAMAGED);
    EXPECT_THAT(refused.error().message, HasSubstr("newer version"));
}

}  // namespace
}  // namespace credvault::storage
