// What restrictions say and how they meet; rules and roles.
#include "access/restrictions.h"

#include <gtest/gtest.h>

#include "access/data_rules.h"
#include "access/system.h"
#include "base/run_loop.h"
#include "json/canonical.h"
#include "storage/memory/memory_engine.h"

namespace credvault::access {
namespace {

const RuleVariables ada{"ws_1", "key_1", "user_1"};

RestrictionsRef parsed(std::string_view text) {
    const std::string canonical = json::parse(text)->text();
    auto restrictions = Restrictions::parse(json::View(canonical));
    EXPECT_TRUE(restrictions.ok()) << restrictions.error().message;
    return restrictions.ok() ? *restrictions : nullptr;
}
RestrictionsRef bound(std::string_view text) { return Restrictions::bound(parsed(text), ada); }
std::string met(std::string_view holder, std::string_view wanted) {
    const auto both = Restrictions::narrowed(parsed(holder), parsed(wanted));
    return both.ok() ? Restrictions::text(*both) : std::string(error_name(both.error().code));
}

TEST(Restrictions, LimitDatabasesAndCollections) {
    const auto some = bound(R"({"databases":["shop"],"collections":["crm/contacts"]})");
    EXPECT_TRUE(some->restrict_data());
    EXPECT_TRUE(some->allows_database("shop"));
    EXPECT_TRUE(some->allows_all_of("shop"));
    EXPECT_TRUE(some->allows_database("crm"));
    EXPECT_FALSE(some->allows_all_of("crm"));
    EXPECT_FALSE(some->allows_database("other"));
    EXPECT_EQ(some->database("other").error().code, ErrorCode::FORBIDDEN);
    const storage::NarrowingRef crm = *some->database("crm");
    ASSERT_TRUE(crm);
    EXPECT_TRUE(crm->allows("contacts"));
    EXPECT_FALSE(crm->allows("leads"));
    EXPECT_FALSE(bound(R"({"addresses":["::1"]})")->restrict_data());
}

TEST(Restrictions, RulesNarrowWhatTheyAreAbout) {
    const auto rules = bound(R"({"rules":[{"database":"shop","collection":"orders","rows":{"by":"$$user"}},
                                          {"database":"shop","denied_fields":["ssn"]},
                                          {"collection":"log","denied_fields":["ip"]}]})");
    const storage::NarrowingRef shop = *rules->database("shop"), other = *rules->database("other");
    ASSERT_TRUE(shop && other);
    const storage::RecordNarrowing& orders = shop->of("orders");
    EXPECT_TRUE(orders.has_rows());
    EXPECT_TRUE(orders.admits(json::View(R"({"by":"user_1"})")));
    EXPECT_FALSE(orders.admits(json::View(R"({"by":"$$user"})")));
    EXPECT_EQ(*orders.hidden, query::HiddenFields{"ssn"});
    EXPECT_EQ(shop->of("log").hidden->size(), 2U);
    EXPECT_FALSE(other->of("orders").narrows());
    EXPECT_TRUE(other->of("log").narrows());
}

TEST(Restrictions, VariablesWithoutAValueAdmitNothing) {
    const auto rule =
        Restrictions::bound(parsed(R"({"rules":[{"rows":{"by":{"$ne":"$$user"}}}]})"), {"ws", "key", ""});
    EXPECT_FALSE((*rule->database("any"))->of("any").admits(json::View(R"({"by":"x"})")));
    const auto expression = bound(R"({"rules":[{"rows":{"$expr":{"$eq":["$by","$$key"]}}}]})");
    EXPECT_TRUE((*expression->database("any"))->of("any").admits(json::View(R"({"by":"key_1"})")));
    EXPECT_FALSE((*expression->database("any"))->of("any").admits(json::View(R"({"by":"key_2"})")));
}

TEST(Restrictions, MeetInWhatBothAllow) {
    EXPECT_EQ(met("{}", "{}"), "{}");
    EXPECT_EQ(met(R"({"databases":["a","b"]})", R"({"databases":["b","c"]})"), R"({"databases":["b"]})");
    EXPECT_EQ(met(R"({"databases":["a"]})", R"({"collections":["a/x","b/y"]})"),
              R"({"collections":["a/x"]})");
    EXPECT_EQ(met(R"({"collections":["a/x"]})", R"({"databases":["a"]})"), R"({"collections":["a/x"]})");
    EXPECT_EQ(met(R"({"databases":["a"]})", R"({"databases":["b"]})"), "FORBIDDEN");
    EXPECT_EQ(met(R"({"databases":["a"]})", "{}"), R"({"databases":["a"]})");
    EXPECT_EQ(met(R"({"addresses":["10.0.0.0/8"]})", R"({"addresses":["10.1.0.0/16","::1"]})"),
              R"({"addresses":["10.1.0.0/16"]})");
    EXPECT_EQ(met(R"({"rules":[{"denied_fields":["a"]}]})", R"({"rules":[{"denied_fields":["b"]}]})"),
              R"({"rules":[{"database":"*","collection":"*","denied_fields":["a"]},)"
              R"({"database":"*","collection":"*","denied_fields":["b"]}]})");
    EXPECT_EQ(met(R"({"databases":["a"],"collections":["a/x"]})", "{}"), R"({"databases":["a"]})");
}

TEST(Restrictions, AreWithinOthersOrNot) {
    const auto within = [](std::string_view inner, std::string_view outer) {
        return Restrictions::is_within(parsed(inner), parsed(outer));
    };
    EXPECT_TRUE(within("{}", "{}"));
    EXPECT_TRUE(within(R"({"databases":["a"]})", "{}"));
    EXPECT_FALSE(within("{}", R"({"databases":["a"]})"));
    EXPECT_TRUE(within(R"({"collections":["a/x"]})", R"({"databases":["a"]})"));
    EXPECT_FALSE(within(R"({"databases":["a"]})", R"({"collections":["a/x"]})"));
    EXPECT_FALSE(within(R"({"databases":["a"]})", R"({"rules":[{"denied_fields":["f"]}]})"));
    EXPECT_TRUE(within(R"({"rules":[{"denied_fields":["f"]},{"rows":{"a":1}}]})",
                       R"({"rules":[{"denied_fields":["f"]}]})"));
}

TEST(Restrictions, AreStrictlyRead) {
    for (const std::string_view bad :
         {R"([])", R"({"databases":"a"})", R"({"databases":[1]})", R"({"databases":["a/b"]})",
          R"({"collections":["a"]})", R"({"collections":["a/"]})", R"({"collections":["/a"]})",
          R"({"rules":[1]})", R"({"rules":[{"rows":1}]})", R"({"rules":[{"rows":{"$nope":1}}]})",
          R"({"rules":[{"denied_fields":["_version"]}]})", R"({"rules":[{"denied_fields":["a.b"]}]})",
          R"({"rules":[{"denied_fields":[]}]})", R"({"rules":[{"x":1}]})",
          R"({"rules":[{"database":"","rows":{"a":1}}]})"}) {
        EXPECT_FALSE(Restrictions::parse(json::View(bad)).ok()) << bad;
    }
}

TEST(DataRules, RestrictTheMembersOfTheirRole) {
    RunLoop loop;
    storage::MemoryEngine engine;
    ASSERT_TRUE(loop.wait(open_system(engine)).ok());
    DataRules rules(engine);
    ASSERT_TRUE(loop.wait(rules.load()).ok());
    Principal admin{"key_1", "ws_1", ScopeSet::all(), 0};
    RoleRuleWish wish;
    wish.role = Role::Viewer;
    wish.rule = R"({"database":"shop","rows":{"seller":"$$user"}})";
    const auto made = loop.wait(rules.create(admin, wish, {}));
    ASSERT_TRUE(made.ok());
    const std::string id = made->operations.front().id;

    const auto principal = [&](Role role, PrincipalKind kind = PrincipalKind::User,
                               std::string workspace = "ws_1") {
        auto one = std::make_shared<Principal>(Principal{"user_1", std::move(workspace), scopes_of(role), 0});
        one->kind = kind;
        one->role = role;
        return std::shared_ptr<const Principal>(one);
    };
    const auto viewer = rules.applied(principal(Role::Viewer));
    ASSERT_TRUE(viewer->restrictions);
    EXPECT_TRUE(
        (*viewer->restrictions->database("shop"))->of("x").admits(json::View(R"({"seller":"user_1"})")));
    EXPECT_FALSE(
        (*viewer->restrictions->database("shop"))->of("x").admits(json::View(R"({"seller":"user_2"})")));
    EXPECT_FALSE(rules.applied(principal(Role::Owner))->restrictions);
    EXPECT_FALSE(rules.applied(principal(Role::Developer))->restrictions);
    EXPECT_FALSE(rules.applied(principal(Role::Viewer, PrincipalKind::Key))->restrictions);
    EXPECT_FALSE(rules.applied(principal(Role::Viewer, PrincipalKind::User, "ws_2"))->restrictions);

    DataRules later(engine);
    ASSERT_TRUE(loop.wait(later.load()).ok());
    EXPECT_TRUE(later.applied(principal(Role::Viewer))->restrictions);
    wish = {};
    wish.role = Role::Developer;
    wish.rule = "{}";
    ASSERT_TRUE(loop.wait(rules.change(admin, id, wish)).ok());
    EXPECT_FALSE(rules.applied(principal(Role::Viewer))->restrictions);
    EXPECT_TRUE(rules.applied(principal(Role::Developer))->restrictions);
    ASSERT_TRUE(loop.wait(rules.remove(admin, id)).ok());
    EXPECT_FALSE(rules.applied(principal(Role::Developer))->restrictions);
    EXPECT_EQ(rules.get(admin, id).error().code, ErrorCode::DATA_RULE_NOT_FOUND);
    EXPECT_EQ(loop.wait(rules.change(admin, id, wish)).error().code, ErrorCode::DATA_RULE_NOT_FOUND);
}

}  // namespace
}  // namespace credvault::access
