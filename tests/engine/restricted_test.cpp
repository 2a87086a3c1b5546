// RestrictedEngine: what a restricted credential is told of a collection is what anybody would be told of a copy that
// holds only what the credential sees. Random records, rules, questions and updates hold it to that; the rest is said
// case by case.
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "engine/query_update.h"
#include "engine/random_json.h"
#include "engine/store.h"
#include "storage/memory/memory_engine.h"
#include "storage/restricted_engine.h"

namespace credvault::storage::suite {
namespace {

using Ids = std::vector<std::string>;

NarrowingRef narrowing_of(std::string_view rows, const std::vector<std::string>& hidden) {
    auto narrowing = std::make_shared<Narrowing>();
    narrowing->database = "shop";
    narrowing->others.rows = filter_of(rows);
    if (!hidden.empty()) narrowing->others.hidden = std::make_shared<const query::HiddenFields>(hidden);
    return narrowing;
}

/// The record without its times.
std::string comparable(std::string text) {
    for (const std::string_view name : {"\"created_at\":\"", "\"updated_at\":\""}) {
        const std::size_t at = text.rfind(name);
        if (at != std::string::npos) text.replace(at + name.size(), 24, "-");
    }
    return text;
}

std::vector<std::string> texts(const std::vector<StoredRow>& rows) {
    std::vector<std::string> texts;
    for (const StoredRow& row : rows) texts.push_back(comparable(row.text));
    return texts;
}

/// One engine with everything and a narrowed view of it, another one with nothing but what the view should show.
class Views {
public:
    Views(std::uint64_t seed, std::string rule, std::vector<std::string> hidden_fields)
        : random(seed), narrowing(narrowing_of(rule, hidden_fields)) {
        all.make();
        plain.make();
        for (int i = 0; i < 60; ++i) {
            const std::string fields = random.fields();
            const std::string record = canonical("{\"id\":\"r" + std::to_string(i) + "\"" +
                                                 (fields.empty() ? "" : ",") + fields + "}");
            all.insert_all({record});
        }
        for (const std::string& text : seen()) plain.insert_all({without_platform(text)});
    }

    /// What the view should show, from the stored records themselves.
    std::vector<std::string> seen() {
        std::vector<std::string> shown;
        const Page page = all.find(everything());
        for (const StoredRow& row : page.rows) {
            const json::View record(row.text);
            if (!narrowing->others.rows.matches(record)) continue;
            std::string scratch;
            shown.emplace_back(narrowing->others.shown(record, scratch).text());
        }
        return shown;
    }
    /// What it should not.
    std::vector<std::string> hidden() {
        std::vector<std::string> hidden;
        for (const StoredRow& row : all.find(everything()).rows) {
            if (!narrowing->others.rows.matches(json::View(row.text))) hidden.push_back(row.text);
        }
        return hidden;
    }
    std::vector<std::string> hidden_values() {
        std::vector<std::string> values;
        if (!narrowing->others.hidden) return values;
        for (const StoredRow& row : all.find(everything()).rows) {
            std::string text;
            for (const std::string& name : *narrowing->others.hidden) {
                const auto value = json::View(row.text).find(name);
                text += value ? std::string(value->text()) : "-";
                text += ' ';
            }
            values.push_back(std::move(text));
        }
        return values;
    }
    static FindRequest everything() {
        FindRequest request;
        request.database = "db_1";
        request.collection = "things";
        request.limit = no_limit;
        return request;
    }

    RandomJson random;
    NarrowingRef narrowing;
    MemoryEngine engine, other;
    RestrictedEngine restricted{engine};
    RestrictedEngine::HandleRef handle = restricted.open("db_1", narrowing);
    Store all{restricted, "db_1", "things"};
    Store view{restricted, handle->id(), "things"};
    Store plain{other, "db_1", "things"};

private:
    static std::string without_platform(const std::string& text) {
        json::Value record{json::View(text)};
        for (const char* const name : {"created_at", "updated_at", "_version"}) record.remove(name);
        return record.text();
    }
};

class RestrictedProperty : public testing::TestWithParam<int> {};

std::vector<std::string> some_fields(RandomJson& random) {
    std::vector<std::string> fields;
    for (const char* const name : {"a", "b", "n", "t", "x"}) {
        if (random.chance(0.3)) fields.emplace_back(name);
    }
    return fields;
}

void ask(Views& views, const std::string& filter, const std::string& sort) {
    FindRequest request = views.view.request(filter, sort);
    FindRequest same = views.plain.request(filter, sort);
    request.limit = same.limit = 1 + views.random.below(20);
    request.count_to = same.count_to = no_limit;
    for (int pages = 0; pages < 5; ++pages) {
        const Page got = views.view.find(request), expected = views.plain.find(same);
        ASSERT_TRUE(got.result.ok()) << got.result.error().message;
        ASSERT_TRUE(expected.result.ok());
        ASSERT_EQ(texts(got.rows), texts(expected.rows)) << filter << " " << sort;
        EXPECT_EQ(got.result->total, expected.result->total) << filter;
        ASSERT_EQ(got.result->has_more, expected.result->has_more);
        if (!got.result->has_more) break;
        request.after = got.result->next;
        same.after = expected.result->next;
    }
    EXPECT_EQ(views.view.count(filter), views.plain.count(filter)) << filter;
}

/// What both refuse or do alike; refusals by the rule are the view's own.
void change(Views& views, const std::string& filter, const std::string& update) {
    const auto parsed = query::Update::parse(json::View(canonical(update)));
    if (!parsed.ok()) return;
    const QueryUpdate made(update, filter);
    const std::vector<std::string> hidden = views.hidden(), values = views.hidden_values();
    const auto matches = [&] {
        return ModifyMatches{"things", filter_of(filter), {}, no_limit, &made, false};
    };
    const auto got = views.view.write({matches()});
    EXPECT_EQ(views.hidden(), hidden) << filter << " " << update;
    EXPECT_EQ(views.hidden_values(), values) << filter << " " << update;
    if (!got.ok() && got.error().code == ErrorCode::FORBIDDEN) return;
    const auto expected = views.plain.write({matches()});
    ASSERT_EQ(got.ok(), expected.ok())
        << filter << " " << update << " " << (got.ok() ? expected.error().message : got.error().message);
    if (!got.ok()) return;
    EXPECT_EQ(got->operations.front().matched, expected->operations.front().matched);
    EXPECT_EQ(got->operations.front().modified, expected->operations.front().modified);
    std::vector<std::string> shown;
    for (const std::string& text : views.seen()) shown.push_back(comparable(text));
    EXPECT_EQ(shown, texts(views.plain.find(Views::everything()).rows)) << filter << " " << update;
}

TEST_P(RestrictedProperty, IsACopyOfWhatIsSeen) {
    RandomJson random(static_cast<std::uint64_t>(GetParam()));
    const std::string rule = random.chance(0.7) ? random.filter() : "{}";
    Views views(static_cast<std::uint64_t>(GetParam()) + 1'000, rule, some_fields(random));
    if (random.chance(0.5)) {
        const std::string fields = random.index_fields();
        views.all.build(index_of("first", fields));
        views.plain.build(index_of("first", fields));
    }
    for (int i = 0; i < 12; ++i) ask(views, random.filter(), random.sort());
    for (int i = 0; i < 8; ++i) change(views, random.filter(), random.update());
    for (int i = 0; i < 4; ++i) ask(views, random.filter(), random.sort());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RestrictedProperty, testing::Range(0, 40));

class Restricted : public testing::Test {
protected:
    Restricted() {
        all.make();
        all.insert_all({R"({"id":"ada","owner":"u1","name":"Ada","ssn":1})",
                        R"({"id":"bob","owner":"u2","name":"Bob","ssn":2})",
                        R"({"id":"cid","owner":"u1","name":"Cid","ssn":3})"});
    }
    Store& limited() { return view; }
    Error refusal(std::vector<Operation> operations) { return view.refused(std::move(operations)); }

    MemoryEngine engine;
    RestrictedEngine restricted{engine};
    RestrictedEngine::HandleRef handle = restricted.open("db_1", narrowing_of(R"({"owner":"u1"})", {"ssn"}));
    Store all{restricted, "db_1", "things"};
    Store view{restricted, handle->id(), "things"};
};

TEST_F(Restricted, AHandleThatWasGivenBackIsNoDatabase) {
    std::string id;
    {
        const auto brief = restricted.open("db_1", narrowing_of("{}", {}));
        id = brief->id();
        EXPECT_EQ(Store(restricted, id, "things").count(), 3U);
    }
    KeepingSink sink;
    const RecordKey key{id, "things", "ada"};
    EXPECT_EQ(all.wait(restricted.get(key, sink)).error().code, ErrorCode::DATABASE_NOT_FOUND);
    EXPECT_EQ(all.wait(restricted.drop_database(handle->id())).error().code, ErrorCode::DATABASE_NOT_FOUND);
}

TEST_F(Restricted, OtherCollectionsAreForbiddenThereOrNot) {
    auto narrowing = std::make_shared<Narrowing>();
    narrowing->database = "shop";
    narrowing->collections.emplace().insert("others");
    const auto elsewhere = restricted.open("db_1", narrowing);
    Store there(restricted, elsewhere->id(), "things"), nowhere(restricted, elsewhere->id(), "nothing");
    for (Store* const store : {&there, &nowhere}) {
        EXPECT_EQ(store->find(store->request()).result.error().code, ErrorCode::FORBIDDEN);
        EXPECT_EQ(store->refused({store->insertion("{}")}).code, ErrorCode::FORBIDDEN);
        EXPECT_EQ(store->refused({CreateCollection{"nothing", "{}"}}).code, ErrorCode::FORBIDDEN);
        EXPECT_EQ(store->refused({DropCollection{"things"}}).code, ErrorCode::FORBIDDEN);
    }
    const auto listed = all.wait(restricted.list_collections(elsewhere->id()));
    ASSERT_TRUE(listed.ok());
    EXPECT_TRUE(listed->empty());
    EXPECT_EQ(all.wait(restricted.describe_database(elsewhere->id()))->records, 0U);
}

TEST_F(Restricted, RecordsAndFieldsAreNotThere) {
    EXPECT_EQ(view.ids(), (Ids{"ada", "cid"}));
    EXPECT_FALSE(view.get("bob"));
    EXPECT_EQ(view.get("ada")->text.find("ssn"), std::string::npos);
    EXPECT_EQ(view.count(R"({"ssn":{"$exists":true}})"), 0U);
    EXPECT_EQ(view.ids(R"({"ssn":null})", "-ssn"), (Ids{"cid", "ada"}));
    EXPECT_EQ(view.count(R"({"$expr":{"$eq":["$ssn",1]}})"), 0U);
    EXPECT_EQ(view.count(R"({"$expr":{"$eq":["$$ROOT.ssn",1]}})"), 0U);
    EXPECT_EQ(view.count(R"({"$jsonSchema":{"required":["ssn"]}})"), 0U);
    EXPECT_EQ(view.describe().records, 2U);
}

TEST_F(Restricted, WritesKeepWhatIsHidden) {
    const QueryUpdate rename(R"({"$set":{"name":"Eva"}})");
    view.must(view.modification("ada", rename));
    const std::string put = view.must(view.put("cid", R"({"owner":"u1","name":"Dan"})")).record;
    EXPECT_EQ(put.find("ssn"), std::string::npos) << put;
    EXPECT_NE(all.get("ada")->text.find(R"("name":"Eva","ssn":1)"), std::string::npos);
    EXPECT_NE(all.get("cid")->text.find(R"("name":"Dan","ssn":3)"), std::string::npos);
    const QueryUpdate unset(R"({"$unset":{"ssn":1}})");
    EXPECT_EQ(view.must(view.modification("ada", unset)).effect, Effect::Unchanged);
    view.must(view.put("new", R"({"owner":"u1"})", true));
    view.must(view.put("ada", R"({"owner":"u1"})", true));
    EXPECT_NE(all.get("ada")->text.find(R"("ssn":1)"), std::string::npos);
}

TEST_F(Restricted, WritesFindOnlyWhatIsSeen) {
    const QueryUpdate rename(R"({"$set":{"name":"Eva"}})");
    EXPECT_EQ(refusal({view.modification("bob", rename)}).code, ErrorCode::RECORD_NOT_FOUND);
    EXPECT_EQ(refusal({view.removal("bob")}).code, ErrorCode::RECORD_NOT_FOUND);
    EXPECT_EQ(refusal({view.put("bob", R"({"owner":"u1"})")}).code, ErrorCode::RECORD_NOT_FOUND);
    EXPECT_EQ(refusal({view.put("bob", R"({"owner":"u1"})", true)}).code, ErrorCode::ALREADY_EXISTS);
    Precondition known;
    known.if_version = 1;
    const Error there = refusal({view.removal("bob", known)}),
                not_there = refusal({view.removal("bit", known)});
    EXPECT_EQ(there.code, ErrorCode::PRECONDITION_FAILED);
    EXPECT_EQ(there.code, not_there.code);
    EXPECT_EQ(there.message.size(), not_there.message.size());
    EXPECT_EQ(view.must(RemoveMatches{"things", filter_of(R"({"name":"Bob"})"), {}}).effect, Effect::Skipped);
    EXPECT_EQ(refusal({CheckMatches{"things", filter_of(R"({"name":"Bob"})")}}).code,
              ErrorCode::PRECONDITION_FAILED);
    EXPECT_EQ(view.must(RemoveMatches{"things", filter_of("{}"), {}, no_limit}).modified, 2U);
    EXPECT_EQ(all.ids(), Ids{"bob"});
}

TEST_F(Restricted, WhatLeavesTheRuleOrNamesAHiddenFieldIsForbidden) {
    const QueryUpdate give(R"({"$set":{"owner":"u2"}})"), set(R"({"$set":{"ssn":9}})");
    EXPECT_EQ(refusal({view.modification("ada", give)}).code, ErrorCode::FORBIDDEN);
    const Error hidden = refusal({view.modification("ada", set)});
    EXPECT_EQ(hidden.code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(hidden.field, "ssn");
    EXPECT_EQ(refusal({view.insertion(R"({"owner":"u2"})")}).code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(refusal({view.insertion(R"({"owner":"u1","ssn":1})")}).code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(refusal({view.put("new", R"({"owner":"u2"})", true)}).code, ErrorCode::FORBIDDEN);
    const QueryUpdate upsert(R"({"$set":{"name":"Eva"}})", R"({"owner":"u2"})");
    EXPECT_EQ(refusal({ModifyMatches{"things", filter_of(R"({"owner":"u2"})"), {}, 1, &upsert, true}}).code,
              ErrorCode::FORBIDDEN);
    EXPECT_EQ(all.count(), 3U);
}

TEST_F(Restricted, RefusalsFailAloneWhereTheBatchGoesOn) {
    WriteBatch batch = view.batch({view.insertion(R"({"id":"new","owner":"u1"})"),
                                   view.insertion(R"({"owner":"u2"})"), view.removal("bob")});
    batch.on_failure = OnFailure::Skip;
    const auto outcome = view.wait(restricted.write(batch));
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->operations[0].effect, Effect::Created);
    EXPECT_EQ(outcome->operations[1].error->code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(outcome->operations[2].error->code, ErrorCode::RECORD_NOT_FOUND);
    const Error whole = refusal({view.insertion(R"({"owner":"u1"})"), view.removal("bob")});
    EXPECT_EQ(whole.code, ErrorCode::RECORD_NOT_FOUND);
    EXPECT_EQ(whole.field, "1");
}

TEST_F(Restricted, TheCollectionItselfIsNotTheirsToChange) {
    EXPECT_EQ(refusal({AlterCollection{"things", "{}"}}).code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(refusal({DropCollection{"things"}}).code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(refusal({view.index(index_of("by_name", "name"))}).code, ErrorCode::FORBIDDEN);
    view.must(CreateCollection{"more", "{}"});
}

TEST_F(Restricted, ErrorsAndDefinitionsTellNothingOfHiddenFields) {
    all.build(index_of("by_ssn", "ssn", true));
    all.build(index_of("by_name", "name", true));
    EXPECT_EQ(view.describe().indexes.size(), 1U);
    const Error named = refusal({view.insertion(R"({"owner":"u1","name":"Ada"})")});
    EXPECT_EQ(named.code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(named.field, "name");
    // Without the field all new records are alike to its index.
    view.must(view.insertion(R"({"owner":"u1","name":"Eva"})"));
    const Error refused = refusal({view.insertion(R"({"owner":"u1","name":"Fay"})")});
    EXPECT_EQ(refused.code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(refused.message.find("ssn"), std::string::npos);
    EXPECT_EQ(refused.field, "");
    FindRequest explained = view.request(R"({"name":"Ada"})");
    explained.explain = true;
    const Page page = view.find(explained);
    ASSERT_TRUE(page.result.ok());
    EXPECT_EQ(page.result->stats.records_examined, 1U);
    EXPECT_EQ(page.result->stats.plan.find("owner"), std::string::npos);
}

TEST_F(Restricted, OutcomesShowWhatIsSeen) {
    const QueryUpdate rename(R"({"$set":{"name":"Eva"}})");
    WriteBatch batch = view.batch({view.modification("ada", rename)});
    batch.want_records = batch.want_before = true;
    std::string answered;
    batch.idempotency = Idempotency{"key", "print", 4'000'000'000'000, [&](const WriteOutcome& outcome) {
                                        return outcome.operations.front().record;
                                    }};
    const auto outcome = view.wait(restricted.write(batch));
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->operations.front().record.find("ssn"), std::string::npos);
    EXPECT_EQ(outcome->operations.front().before.find("ssn"), std::string::npos);
    EXPECT_EQ(outcome->answer.find("ssn"), std::string::npos);
    // An answer is not given again to somebody who sees less by now.
    auto narrower = std::make_shared<Narrowing>(*narrowing_of(R"({"owner":"u1"})", {"ssn", "name"}));
    narrower->fingerprint = "narrower";
    const auto other = restricted.open("db_1", narrower);
    batch.database = other->id();
    EXPECT_EQ(view.wait(restricted.write(batch)).error().code, ErrorCode::IDEMPOTENCY_KEY_REUSED);
}

TEST_F(Restricted, ChangesEnterAndLeaveTheRule) {
    all.must(AlterCollection{"things", R"({"change_images":"both"})"});
    const QueryUpdate give(R"({"$set":{"owner":"u2"}})"), take(R"({"$set":{"owner":"u1"}})");
    ChangesRequest request;
    request.database = handle->id();
    request.limit = 0;
    request.after = all.wait(restricted.changes(request))->horizon;
    all.must(all.modification("ada", give));
    all.must(all.modification("bob", take));
    all.must(all.modification("ada", QueryUpdate(R"({"$set":{"name":"x"}})")));
    all.must(all.removal("cid"));
    all.must(all.insertion(R"({"id":"eva","owner":"u2"})"));
    request.limit = 100;
    request.images = true;
    const auto page = all.wait(restricted.changes(request));
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->changes.size(), 3U);
    EXPECT_EQ(page->changes[0].kind, ChangeKind::Removed);
    EXPECT_FALSE(page->changes[0].after);
    EXPECT_EQ(page->changes[1].kind, ChangeKind::Inserted);
    EXPECT_FALSE(page->changes[1].before);
    EXPECT_EQ(page->changes[1].after->find("ssn"), std::string::npos);
    EXPECT_EQ(page->changes[2].kind, ChangeKind::Removed);
    EXPECT_EQ(page->changes[2].id, "cid");
}

TEST_F(Restricted, ChangesOfARuledCollectionNeedBothImages) {
    ChangesRequest request;
    request.database = handle->id();
    request.collection = "things";
    request.limit = 0;
    EXPECT_EQ(all.wait(restricted.changes(request)).error().code, ErrorCode::FORBIDDEN);
    all.must(AlterCollection{"things", R"({"change_images":"both"})"});
    EXPECT_TRUE(all.wait(restricted.changes(request)).ok());
}

}  // namespace
}  // namespace credvault::storage::suite
