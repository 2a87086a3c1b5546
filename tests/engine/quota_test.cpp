#include <map>
#include <mutex>
#include <thread>

#include "engine/engine_test.h"
#include "engine/query_update.h"

namespace credvault::storage::suite {
namespace {

constexpr std::string_view things = "things";

/// Lets all databases together hold so much.
class OnePot final : public Quotas {
public:
    explicit OnePot(Stock most) : most_(most) {}

    std::shared_ptr<Allowance> allowance(std::string_view database) override {
        std::lock_guard lock(mutex_);
        std::shared_ptr<Part>& part = parts_[std::string(database)];
        if (!part) part = std::make_shared<Part>(*this);
        return part;
    }
    void place(std::string_view, std::string_view) override {}
    void forget(std::string_view) override {}

    Stock used() const {
        std::lock_guard lock(mutex_);
        return used_;
    }

private:
    class Part final : public Allowance {
    public:
        explicit Part(OnePot& pot) : pot_(pot) {}
        Status claim(const Stock& more) override {
            std::lock_guard lock(pot_.mutex_);
            if (pot_.used_.records + more.records > pot_.most_.records ||
                pot_.used_.bytes + more.bytes > pot_.most_.bytes) {
                return Error(ErrorCode::QUOTA_EXCEEDED, "full");
            }
            pot_.used_ += more;
            return {};
        }
        void settle(const Stock& added, const Stock& claimed) override {
            std::lock_guard lock(pot_.mutex_);
            total_ += added;
            pot_.used_ += added;
            pot_.used_ += -claimed;
        }
        void set(const Stock& total) override {
            std::lock_guard lock(pot_.mutex_);
            pot_.used_ += -total_;
            pot_.used_ += total;
            total_ = total;
        }

    private:
        OnePot& pot_;
        Stock total_;
    };

    const Stock most_;
    mutable std::mutex mutex_;
    Stock used_;
    std::map<std::string, std::shared_ptr<Part>> parts_;
};

class QuotaOf : public EngineTest {
protected:
    void SetUp() override {
        engine().set_quotas(&pot);
        store.make();
    }
    void TearDown() override { stack.stop(); }

    /// What is counted is what is there.
    void expect_counted() {
        const CollectionInfo info = store.describe();
        EXPECT_EQ(pot.used(), (Stock{static_cast<std::int64_t>(info.records),
                                     static_cast<std::int64_t>(info.record_bytes)}));
    }

    OnePot pot{{5, 2'000}};
};
INSTANTIATE_TEST_SUITE_P(Engines, QuotaOf, testing::ValuesIn(all_kinds()),
                         [](const auto& kind) { return kind.param.name; });

std::vector<std::string> four() {
    return {R"({"id":"a","n":1})", R"({"id":"b","n":2})", R"({"id":"c","n":3})", R"({"id":"d","n":4})"};
}

TEST_P(QuotaOf, records_ends_at_its_edge) {
    store.insert_all(four());
    store.must(store.insertion(R"({"id":"e"})"));
    EXPECT_EQ(store.refused({store.insertion(R"({"id":"f"})")}).code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_EQ(store.refused({store.put("f", "{}", true)}).code, ErrorCode::QUOTA_EXCEEDED);
    const QueryUpdate update(R"({"$set":{"x":1}})");
    EXPECT_EQ(store.refused({ModifyMatches{things, filter_of(R"({"n":99})"), {}, 1, &update, true}}).code,
              ErrorCode::QUOTA_EXCEEDED);
    EXPECT_EQ(store.must(store.put("a", R"({"n":7})")).effect, Effect::Changed);
    expect_counted();
    store.must(store.removal("a"));
    store.must(store.insertion(R"({"id":"f"})"));
    expect_counted();
}

TEST_P(QuotaOf, bytes_ends_at_its_edge) {
    store.must(store.insertion(R"({"id":"a","text":""})"));
    const auto free = static_cast<std::size_t>(2'000 - pot.used().bytes);
    const std::string fits = R"({"text":")" + std::string(free, 'x') + R"("})";
    const std::string too_long = R"({"text":")" + std::string(free + 1, 'x') + R"("})";
    EXPECT_EQ(store.refused({store.put("a", too_long)}).code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_EQ(store.must(store.put("a", fits)).effect, Effect::Changed);
    EXPECT_EQ(pot.used().bytes, 2'000);
    EXPECT_EQ(store.refused({store.insertion("{}")}).code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_EQ(store.must(store.put("a", R"({"text":"less"})")).effect, Effect::Changed);
    store.must(store.insertion("{}"));
    expect_counted();
}

TEST_P(QuotaOf, records_is_given_back_by_what_is_undone) {
    store.insert_all(four());
    const Error error = store.refused({store.insertion(R"({"id":"e"})"), store.insertion(R"({"id":"f"})")});
    EXPECT_EQ(error.code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_EQ(error.field, "1");
    expect_counted();
    EXPECT_EQ(store.refused({store.insertion(R"({"id":"e"})"), store.insertion(R"({"id":"a"})")}).code,
              ErrorCode::ALREADY_EXISTS);
    expect_counted();
    store.build(index_of("by_n", "n", true));
    EXPECT_EQ(store.refused({store.insertion(R"({"id":"e","n":1})")}).code, ErrorCode::DUPLICATE_KEY);
    expect_counted();
    store.must(store.insertion(R"({"id":"e","n":9})"));
}

TEST_P(QuotaOf, records_lets_a_batch_use_what_it_frees_itself) {
    store.insert_all(four());
    store.must(store.insertion(R"({"id":"e"})"));
    ASSERT_TRUE(store.write({store.removal("a"), store.insertion(R"({"id":"f"})")}).ok());
    expect_counted();
    ASSERT_TRUE(
        store
            .write({DropCollection{things}, CreateCollection{things, "{}"}, store.insertion(R"({"id":"1"})"),
                    store.insertion(R"({"id":"2"})"), store.insertion(R"({"id":"3"})")})
            .ok());
    expect_counted();
    EXPECT_EQ(pot.used().records, 3);
}

TEST_P(QuotaOf, records_refuses_operations_alone_where_they_may_fail_so) {
    store.insert_all(four());
    const QueryUpdate grow(R"({"$set":{"text":"0123456789012345678901234567890123456789"}})");
    WriteBatch batch = store.batch({store.insertion(R"({"id":"e"})"), store.insertion(R"({"id":"f"})"),
                                    ModifyMatches{things, filter_of("{}"), {}, no_limit, &grow, false},
                                    store.removal("a"), store.insertion(R"({"id":"g"})")});
    batch.on_failure = OnFailure::Skip;
    const auto outcome = store.wait(engine().write(batch));
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->operations[0].effect, Effect::Created);
    ASSERT_TRUE(outcome->operations[1].error);
    EXPECT_EQ(outcome->operations[1].error->code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_EQ(outcome->operations[2].modified, 5U);
    EXPECT_EQ(outcome->operations[4].effect, Effect::Created);
    expect_counted();
}

TEST_P(QuotaOf, records_is_exact_where_many_write_to_several_databases) {
    std::atomic<int> stored{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
            Store mine(engine(), "db_w" + std::to_string(i), "rows");
            mine.make();
            for (int n = 0; n < 5; ++n) stored += mine.write({mine.insertion("{}")}).ok() ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(stored, 5);
    EXPECT_EQ(pot.used().records, 5);
}

TEST_P(QuotaOf, matches_may_be_asked_to_be_fewer) {
    store.insert_all(four());
    const Error full(ErrorCode::QUOTA_EXCEEDED, "as many as there may be");
    CheckMatches room{things, filter_of(R"({"n":{"$gte":2}})"), true, 4, &full};
    EXPECT_TRUE(store.write({room, store.insertion(R"({"id":"e","n":5})")}).ok());
    const Error refused = store.refused({room, store.insertion(R"({"id":"f","n":6})")});
    EXPECT_EQ(refused.code, ErrorCode::QUOTA_EXCEEDED);
    EXPECT_EQ(refused.message, full.message);
    room.otherwise = nullptr;
    EXPECT_EQ(store.refused({room, store.removal("a")}).code, ErrorCode::PRECONDITION_FAILED);
    EXPECT_EQ(store.count(), 5U);
}

}  // namespace
}  // namespace credvault::storage::suite
