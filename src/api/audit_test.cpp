#include <gtest/gtest.h>

#include "api/audit_trail.h"
#include "api/fixture.h"

namespace credvault::api {
namespace {

using http::Method;

/// The entries of the test key's workspace, newest last.
json::Value entries(Backend& backend) {
    const Seen seen = backend.call(Method::Get, "/v1/audit-logs?limit=1000");
    EXPECT_EQ(seen.status(), 200) << seen.response.body;
    return json::parse(seen.data()).value();
}

std::string text(const json::Value& entry, std::string_view name) {
    const json::Value* member = entry.find(name);
    return member != nullptr && member->is_string() ? member->as_string() : "";
}

TEST(AuditTrail, CoversEveryChangeThatIsDeclared) {
    std::size_t changes = 0;
    for (const Endpoint* endpoint : endpoints()) {
        const OperationInfo& operation = endpoint->info();
        const Trail trail = trail_of(operation);
        if (trail == Trail::Change) ++changes;
        if (operation.method == Method::Get) {
            EXPECT_NE(trail, Trail::Change) << operation.id;
        }
        const auto scope = operation.scope.scope();
        if (scope && access::scope_name(*scope).ends_with(":manage") && operation.method != Method::Get) {
            EXPECT_EQ(trail, Trail::Change) << operation.id;
        }
    }
    EXPECT_GE(changes, 5U);
}

TEST(AuditTrail, LeavesSecretsOut) {
    const auto redacted = [](std::string_view text) { return without_secrets(json::View(text)); };
    EXPECT_EQ(redacted(R"({"name":"a","secret":"s","nested":[{"newPassword":"p","n":1}]})"),
              R"({"name":"a","secret":"[redacted]","nested":[{"newPassword":"[redacted]","n":1}]})");
    EXPECT_EQ(redacted(R"({"access_token":"t","recovery_codes":["a","b"],"code":123456,"key":null})"),
              R"({"access_token":"[redacted]","recovery_codes":[],"code":"[redacted]","key":null})");
    EXPECT_EQ(redacted(R"("text")"), R"("text")");
}

TEST(AuditTrail, KeepsAChangeWithWhoAndWhat) {
    Backend backend;
    ASSERT_EQ(backend.call(Method::Post, "/v1/databases", R"({"name":"shop"})").status(), 201);
    ASSERT_EQ(backend.call(Method::Post, "/v1/databases/shop/collections", R"({"name":"people"})").status(),
              201);
    ASSERT_EQ(
        backend.call(Method::Patch, "/v1/databases/shop/collections/people", R"({"require_if_match":true})")
            .status(),
        200);
    ASSERT_EQ(backend.call(Method::Delete, "/v1/databases/shop/collections/people").status(), 204);
    ASSERT_EQ(backend.call(Method::Post, "/v1/databases", R"({"name":"shop"})").status(), 409);
    const json::Value all = entries(backend);
    ASSERT_EQ(all.as_array().size(), 5U);
    const json::Value& made = all.as_array()[0];
    EXPECT_EQ(text(made, "action"), "createDatabase");
    EXPECT_EQ(text(made, "outcome"), "success");
    EXPECT_EQ(text(made, "actor"), "key_environment");
    EXPECT_EQ(text(made, "actor_kind"), "key");
    EXPECT_EQ(text(made, "address"), "127.0.0.1");
    EXPECT_EQ(text(made, "target"), "/v1/databases");
    EXPECT_TRUE(text(made, "request_id").starts_with("req_"));
    EXPECT_EQ(text(*made.find("after"), "name"), "shop");
    const json::Value& changed = all.as_array()[2];
    EXPECT_FALSE(changed.find("before")->find("require_if_match")->as_bool());
    EXPECT_TRUE(changed.find("after")->find("require_if_match")->as_bool());
    EXPECT_EQ(text(*all.as_array()[3].find("before"), "name"), "people");
    EXPECT_EQ(all.as_array()[3].find("after"), nullptr);
    EXPECT_EQ(text(all.as_array()[4], "outcome"), "failed");
    EXPECT_EQ(text(all.as_array()[4], "code"), "ALREADY_EXISTS");
    const Seen verified = backend.call(Method::Get, "/v1/audit-logs/verification");
    EXPECT_EQ(verified.data(), R"({"sound":true,"entries":5,"problems":[]})");
}

TEST(AuditTrail, KeepsWhoWasLetIn) {
    Backend backend;
    ASSERT_TRUE(backend.set.setup_code);
    FakeRequest request(Method::Post, "/v1/auth/setup");
    request.with_body(R"({"code":")" + *backend.set.setup_code +
                      R"(","email":"ada@example.com","password":"correct horse battery","name":"Ada"})");
    const Seen made = backend.send(request);
    ASSERT_EQ(made.status(), 200) << made.response.body;
    const json::Value user = json::parse(made.data()).value();
    const json::Value all = entries(backend);
    ASSERT_EQ(all.as_array().size(), 1U);
    EXPECT_EQ(text(all.as_array()[0], "action"), "setUp");
    EXPECT_EQ(text(all.as_array()[0], "actor_kind"), "user");
    EXPECT_EQ(text(all.as_array()[0], "actor"), text(*user.find("user"), "id"));
    EXPECT_EQ(all.as_array()[0].text().find(text(user, "access_token")), std::string::npos);
}

TEST(AuditTrail, NotesRefusalsButNoReading) {
    Backend backend;
    ASSERT_EQ(backend.call(Method::Get, "/v1/databases").status(), 200);
    for (int i = 0; i < 3; ++i) {
        FakeRequest request(Method::Get, "/v1/databases");
        request.with("Authorization", "ApiKey wrong-key-0123456789-0123456789");
        ASSERT_EQ(backend.send(request).status(), 401);
    }
    const json::Value all = entries(backend);
    std::int64_t refused = 0;
    for (const json::Value& entry : all.as_array()) {
        EXPECT_EQ(text(entry, "outcome"), "refused");
        EXPECT_EQ(text(entry, "actor_kind"), "none");
        refused += entry.find("count") != nullptr ? entry.find("count")->as_int() : 1;
    }
    EXPECT_EQ(refused, 3);
}

}  // namespace
}  // namespace credvault::api
