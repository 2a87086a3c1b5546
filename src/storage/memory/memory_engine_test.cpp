// What the contract suite (tests/engine) does not ask of every engine.
#include "storage/memory/memory_engine.h"

#include <gtest/gtest.h>

#include "base/run_loop.h"

namespace credvault::storage {
namespace {

class Memory : public testing::Test {
protected:
    Memory() {
        EXPECT_TRUE(loop.wait(engine.create_database("db_1")).ok());
        write({CreateCollection{"things", "{}"}, InsertRecord{"things", R"({"id":"1","n":1})", false},
               InsertRecord{"things", R"({"id":"2","n":2})", false}});
    }
    void write(std::vector<Operation> operations) {
        WriteBatch batch;
        batch.database = "db_1";
        batch.operations = std::move(operations);
        ASSERT_TRUE(loop.wait(engine.write(batch)).ok());
    }

    RunLoop loop;
    MemoryEngine engine;
};

TEST_F(Memory, answers_at_once) {
    EXPECT_TRUE(engine.list_databases().ready());
    EXPECT_TRUE(engine.describe_collection("db_1", "things").ready());
}

/// Calls the engine from within a row.
class Asking final : public RowSink {
public:
    explicit Asking(MemoryEngine& engine) : engine_(engine) {}
    bool row(const Row&) override {
        EXPECT_EQ(engine_.describe_collection("db_1", "things").take()->records, 2u);
        ++rows;
        return true;
    }
    void restart() override { rows = 0; }
    int rows = 0;

private:
    MemoryEngine& engine_;
};

TEST_F(Memory, holds_no_lock_while_it_gives_rows) {
    Asking sink(engine);
    FindRequest request;
    request.database = "db_1";
    request.collection = "things";
    EXPECT_TRUE(loop.wait(engine.find(request, sink)).ok());
    EXPECT_EQ(sink.rows, 2);
    const RecordKey key{"db_1", "things", "1"};
    EXPECT_TRUE(*loop.wait(engine.get(key, sink)));
    EXPECT_EQ(sink.rows, 3);
}

TEST_F(Memory, looks_at_every_record) {
    const std::string text = R"({"n":2})";
    FindRequest request;
    request.database = "db_1";
    request.collection = "things";
    request.filter = *query::parse_filter(json::View(text));
    Asking sink(engine);
    const auto found = loop.wait(engine.find(request, sink));
    EXPECT_EQ(sink.rows, 1);
    EXPECT_EQ(found->stats.records_examined, 2u);
    EXPECT_TRUE(found->stats.index.empty());
}

}  // namespace
}  // namespace credvault::storage
