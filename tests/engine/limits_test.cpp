#include <chrono>
#include <thread>

#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(WorkBounds);

std::vector<std::string> wide_records(int count) {
    std::vector<std::string> records;
    for (int i = 0; i < count; ++i) {
        const std::string n = std::to_string(i);
        records.push_back(R"({"id":")" + n + R"(","n":)" + n + R"(,"text":")" + std::string(500, 'x') +
                          R"("})");
    }
    return records;
}

/// Takes its time over each row, and may cancel the query.
class SlowSink final : public RowSink {
public:
    explicit SlowSink(std::chrono::microseconds pause, std::atomic<bool>* cancel = nullptr)
        : pause_(pause), cancel_(cancel) {}
    bool row(const Row&) override {
        ++rows;
        std::this_thread::sleep_for(pause_);
        if (cancel_ != nullptr) *cancel_ = true;
        return true;
    }
    void restart() override { rows = 0; }
    int rows = 0;

private:
    std::chrono::microseconds pause_;
    std::atomic<bool>* cancel_;
};

TEST_P(WorkBounds, stop_what_takes_too_long) {
    store.insert_all(wide_records(1000));
    FindRequest request = store.request();
    request.limits.timeout_ms = 20;
    SlowSink sink(std::chrono::microseconds(200));
    const auto result = store.wait(engine().find(request, sink));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::QUERY_TIMEOUT);
    EXPECT_NE(result.error().message.find("20 ms"), std::string::npos) << result.error().message;
    EXPECT_LT(sink.rows, 1000);
}

TEST_P(WorkBounds, stop_what_is_cancelled_before) {
    store.insert_all(wide_records(300));
    const std::atomic<bool> cancelled = true;
    FindRequest request = store.request(R"({"n":{"$gte":0}})", "n");
    request.limits.cancelled = &cancelled;
    KeepingSink sink;
    EXPECT_EQ(store.wait(engine().find(request, sink)).error().code, ErrorCode::QUERY_TIMEOUT);
    CountRequest count;
    count.database = "db_1";
    count.collection = "things";
    count.filter = filter_of(R"({"n":{"$gte":0}})");
    count.limits.cancelled = &cancelled;
    EXPECT_EQ(store.wait(engine().count(count)).error().code, ErrorCode::QUERY_TIMEOUT);
}

TEST_P(WorkBounds, stop_what_is_cancelled_on_the_way) {
    store.insert_all(wide_records(1000));
    std::atomic<bool> cancelled = false;
    FindRequest request = store.request();
    request.limits.cancelled = &cancelled;
    SlowSink sink(std::chrono::microseconds(0), &cancelled);
    EXPECT_EQ(store.wait(engine().find(request, sink)).error().code, ErrorCode::QUERY_TIMEOUT);
    EXPECT_LT(sink.rows, 1000);
}

TEST_P(WorkBounds, refuse_to_sort_what_needs_too_much_memory) {
    store.insert_all(wide_records(400));
    FindRequest request = store.request("{}", "-n");
    request.limits.memory_bytes = 20'000;
    KeepingSink sink;
    const auto result = store.wait(engine().find(request, sink));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::QUERY_TOO_LARGE);
    EXPECT_NE(result.error().message.find("'-n'"), std::string::npos) << result.error().message;
    EXPECT_TRUE(sink.rows.empty());
    request.limit = 10;
    EXPECT_EQ(store.find(request).ids.front(), "399") << "the first few fit";
    request.limit = no_limit;
    request.sort = {};
    EXPECT_EQ(store.find(request).ids.size(), 400u) << "what needs no sorting needs no memory";
    if (!GetParam().plans()) return;
    store.build(index_of("by_n", "n"));
    request.sort = sort_of("-n");
    EXPECT_EQ(store.find(request).ids.size(), 400u) << "an index does the sorting";
}

TEST_P(WorkBounds, leave_the_engine_as_it_was) {
    store.insert_all(wide_records(300));
    FindRequest request = store.request("{}", "-n");
    request.limits.memory_bytes = 1;
    for (int i = 0; i < 50; ++i) {
        KeepingSink sink;
        EXPECT_FALSE(store.wait(engine().find(request, sink)).ok());
    }
    EXPECT_EQ(store.count(), 300u);
    store.must(store.insertion(R"({"id":"one more"})"));
    EXPECT_EQ(store.ids().size(), 301u);
}

}  // namespace
}  // namespace credvault::storage::suite
