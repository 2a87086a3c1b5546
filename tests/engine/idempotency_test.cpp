#include <atomic>
#include <thread>

#include "base/clock.h"
#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

ENGINE_TESTS(IdempotentBatches);

/// A batch that inserts one record and answers with its id and the record itself.
WriteBatch keyed(Store& store, std::string key, std::string fingerprint, std::int64_t lifetime_ms = day_ms) {
    WriteBatch batch = store.batch({store.insertion(R"({"a":1})")});
    batch.idempotency = Idempotency{std::move(key), std::move(fingerprint), now_ms() + lifetime_ms,
                                    [](const WriteOutcome& outcome) {
                                        const OperationOutcome& one = outcome.operations.at(0);
                                        return one.id + " " + one.record;
                                    }};
    return batch;
}

TEST_P(IdempotentBatches, are_written_once_and_answered_alike) {
    const WriteBatch batch = keyed(store, "key", "f1");
    const auto first = store.wait(engine().write(batch));
    ASSERT_TRUE(first.ok());
    EXPECT_FALSE(first->replayed);
    EXPECT_EQ(first->answer, first->operations.at(0).id + " " + first->operations.at(0).record);
    const auto second = store.wait(engine().write(batch));
    ASSERT_TRUE(second.ok());
    EXPECT_TRUE(second->replayed);
    EXPECT_TRUE(second->operations.empty());
    EXPECT_EQ(second->answer, first->answer);
    EXPECT_EQ(store.count(), 1u);
}

TEST_P(IdempotentBatches, refuse_a_key_with_another_request) {
    ASSERT_TRUE(store.wait(engine().write(keyed(store, "key", "f1"))).ok());
    const WriteBatch other = keyed(store, "key", "f2");
    const auto reused = store.wait(engine().write(other));
    EXPECT_EQ(reused.error().code, ErrorCode::IDEMPOTENCY_KEY_REUSED);
    EXPECT_EQ(reused.error().field, "Idempotency-Key");
    EXPECT_EQ(store.count(), 1u);
}

TEST_P(IdempotentBatches, tell_keys_and_databases_apart) {
    Store other(engine(), "db_2", "things");
    other.make();
    const WriteBatch one = keyed(store, "key", "f1");
    const WriteBatch longer = keyed(store, "key2", "f1");
    const WriteBatch elsewhere = keyed(other, "key", "f1");
    EXPECT_FALSE(store.wait(engine().write(one))->replayed);
    EXPECT_FALSE(store.wait(engine().write(longer))->replayed);
    EXPECT_FALSE(store.wait(engine().write(elsewhere))->replayed);
    EXPECT_EQ(store.count(), 2u);
    EXPECT_EQ(other.count(), 1u);
}

TEST_P(IdempotentBatches, take_keys_of_any_bytes_up_to_a_kibibyte) {
    const std::string key = std::string("a\0'\"\xff", 5) + std::string(1019, 'k');
    const WriteBatch batch = keyed(store, key, std::string("\0f\xfe", 3));
    EXPECT_FALSE(store.wait(engine().write(batch))->replayed);
    EXPECT_TRUE(store.wait(engine().write(batch))->replayed);
    const WriteBatch almost = keyed(store, key.substr(0, 1023) + "x", std::string("\0f\xfe", 3));
    EXPECT_FALSE(store.wait(engine().write(almost))->replayed);
}

TEST_P(IdempotentBatches, are_written_again_when_the_key_has_expired) {
    const WriteBatch brief = keyed(store, "key", "f1", 30);
    ASSERT_FALSE(store.wait(engine().write(brief))->replayed);
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    const WriteBatch again = keyed(store, "key", "f2");
    const auto written = store.wait(engine().write(again));
    ASSERT_TRUE(written.ok()) << written.error().message;
    EXPECT_FALSE(written->replayed);
    EXPECT_TRUE(store.wait(engine().write(again))->replayed) << "kept by its own, later time";
    EXPECT_EQ(store.count(), 2u);
}

TEST_P(IdempotentBatches, that_fail_are_not_kept) {
    WriteBatch failing = keyed(store, "key", "f1");
    failing.operations.push_back(store.removal("none"));
    EXPECT_EQ(store.wait(engine().write(failing)).error().code, ErrorCode::RECORD_NOT_FOUND);
    EXPECT_EQ(store.wait(engine().write(failing)).error().code, ErrorCode::RECORD_NOT_FOUND);
    const WriteBatch good = keyed(store, "key", "f2");
    EXPECT_FALSE(store.wait(engine().write(good))->replayed);
    EXPECT_EQ(store.count(), 1u);
}

TEST_P(IdempotentBatches, are_replayed_although_what_they_wrote_is_gone) {
    const WriteBatch batch = keyed(store, "key", "f1");
    const auto first = store.wait(engine().write(batch));
    store.must(store.removal(first->operations.at(0).id));
    store.must(DropCollection{"things"});
    const auto again = store.wait(engine().write(batch));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->answer, first->answer);
}

TEST_P(IdempotentBatches, are_written_once_by_many_at_a_time) {
    std::atomic<int> written = 0;
    std::vector<std::string> answers(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < answers.size(); ++t) {
            threads.emplace_back([&, t] {
                Store mine(engine(), "db_1", "things");
                const WriteBatch batch = keyed(mine, "key", "f1");
                const auto outcome = mine.wait(engine().write(batch));
                ASSERT_TRUE(outcome.ok());
                if (!outcome->replayed) ++written;
                answers[t] = outcome->answer;
            });
        }
    }
    EXPECT_EQ(written, 1);
    EXPECT_EQ(store.count(), 1u);
    for (const std::string& answer : answers) EXPECT_EQ(answer, answers[0]);
}

}  // namespace
}  // namespace credvault::storage::suite
