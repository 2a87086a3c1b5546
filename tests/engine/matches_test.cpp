// Operations that find records within a batch, guards, checks, and batches whose operations may fail alone.
#include <atomic>
#include <thread>

#include "engine/engine_test.h"
#include "engine/query_update.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Matches);

constexpr std::string_view things = "things";

ModifyMatches modify(std::string_view filter, const RecordChange& change, std::uint64_t limit = 1,
                     std::string_view sort = "") {
    return {things, filter_of(filter), sort_of(sort), limit, &change, false};
}

RemoveMatches remove(std::string_view filter, std::uint64_t limit = 1, std::string_view sort = "") {
    return {things, filter_of(filter), sort_of(sort), limit};
}

std::vector<std::string> five() {
    return {R"({"id":"a","n":3})", R"({"id":"b","n":1})", R"({"id":"c","n":2})", R"({"id":"d","n":1})",
            R"({"id":"e","m":0})"};
}

TEST_P(Matches, modify_the_first_in_order) {
    store.insert_all(five());
    const QueryUpdate mark(R"({"$set":{"hit":1}})");
    EXPECT_EQ(store.must(modify(R"({"n":{"$gt":0}})", mark)).id, "a");
    EXPECT_EQ(store.must(modify(R"({"n":{"$gt":0}})", mark, 1, "n")).id, "b");
    EXPECT_EQ(store.must(modify(R"({"n":{"$gt":0}})", mark, 1, "-n")).effect, Effect::Unchanged);
    const OperationOutcome none = store.must(modify(R"({"n":9})", mark));
    EXPECT_EQ(none.effect, Effect::Skipped);
    EXPECT_EQ(none.matched, 0u);
    EXPECT_EQ(store.ids(R"({"hit":1})"), (Ids{"a", "b"}));
}

TEST_P(Matches, modify_all) {
    store.insert_all(five());
    store.build(index_of("by_n", "n"));
    const QueryUpdate raise(R"({"$max":{"n":2}})");
    const OperationOutcome all = store.must(modify(R"({"n":{"$gt":0}})", raise, no_limit));
    EXPECT_EQ(all.effect, Effect::Changed);
    EXPECT_EQ(all.matched, 4u);
    EXPECT_EQ(all.modified, 2u);
    EXPECT_EQ(store.ids(R"({"n":2})"), (Ids{"b", "c", "d"}));
    EXPECT_EQ(store.get("c")->revision.version, 1u) << "what stays as it is, is not written";
    EXPECT_EQ(store.must(modify(R"({"n":2})", raise, no_limit)).effect, Effect::Unchanged);
}

TEST_P(Matches, see_what_the_batch_did) {
    store.insert_all(five());
    const QueryUpdate move(R"({"$set":{"n":50}})");
    const auto outcome = store.write({store.insertion(R"({"id":"f","n":7})"), modify(R"({"n":7})", move),
                                      modify(R"({"n":50})", move), remove(R"({"n":{"$gte":3}})", no_limit)});
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->operations[1].id, "f");
    EXPECT_EQ(outcome->operations[2].effect, Effect::Unchanged);
    EXPECT_EQ(outcome->operations[3].modified, 2u);
    EXPECT_EQ(store.ids(), (Ids{"b", "c", "d", "e"}));
}

TEST_P(Matches, remove_one_or_all) {
    store.insert_all(five());
    WriteBatch batch = store.batch({remove(R"({"n":1})", 1, "-id")});
    batch.want_before = true;
    const auto one = store.wait(engine().write(batch));
    ASSERT_TRUE(one.ok());
    EXPECT_EQ(one->operations[0].id, "d");
    EXPECT_NE(one->operations[0].before.find(R"("n":1)"), std::string::npos);
    EXPECT_EQ(store.must(remove("{}", no_limit)).modified, 4u);
    EXPECT_EQ(store.must(remove("{}", no_limit)).effect, Effect::Skipped);
    EXPECT_EQ(store.count(), 0u);
}

TEST_P(Matches, insert_where_nothing_is_found) {
    const QueryUpdate count(R"({"$inc":{"n":1},"$setOnInsert":{"made":true}})", R"({"id":"k"})");
    ModifyMatches upsert = modify(R"({"id":"k"})", count);
    upsert.upsert = true;
    const OperationOutcome first = store.must(upsert);
    EXPECT_EQ(first.effect, Effect::Created);
    EXPECT_EQ(first.id, "k");
    EXPECT_EQ(first.matched, 0u);
    EXPECT_EQ(store.must(upsert).effect, Effect::Changed);
    EXPECT_NE(store.get("k")->text.find(R"("made":true,"n":2)"), std::string::npos) << store.get("k")->text;
}

TEST_P(Matches, are_undone_with_their_batch) {
    store.insert_all(five());
    store.build(index_of("by_n", "n", true, true));
    ASSERT_EQ(store.describe().indexes[0].state, IndexState::Failed);
    ASSERT_TRUE(store.write({DropIndex{things, "by_n"}}).ok());
    store.build(index_of("by_u", "u", true, true));
    const QueryUpdate same(R"({"$set":{"u":1}})");
    EXPECT_EQ(store.refused({modify(R"({"n":1})", same, no_limit)}).code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(store.refused({store.removal("a"), modify(R"({"n":1})", same, no_limit)}).field, "1.u");
    EXPECT_EQ(store.count(R"({"u":1})"), 0u);
    EXPECT_EQ(store.count(), 5u);
}

TEST_P(Matches, keep_to_their_bounds) {
    store.insert_all(five());
    const QueryUpdate mark(R"({"$set":{"hit":1}})");
    WriteBatch batch = store.batch({modify(R"({"n":{"$gt":0}})", mark, no_limit)});
    batch.max_matched = 4;
    EXPECT_TRUE(store.wait(engine().write(batch)).ok());
    batch.max_matched = 3;
    EXPECT_EQ(store.wait(engine().write(batch)).error().code, ErrorCode::LIMIT_EXCEEDED);
}

TEST_P(Matches, guards_are_asked_again) {
    store.insert_all(five());
    const QueryUpdate take(R"({"$set":{"n":0}})");
    const query::Filter wanted = filter_of(R"({"n":1})");
    ModifyRecord loose = store.modification("b", take);
    loose.guard = {&wanted, false};
    ModifyRecord strict = loose;
    strict.guard.required = true;
    EXPECT_EQ(store.must(loose).effect, Effect::Changed);
    EXPECT_EQ(store.must(loose).effect, Effect::Skipped);
    EXPECT_EQ(store.refused({strict}).code, ErrorCode::WRITE_CONFLICT);
    RemoveRecord gone = store.removal("z");
    gone.guard = {&wanted, false};
    EXPECT_EQ(store.must(gone).effect, Effect::Skipped);
    gone.guard.required = true;
    EXPECT_EQ(store.refused({gone}).code, ErrorCode::WRITE_CONFLICT);
}

TEST_P(Matches, checks_hold_or_undo) {
    store.insert_all(five());
    const query::Filter three = filter_of(R"({"n":3})");
    CheckRecord version{things, "a", {}};
    version.precondition.if_version = 1;
    CheckRecord content{things, "a", {}};
    content.precondition.if_matches = &three;
    EXPECT_EQ(store.must(version).effect, Effect::Checked);
    EXPECT_EQ(store.must(content).effect, Effect::Checked);
    EXPECT_EQ(store.must(CheckMatches{things, filter_of(R"({"n":9})"), false}).effect, Effect::Checked);
    EXPECT_EQ(store.must(CheckMatches{things, filter_of(R"({"n":1})"), true}).effect, Effect::Checked);
    const auto refused = [&](Operation check) {
        const Error error = store.refused({store.removal("b"), std::move(check)});
        EXPECT_EQ(error.code, ErrorCode::PRECONDITION_FAILED);
        return error.field;
    };
    version.precondition.if_version = 2;
    EXPECT_EQ(refused(version), "1.if_version");
    content.id = "c";
    EXPECT_EQ(refused(content), "1.if_matches");
    content.id = "z";
    EXPECT_EQ(refused(content), "1.if_matches");
    EXPECT_EQ(refused(CheckMatches{things, filter_of(R"({"n":1})"), false}), "1.if_exists");
    EXPECT_EQ(refused(CheckMatches{things, filter_of(R"({"n":9})"), true}), "1.if_exists");
    EXPECT_EQ(store.count(), 5u);
}

TEST_P(Matches, operations_may_fail_alone) {
    store.insert_all(five());
    store.build(index_of("by_u", "u", true, true));
    const QueryUpdate same(R"({"$set":{"u":1}})");
    const QueryUpdate add(R"({"$inc":{"n":1}})");
    std::vector<Operation> operations{store.insertion(R"({"id":"a"})"), store.insertion(R"({"id":"f"})"),
                                      modify(R"({"n":1})", same, no_limit), store.removal("z"),
                                      modify(R"({"id":"c"})", add)};
    WriteBatch batch = store.batch(operations);
    batch.on_failure = OnFailure::Skip;
    const auto skipping = store.wait(engine().write(batch));
    ASSERT_TRUE(skipping.ok()) << skipping.error().message;
    const auto code = [&](std::size_t i) { return error_name(skipping->operations[i].error->code); };
    ASSERT_EQ(skipping->operations.size(), 5u);
    EXPECT_EQ(code(0), "ALREADY_EXISTS");
    EXPECT_EQ(skipping->operations[1].effect, Effect::Created);
    EXPECT_EQ(code(2), "DUPLICATE_KEY");
    EXPECT_EQ(code(3), "RECORD_NOT_FOUND");
    EXPECT_EQ(skipping->operations[4].effect, Effect::Changed);
    EXPECT_EQ(store.count(R"({"u":1})"), 0u) << "what a failed operation wrote is undone";
    EXPECT_EQ(store.ids(R"({"n":3})"), (Ids{"a", "c"}));
    EXPECT_EQ(store.describe().records, 6u);

    batch.operations = {store.insertion(R"({"id":"g"})"), store.removal("z"), store.removal("a")};
    batch.on_failure = OnFailure::Stop;
    const auto stopping = store.wait(engine().write(batch));
    ASSERT_TRUE(stopping.ok());
    ASSERT_EQ(stopping->operations.size(), 2u);
    EXPECT_EQ(stopping->operations[1].effect, Effect::Failed);
    EXPECT_EQ(store.count(R"({"id":{"$in":["a","g"]}})"), 2u);
}

TEST_P(Matches, give_each_waiting_thing_to_one_taker) {
    constexpr int jobs = 60;
    std::vector<std::string> records;
    for (int i = 0; i < jobs; ++i) records.push_back(R"({"state":"waiting","n":)" + std::to_string(i) + "}");
    store.insert_all(records);
    store.build(index_of("by_state", "state,n"));
    std::atomic<int> taken{0};
    {
        std::vector<std::jthread> takers;
        for (int t = 0; t < 4; ++t) {
            takers.emplace_back([&] {
                Store mine(engine(), "db_1", std::string(things));
                const QueryUpdate take(R"({"$set":{"state":"running"},"$inc":{"tries":1}})");
                while (mine.must(modify(R"({"state":"waiting"})", take, 1, "n")).effect == Effect::Changed)
                    ++taken;
            });
        }
    }
    EXPECT_EQ(taken, jobs);
    EXPECT_EQ(store.count(R"({"tries":1})"), static_cast<std::uint64_t>(jobs));
}

/// Money moves between accounts, guarded so that none goes below zero; another batch never sees a wrong sum.
TEST_P(Matches, transfers_keep_the_sum) {
    constexpr int accounts = 5;
    for (int i = 0; i < accounts; ++i) {
        store.insert_all({R"({"id":"acc)" + std::to_string(i) + R"(","balance":20})"});
    }
    const auto move = [&](Store& mine, unsigned step) {
        const std::string from = "acc" + std::to_string(step % accounts);
        const std::string to = "acc" + std::to_string(step / accounts % accounts);
        const std::string amount = std::to_string(1 + step % 13);
        const QueryUpdate pay(R"({"$inc":{"balance":-)" + amount + "}}");
        const QueryUpdate receive(R"({"$inc":{"balance":)" + amount + "}}");
        const query::Filter enough = filter_of(R"({"balance":{"$gte":)" + amount + "}}");
        ModifyRecord payment = mine.modification(from, pay);
        payment.precondition.if_matches = &enough;
        const auto done = mine.write({payment, mine.modification(to, receive)});
        if (!done.ok()) {
            EXPECT_EQ(done.error().code, ErrorCode::PRECONDITION_FAILED);
        }
    };
    {
        std::vector<std::jthread> payers;
        for (unsigned t = 0; t < 4; ++t) {
            payers.emplace_back([&, t] {
                Store mine(engine(), "db_1", std::string(things));
                for (unsigned i = 0; i < 60; ++i) move(mine, (t * 7919 + i * 104729) % 7907);
            });
        }
        Store reader(engine(), "db_1", std::string(things));
        for (int i = 0; i < 30; ++i) {
            std::int64_t sum = 0;
            for (const StoredRow& row : reader.find(reader.request()).rows) {
                const std::int64_t balance = json::View(row.text).find("balance")->as_int();
                EXPECT_GE(balance, 0);
                sum += balance;
            }
            ASSERT_EQ(sum, accounts * 20);
        }
    }
}

/// Two on call; each may leave only while another is there. Unguarded, both would read "two" and leave.
TEST_P(Matches, guarded_sets_see_no_write_skew) {
    for (int round = 0; round < 15; ++round) {
        store.write({remove("{}", no_limit)}).ok();
        store.insert_all({R"({"id":"x","on_call":true})", R"({"id":"y","on_call":true})"});
        std::atomic<int> left{0};
        {
            std::vector<std::jthread> doctors;
            for (const std::string id : {"x", "y"}) {
                doctors.emplace_back([&, id] {
                    Store mine(engine(), "db_1", std::string(things));
                    const QueryUpdate leave(R"({"$set":{"on_call":false}})");
                    const CheckMatches another{
                        things, filter_of(R"({"on_call":true,"id":{"$ne":")" + id + "\"}}"), true};
                    if (mine.write({another, mine.modification(id, leave)}).ok()) ++left;
                });
            }
        }
        EXPECT_EQ(left, 1);
        EXPECT_EQ(store.count(R"({"on_call":true})"), 1u);
    }
}

}  // namespace
}  // namespace credvault::storage::suite
