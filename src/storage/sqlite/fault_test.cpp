// Each write, or each flush, of a workload fails in turn. Whatever happens: what was answered is there, nothing is half
// applied, the engine works again once the fault is gone, and the files are sound.
#include <gmock/gmock.h>

#include <map>

#include "storage/sqlite/check.h"
#include "storage/sqlite/faulty_vfs_testing.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::Fault;
using testing::index_of;
using testing::SetFields;
using testing::TestEngine;

SqliteOptions faulty_options() {
    testing::register_faulty_vfs();
    SqliteOptions options;
    options.vfs = "faulty";
    options.checkpoint_bytes = 200'000;
    options.instant_index_records = 20;
    return options;
}

/// What the workload knows: the value that each record must have, where it is certain.
class Workload {
public:
    explicit Workload(TestEngine& test) : test_(test) {}

    void run() {
        for (int round = 0; round < 6; ++round) {
            insert_one(round);
            insert_many(round);
            change(round);
            remove(round);
            together(round);
        }
        (void)test_.write(CreateIndex{"things", index_of("by_late", "late")});
    }

    /// Each record is there with the value it was answered to have; what failed is there whole or not at all.
    void verify() {
        for (const auto& [id, n] : certain_) {
            const std::string text = test_.get(id);
            if (n < 0) {
                EXPECT_EQ(text, "") << id;
            } else {
                ASSERT_NE(text, "") << id << " was answered";
                EXPECT_EQ(json::View(text).find("n")->as_int(), n) << id;
            }
        }
        for (const auto& [first, second] : pairs_)
            EXPECT_EQ(test_.get(first) == "", test_.get(second) == "") << first;
    }
    int answered() const { return answered_; }

private:
    bool note(const Result<WriteOutcome>& result) {
        if (result.ok()) {
            ++answered_;
            return true;
        }
        const ErrorCode code = result.error().code;
        EXPECT_TRUE(code == ErrorCode::STORAGE_FULL || code == ErrorCode::STORAGE_UNAVAILABLE ||
                    code == ErrorCode::RECORD_NOT_FOUND)
            << error_name(code) << " " << result.error().message << " " << result.error().cause;
        return false;
    }
    static std::string text_of(const std::string& id, int n) {
        return "{\"id\":\"" + id + "\",\"n\":" + std::to_string(n) + ",\"late\":" + std::to_string(n % 3) +
               ",\"text\":\"" + std::string(400, 'x') + "\"}";
    }
    void insert_one(int round) {
        const std::string id = "one" + std::to_string(round);
        const std::string text = text_of(id, round);
        if (note(test_.insert(text))) certain_[id] = round;
    }
    void insert_many(int round) {
        std::vector<std::string> texts;
        for (int i = 0; i < 30; ++i) texts.push_back(text_of(id_of_many(round, i), i));
        std::vector<Operation> operations;
        for (const std::string& text : texts) operations.push_back(InsertRecord{"things", text});
        const bool done = note(test_.write(std::move(operations)));
        for (int i = 0; i < 30 && done; ++i) certain_[id_of_many(round, i)] = i;
        for (int i = 1; i < 30; ++i) pairs_.emplace_back(id_of_many(round, 0), id_of_many(round, i));
    }
    void change(int round) {
        const std::string id = "one" + std::to_string(round / 2);
        const SetFields fields("{\"n\":" + std::to_string(100 + round) + "}");
        const auto result = test_.write(ModifyRecord{"things", id, &fields, {}});
        if (note(result)) {
            certain_[id] = 100 + round;
        } else if (result.error().code != ErrorCode::RECORD_NOT_FOUND) {
            certain_.erase(id);  // Whether it was changed is not known.
        }
    }
    void remove(int round) {
        const std::string id = "lone" + std::to_string(round);
        const std::string text = text_of(id, 1);
        if (!note(test_.insert(text))) return;
        if (note(test_.write(RemoveRecord{"things", id, {}}))) certain_[id] = -1;
    }
    /// Batches that share a commit, of which some have two records.
    void together(int round) {
        constexpr int batches = 8;
        std::vector<std::string> texts;
        for (int i = 0; i < batches * 2; ++i) texts.push_back(text_of(id_of_group(round, i), i));
        std::vector<WriteBatch> waiting(batches);
        for (int i = 0; i < batches; ++i) {
            WriteBatch& batch = waiting[static_cast<std::size_t>(i)];
            batch.database = "db";
            batch.operations.push_back(InsertRecord{"things", texts[static_cast<std::size_t>(i * 2)]});
            batch.operations.push_back(InsertRecord{"things", texts[static_cast<std::size_t>(i * 2 + 1)]});
            pairs_.emplace_back(id_of_group(round, i * 2), id_of_group(round, i * 2 + 1));
        }
        std::vector<Reply<WriteOutcome>> replies;
        for (const WriteBatch& batch : waiting) replies.push_back(test_.engine().write(batch));
        for (int i = 0; i < batches; ++i) {
            if (!note(test_.wait(std::move(replies[static_cast<std::size_t>(i)])))) continue;
            certain_[id_of_group(round, i * 2)] = i * 2;
            certain_[id_of_group(round, i * 2 + 1)] = i * 2 + 1;
        }
    }
    static std::string id_of_many(int round, int i) {
        return "many" + std::to_string(round) + "-" + std::to_string(i);
    }
    static std::string id_of_group(int round, int i) {
        return "group" + std::to_string(round) + "-" + std::to_string(i);
    }

    TestEngine& test_;
    std::map<std::string, int> certain_;
    std::vector<std::pair<std::string, std::string>> pairs_;
    int answered_ = 0;
};

void expect_sound(TestEngine& test) {
    test.close();
    const auto report = check_directory(test.path());
    ASSERT_TRUE(report.ok());
    for (const CheckProblem& problem : report->problems) ADD_FAILURE() << problem.what;
    test.open();
}

/// False once the workload does not reach the n-th operation any more.
bool run_with(Fault fault, std::int64_t nth, bool lasting) {
    SCOPED_TRACE("operation " + std::to_string(nth) + (lasting ? " and all after it" : ""));
    TestEngine test(faulty_options());
    EXPECT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n,late")}).ok());
    Workload workload(test);
    testing::fail_at(fault, nth, lasting);
    workload.run();
    const bool struck = testing::failures() > 0;
    testing::stop_failing();
    workload.verify();
    EXPECT_TRUE(test.insert(R"({"id":"after"})").ok()) << "writing goes on when the fault is gone";
    workload.verify();
    expect_sound(test);
    workload.verify();
    EXPECT_NE(test.get("after"), "");
    return struck && !::testing::Test::HasFailure();
}

class Faults : public ::testing::TestWithParam<std::pair<Fault, bool>> {};

TEST_P(Faults, LoseAndHalveNothing) {
    const auto [fault, lasting] = GetParam();
    std::int64_t tried = 0;
    // Every operation at first, then every few: the workload repeats itself.
    for (std::int64_t nth = 1; run_with(fault, nth, lasting); nth += 1 + nth / 6) ++tried;
    EXPECT_GT(tried, 10);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Faults,
                         ::testing::Values(std::pair(Fault::WriteFails, false),
                                           std::pair(Fault::WriteFails, true),
                                           std::pair(Fault::NoSpace, false), std::pair(Fault::NoSpace, true),
                                           std::pair(Fault::FlushFails, false),
                                           std::pair(Fault::FlushFails, true)));

TEST(FullDisk, LeavesReadingAsItIs) {
    TestEngine test(faulty_options());
    ASSERT_TRUE(test.insert(R"({"id":"a","n":1})").ok());
    testing::fail_at(Fault::NoSpace, 1, true);
    EXPECT_EQ(test.insert(R"({"id":"b"})").error().code, ErrorCode::STORAGE_FULL);
    EXPECT_NE(test.get("a"), "");
    EXPECT_EQ(test.count("{}"), 1u);
    EXPECT_EQ(test.wait(test.engine().create_database("more")).error().code, ErrorCode::STORAGE_FULL);
    testing::stop_failing();
    EXPECT_TRUE(test.insert(R"({"id":"b"})").ok());
    EXPECT_TRUE(test.wait(test.engine().create_database("more")).ok());
    for (const StoreHealth& store : test.engine().health()) EXPECT_TRUE(store.ready);
}

}  // namespace
}  // namespace credvault::storage
