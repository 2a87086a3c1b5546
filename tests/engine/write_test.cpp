#include <algorithm>

#include "base/clock.h"
#include "engine/engine_test.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Writes);

/// Sets the user's fields to fixed text, or fails.
class Fixed final : public RecordChange {
public:
    explicit Fixed(Result<std::string> result) : result_(std::move(result)) {}
    Result<std::string> apply(const json::View& current) const override {
        seen = current.text();
        if (!result_.ok()) return Error(result_.error());
        return *result_;
    }
    mutable std::string seen;

private:
    Result<std::string> result_;
};

std::string times(std::int64_t created, std::int64_t updated) {
    return R"(,"created_at":")" + format_time(created) + R"(","updated_at":")" + format_time(updated) +
           R"(","_version":)";
}

TEST_P(Writes, insert_with_an_id_of_ours) {
    const auto outcome = store.write({store.insertion(R"({"a":1})")});
    ASSERT_TRUE(outcome.ok());
    EXPECT_FALSE(outcome->replayed);
    const OperationOutcome& one = outcome->operations.at(0);
    EXPECT_EQ(one.effect, Effect::Created);
    EXPECT_EQ(one.id.size(), 26u);
    EXPECT_EQ(one.revision.version, 1u);
    EXPECT_GT(one.revision.incarnation, 0u);
    const std::string expected =
        R"({"id":")" + one.id + R"(","a":1)" + times(outcome->time_ms, outcome->time_ms) + "1}";
    EXPECT_EQ(one.record, expected);
    const auto stored = store.get(one.id);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->text, expected);
    EXPECT_EQ(stored->revision, one.revision);
}

TEST_P(Writes, give_ids_that_rise) {
    std::string last;
    for (int i = 0; i < 30; ++i) {
        const std::string id = store.must(store.insertion("{}")).id;
        EXPECT_LT(last, id);
        last = id;
    }
    std::vector<Operation> several(50, store.insertion("{}"));
    const auto outcome = store.write(several);
    for (const OperationOutcome& one : outcome->operations) {
        EXPECT_LT(last, one.id);
        last = one.id;
    }
}

TEST_P(Writes, insert_with_the_id_given) {
    EXPECT_EQ(store.must(store.insertion(R"({"a":1,"id":"mine"})")).id, "mine");
    EXPECT_TRUE(store.get("mine")->text.starts_with(R"({"id":"mine","a":1,)"));
    const Error error = store.refused({store.insertion(R"({"id":"mine"})")});
    EXPECT_EQ(error.code, ErrorCode::ALREADY_EXISTS);
    EXPECT_EQ(error.field, "id");
    EXPECT_EQ(error.message, "A record with the id 'mine' exists already");
}

TEST_P(Writes, take_any_id) {
    Ids ids{"/",   "\"",   "\\", " ",    "%00", "é", "𝄞",
            "a.b", "$set", "0",  "null", "Z",   "a", std::string(128, 'i')};
    for (const std::string& id : ids) {
        std::string record;
        record += R"({"n":1})";
        EXPECT_EQ(store.must(store.put(id, record, true)).id, id);
        ASSERT_TRUE(store.get(id)) << id;
        EXPECT_EQ(id_of(store.get(id)->text), id);
    }
    std::sort(ids.begin(), ids.end());
    EXPECT_EQ(store.ids(), ids) << "in the order of their bytes";
    EXPECT_EQ(store.get("z"), std::nullopt);
    EXPECT_EQ(store.get(""), std::nullopt);
    EXPECT_EQ(store.get(std::string(100'000, 'i')), std::nullopt);
    for (const std::string& id : ids) store.must(store.removal(id));
    EXPECT_EQ(store.count(), 0u);
}

TEST_P(Writes, give_back_the_bytes_they_were_given) {
    std::string deep = "1";
    for (int i = 0; i < 98; ++i) deep = "[" + deep + "]";
    const std::string fields =
        R"("":0,"a.b":1,"$x":{"":{}},"i":[9223372036854775807,-9223372036854775808,0,-1],"d":[1.0,-0.0,1e+300,5e-324,0.1],)"
        R"("s":["","é𝄞\u0001\"\\\n","a\u007fb"],"n":null,"t":true,"e":[[],{},[[]]],"deep":)" +
        deep;
    const std::string given = canonical(R"({"id":"1",)" + fields + "}");
    store.must(store.insertion(given));
    const std::string text = store.get("1")->text;
    EXPECT_TRUE(text.starts_with(given.substr(0, given.size() - 1) + R"(,"created_at":)")) << text;
}

TEST_P(Writes, keep_times_only_where_told_to) {
    InsertRecord insertion =
        store.insertion(R"({"id":"1","created_at":"2020-01-01","updated_at":"2021-06-01T12:00:00.5+02:00"})");
    insertion.keep_times = true;
    store.must(insertion);
    EXPECT_EQ(store.get("1")->text, R"({"id":"1","created_at":"2020-01-01T00:00:00.000Z",)"
                                    R"("updated_at":"2021-06-01T10:00:00.500Z","_version":1})");
    insertion = store.insertion(R"({"id":"2","created_at":"2020-01-01","_version":9})");
    EXPECT_GT(store.must(insertion).record.find(R"("_version":1})"), 0u);
    EXPECT_EQ(store.get("2")->text.find("2020"), std::string::npos);
}

TEST_P(Writes, put_replaces_and_counts) {
    const auto first = store.write({store.insertion(R"({"id":"1","a":1,"b":2})")});
    const auto second = store.write({store.put("1", R"({"b":3,"_version":50,"id":"1"})")});
    ASSERT_TRUE(second.ok());
    const OperationOutcome& one = second->operations.at(0);
    EXPECT_EQ(one.effect, Effect::Changed);
    EXPECT_EQ(one.record, R"({"id":"1","b":3)" + times(first->time_ms, second->time_ms) + "2}");
    EXPECT_EQ(one.revision.version, 2u);
    EXPECT_EQ(one.revision.incarnation, first->operations[0].revision.incarnation);
    EXPECT_EQ(store.get("1")->text, one.record);
}

TEST_P(Writes, put_of_the_same_fields_changes_nothing) {
    const OperationOutcome first = store.must(store.insertion(R"({"id":"1","a":[1,{"b":2}]})"));
    const OperationOutcome again = store.must(store.put("1", R"({"a":[1,{"b":2}]})"));
    EXPECT_EQ(again.effect, Effect::Unchanged);
    EXPECT_EQ(again.revision, first.revision);
    EXPECT_EQ(again.record, first.record);
    EXPECT_EQ(store.get("1")->text, first.record);
}

TEST_P(Writes, put_creates_only_where_told_to) {
    const Error error = store.refused({store.put("1", "{}")});
    EXPECT_EQ(error.code, ErrorCode::RECORD_NOT_FOUND);
    EXPECT_EQ(error.message, "There is no record with the id '1'");
    const OperationOutcome made = store.must(store.put("1", R"({"a":1})", true));
    EXPECT_EQ(made.effect, Effect::Created);
    EXPECT_EQ(made.revision.version, 1u);
    EXPECT_EQ(store.must(store.put("1", R"({"a":2})", true)).effect, Effect::Changed);
}

TEST_P(Writes, modify_hands_over_the_whole_record) {
    const OperationOutcome first = store.must(store.insertion(R"({"id":"1","a":1})"));
    const Fixed change{std::string(R"({"id":"other","a":2,"created_at":"x"})")};
    const OperationOutcome changed = store.must(store.modification("1", change));
    EXPECT_EQ(change.seen, first.record);
    EXPECT_EQ(changed.effect, Effect::Changed);
    EXPECT_EQ(changed.revision.version, 2u);
    EXPECT_TRUE(changed.record.starts_with(R"({"id":"1","a":2,"created_at":"20)"));
    EXPECT_EQ(store.must(store.modification("1", change)).effect, Effect::Unchanged);
    EXPECT_EQ(store.refused({store.modification("none", change)}).code, ErrorCode::RECORD_NOT_FOUND);
}

TEST_P(Writes, modify_passes_on_why_it_can_not_be_done) {
    const OperationOutcome first = store.must(store.insertion(R"({"id":"1","a":1})"));
    const Fixed failing{Error(ErrorCode::INVALID_PATCH, "no such path", "/0/path")};
    const Error error = store.refused({store.modification("1", failing)});
    EXPECT_EQ(error.code, ErrorCode::INVALID_PATCH);
    EXPECT_EQ(error.message, "no such path");
    EXPECT_EQ(error.field, "/0/path");
    EXPECT_EQ(store.get("1")->text, first.record);
}

TEST_P(Writes, remove_takes_away) {
    const OperationOutcome first = store.must(store.insertion(R"({"id":"1","a":1})"));
    const OperationOutcome removed = store.must(store.removal("1"));
    EXPECT_EQ(removed.effect, Effect::Removed);
    EXPECT_EQ(removed.id, "1");
    EXPECT_EQ(removed.revision, first.revision);
    EXPECT_TRUE(removed.record.empty());
    EXPECT_EQ(store.get("1"), std::nullopt);
    EXPECT_EQ(store.ids(), Ids{});
    EXPECT_EQ(store.refused({store.removal("1")}).code, ErrorCode::RECORD_NOT_FOUND);
}

TEST_P(Writes, never_give_a_revision_twice) {
    std::vector<Revision> seen;
    for (int i = 0; i < 5; ++i) {
        seen.push_back(store.must(store.put("1", R"({"a":1})", true)).revision);
        seen.push_back(store.must(store.put("1", R"({"a":2})")).revision);
        store.must(store.removal("1"));
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) EXPECT_NE(seen[i], seen[j]);
    }
}

TEST_P(Writes, give_records_only_where_they_are_wanted) {
    WriteBatch batch = store.batch({store.insertion(R"({"id":"1"})")});
    batch.want_records = false;
    const auto outcome = store.wait(engine().write(batch));
    ASSERT_TRUE(outcome.ok());
    EXPECT_TRUE(outcome->operations.at(0).record.empty());
    EXPECT_EQ(outcome->operations.at(0).id, "1");
    EXPECT_EQ(outcome->operations.at(0).revision, store.get("1")->revision);
}

TEST_P(Writes, take_records_up_to_sixteen_mebibytes) {
    const std::size_t around = store.must(store.insertion(R"({"id":"1","a":""})")).record.size();
    const std::string largest(16 * 1024 * 1024 - around, 'x');
    store.must(store.insertion(R"({"id":"2","a":")" + largest + R"("})"));
    EXPECT_EQ(store.get("2")->text.size(), 16u * 1024 * 1024);
    EXPECT_EQ(store.refused({store.insertion(R"({"id":"3","a":")" + largest + R"(x"})")}).code,
              ErrorCode::PAYLOAD_TOO_LARGE);
    EXPECT_EQ(store.refused({store.put("1", R"({"a":")" + largest + R"(x"})")}).code,
              ErrorCode::PAYLOAD_TOO_LARGE);
    EXPECT_EQ(store.count(), 2u);
}

struct Condition {
    const char* name;
    Precondition condition;
    bool holds_absent;
    bool holds_now;
    bool holds_later;  ///< After one more write.
};

std::vector<Condition> conditions(const Revision& now) {
    const Revision other{now.incarnation + 1000, now.version};
    std::vector<Condition> all{{"none", {}, true, true, true},
                               {"if_exists", {}, false, true, true},
                               {"if_absent", {}, true, false, false},
                               {"if_match", {}, false, true, false},
                               {"if_match of two", {}, false, true, false},
                               {"if_match other", {}, false, false, false},
                               {"if_none_match", {}, true, false, true},
                               {"if_none_match other", {}, true, true, true},
                               {"several", {}, false, true, false}};
    all[1].condition.if_exists = true;
    all[2].condition.if_absent = true;
    all[3].condition.if_match = {now};
    all[4].condition.if_match = {other, now};
    all[5].condition.if_match = {other};
    all[6].condition.if_none_match = {now};
    all[7].condition.if_none_match = {other};
    all[8].condition = {std::vector<Revision>{now}, true, false, {other}};
    return all;
}

TEST_P(Writes, hold_to_their_preconditions) {
    const Fixed change{std::string(R"({"a":3})")};
    const std::size_t count = conditions({}).size();
    for (std::size_t i = 0; i < count; ++i) {
        for (const int kind : {0, 1, 2}) {
            const std::string id = "r" + std::to_string(i) + std::to_string(kind);
            const Revision now = store.must(store.put(id, R"({"a":1})", true)).revision;
            const Condition one = conditions(now)[i];
            const auto attempt = [&](const std::string& target) {
                if (kind == 0) return store.write({store.put(target, R"({"a":3})", true, one.condition)});
                if (kind == 1) return store.write({store.modification(target, change, one.condition)});
                return store.write({store.removal(target, one.condition)});
            };
            const auto code = [](const Result<WriteOutcome>& result) {
                return result.ok() ? std::string_view("ok") : error_name(result.error().code);
            };
            const auto expected = [](bool holds) { return holds ? "ok" : "PRECONDITION_FAILED"; };
            const std::string absent = "absent" + id;
            const std::string_view missing = kind == 0 ? "ok" : "RECORD_NOT_FOUND";
            EXPECT_EQ(code(attempt(absent)), one.holds_absent ? missing : "PRECONDITION_FAILED")
                << one.name << kind;
            EXPECT_EQ(code(attempt(id)), expected(one.holds_now)) << one.name << kind;
            store.must(store.put(id, R"({"a":4})", true));
            if (kind == 2) continue;  // Removal made it another record.
            EXPECT_EQ(code(attempt(id)), expected(one.holds_later)) << one.name << kind;
        }
    }
}

TEST_P(Writes, leave_a_record_alone_whose_precondition_fails) {
    const OperationOutcome first = store.must(store.insertion(R"({"id":"1","a":1})"));
    store.must(store.put("1", R"({"a":2})"));
    const std::string before = store.get("1")->text;
    Precondition old;
    old.if_match = {first.revision};
    const Error error = store.refused({store.put("1", R"({"a":3})", false, old)});
    EXPECT_EQ(error.field, "If-Match");
    EXPECT_EQ(error.message, "The record '1' has changed: its ETag is not the one given; read it again");
    store.refused({store.removal("1", old)});
    EXPECT_EQ(store.get("1")->text, before);
}

}  // namespace
}  // namespace credvault::storage::suite
