// Keys as users make, change and end them: what each may give, and what authenticates afterwards.
#include "access/api_keys.h"

#include <gtest/gtest.h>

#include "access/system.h"
#include "base/run_loop.h"
#include "json/canonical.h"
#include "storage/memory/memory_engine.h"

namespace credvault::access {
namespace {

constexpr std::string_view own = "operator-key-0123456789-abcdefghijkl";

class ApiKeysTest : public testing::Test {
protected:
    ApiKeysTest() {
        workspace = *loop.wait(open_system(engine));
        EXPECT_TRUE(loop.wait(keys.load()).ok());
        EXPECT_TRUE(loop.wait(keys.ensure_admin_key(workspace, std::string(own))).ok());
        admin = *keys.authenticate(own);
    }

    static KeyWish wish(std::vector<std::string> scopes = {"database:read"}) {
        KeyWish made;
        made.name = "a key";
        made.scopes = std::move(scopes);
        return made;
    }
    json::Value create(const Principal& holder, KeyWish made) {
        const auto created = loop.wait(keys.create(holder, std::move(made), {}));
        EXPECT_TRUE(created.ok()) << created.error().message;
        return created.ok() ? *json::parse(created->text) : json::Value();
    }
    Error refusal(const Principal& holder, KeyWish made) {
        const auto created = loop.wait(keys.create(holder, std::move(made), {}));
        EXPECT_FALSE(created.ok());
        return created.ok() ? Error() : created.error();
    }
    json::Value rotate(const std::string& id, std::int64_t overlap) {
        const auto rotated = loop.wait(keys.rotate(admin, id, overlap, {}));
        EXPECT_TRUE(rotated.ok());
        return rotated.ok() ? *json::parse(rotated->text) : json::Value();
    }
    static std::string text(const json::Value& key, std::string_view member) {
        const json::Value* found = key.find(member);
        return found != nullptr && found->is_string() ? found->as_string() : "";
    }
    Principal principal_of(const json::Value& key) { return *keys.authenticate(text(key, "secret")); }
    /// Whether the secret authenticates here and in a server that starts now.
    bool valid(std::string_view secret) {
        ApiKeys later(engine);
        EXPECT_TRUE(loop.wait(later.load()).ok());
        const bool here = keys.authenticate(secret) != nullptr;
        EXPECT_EQ(here, later.authenticate(secret) != nullptr);
        return here;
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    ApiKeys keys{engine};
    std::string workspace;
    Principal admin;
};

TEST_F(ApiKeysTest, AKeyIsMadeAndItsSecretShownOnce) {
    KeyWish test = wish({"database:read", "logs:read"});
    test.environment = "test";
    const json::Value key = create(admin, test);
    const std::string secret = text(key, "secret");
    EXPECT_TRUE(secret.starts_with("cv_test_"));
    EXPECT_TRUE(is_well_formed(secret));
    EXPECT_EQ(text(key, "prefix"), secret.substr(0, 12));
    EXPECT_EQ(text(key, "created_by"), "key_environment");
    EXPECT_EQ(principal_of(key).scopes, (ScopeSet{Scope::DatabaseRead, Scope::LogsRead}));
    const auto shown = keys.get(admin, text(key, "id"));
    ASSERT_TRUE(shown.ok());
    EXPECT_EQ(shown->find(secret), std::string::npos);
    EXPECT_EQ(shown->find(hex_of(digest_of(secret))), std::string::npos);
    EXPECT_TRUE(valid(secret));
}

TEST_F(ApiKeysTest, NobodyGivesMoreThanHeHas) {
    KeyWish limited = wish({"key:manage", "database:read"});
    limited.expiry = "30d";
    limited.restrictions = R"({"addresses":["10.0.0.0/8"]})";
    const Principal holder = principal_of(create(admin, limited));
    EXPECT_EQ(refusal(holder, wish({"database:write"})).field, "scopes");
    KeyWish longer = wish();
    longer.expiry = "90d";
    EXPECT_EQ(refusal(holder, longer).field, "expiry");
    longer.expiry = "never";
    EXPECT_EQ(refusal(holder, longer).code, ErrorCode::FORBIDDEN);
    KeyWish elsewhere = wish();
    elsewhere.restrictions = R"({"addresses":["192.0.2.0/24"]})";
    EXPECT_EQ(refusal(holder, elsewhere).field, "restrictions.addresses");
    // What it does not say it takes over.
    const Principal child = principal_of(create(holder, wish()));
    EXPECT_EQ(child.expires_ms, holder.expires_ms);
    EXPECT_EQ(Restrictions::text(child.restrictions), R"({"addresses":["10.0.0.0/8"]})");
    KeyWish wider = wish();
    wider.restrictions = R"({"addresses":["0.0.0.0/0"]})";
    EXPECT_EQ(Restrictions::text(principal_of(create(holder, wider)).restrictions),
              R"({"addresses":["10.0.0.0/8"]})");
}

TEST_F(ApiKeysTest, NobodyTakesMoreByChangingOrRotating) {
    KeyWish limited = wish({"key:manage", "database:read"});
    const Principal holder = principal_of(create(admin, limited));
    const std::string wide = text(create(admin, wish({"database:read", "database:write"})), "id");
    const auto rotated = loop.wait(keys.rotate(holder, wide, 0, {}));
    ASSERT_FALSE(rotated.ok());
    EXPECT_EQ(rotated.error().code, ErrorCode::FORBIDDEN);
    KeyWish more;
    more.scopes = std::vector<std::string>{"database:read", "database:manage"};
    EXPECT_FALSE(loop.wait(keys.change(holder, holder.id, more)).ok());
    KeyWish off;
    off.enabled = false;
    EXPECT_TRUE(loop.wait(keys.change(holder, wide, off)).ok());
    off.enabled = true;
    EXPECT_FALSE(loop.wait(keys.change(holder, wide, off)).ok());
}

TEST_F(ApiKeysTest, ARestrictedKeySeesItsDescendantsAlone) {
    KeyWish limited = wish({"key:manage"});
    limited.restrictions = R"({"addresses":["10.0.0.0/8"]})";
    const json::Value parent = create(admin, limited);
    const Principal holder = principal_of(parent);
    const json::Value child = create(holder, wish({"key:manage"}));
    const std::string other = text(create(admin, wish()), "id");
    EXPECT_EQ(keys.list(holder).size(), 2U);
    EXPECT_EQ(keys.list(admin).size(), 4U);
    EXPECT_EQ(keys.list(principal_of(child)).size(), 1U);
    EXPECT_EQ(keys.get(holder, other).error().code, ErrorCode::API_KEY_NOT_FOUND);
    EXPECT_EQ(keys.get(holder, other).error().message.size(),
              keys.get(holder, "key_" + std::string(20, 'x')).error().message.size());
    EXPECT_EQ(loop.wait(keys.remove(holder, other)).error().code, ErrorCode::API_KEY_NOT_FOUND);
}

TEST_F(ApiKeysTest, AnotherWorkspaceHasNone) {
    const std::string id = text(create(admin, wish()), "id");
    Principal stranger = admin;
    stranger.workspace = "ws_other";
    EXPECT_TRUE(keys.list(stranger).empty());
    EXPECT_EQ(keys.get(stranger, id).error().code, ErrorCode::API_KEY_NOT_FOUND);
    EXPECT_EQ(loop.wait(keys.revoke(stranger, id)).error().code, ErrorCode::API_KEY_NOT_FOUND);
}

TEST_F(ApiKeysTest, RotationKeepsTheOldSecretForTheOverlap) {
    const json::Value key = create(admin, wish());
    const std::string id = text(key, "id"), first = text(key, "secret");
    const std::string second = text(rotate(id, 60), "secret");
    EXPECT_TRUE(valid(first));
    EXPECT_TRUE(valid(second));
    const auto later = [] { return now_ms() + 60'001; };
    EXPECT_FALSE(keys.authenticate(first, later));
    EXPECT_TRUE(keys.authenticate(second, later));
    const std::string third = text(rotate(id, 0), "secret");
    EXPECT_FALSE(valid(first));
    EXPECT_FALSE(valid(second));
    EXPECT_TRUE(valid(third));
}

TEST_F(ApiKeysTest, OldSecretsEndWithTheKeyAndAreBounded) {
    KeyWish brief = wish();
    brief.expiry = format_time(now_ms() + 5'000);
    const json::Value key = create(admin, brief);
    const std::string id = text(key, "id"), first = text(key, "secret");
    for (int i = 0; i < 10; ++i) rotate(id, 3'600);
    EXPECT_TRUE(valid(first));
    EXPECT_FALSE(keys.authenticate(first, [] { return now_ms() + 5'001; }));
    EXPECT_EQ(loop.wait(keys.rotate(admin, id, 3'600, {})).error().code, ErrorCode::LIMIT_EXCEEDED);
    rotate(id, 0);
    EXPECT_FALSE(valid(first));
}

TEST_F(ApiKeysTest, EndedKeysAuthenticateNoMore) {
    const json::Value key = create(admin, wish());
    const std::string id = text(key, "id"), secret = text(key, "secret");
    KeyWish off;
    off.enabled = false;
    EXPECT_TRUE(loop.wait(keys.change(admin, id, off)).ok());
    EXPECT_FALSE(valid(secret));
    off.enabled = true;
    EXPECT_TRUE(loop.wait(keys.change(admin, id, off)).ok());
    EXPECT_TRUE(valid(secret));
    EXPECT_TRUE(loop.wait(keys.revoke(admin, id)).ok());
    EXPECT_FALSE(valid(secret));
    EXPECT_TRUE(loop.wait(keys.revoke(admin, id)).ok());
    EXPECT_EQ(loop.wait(keys.change(admin, id, off)).error().code, ErrorCode::API_KEY_REVOKED);
    EXPECT_EQ(loop.wait(keys.rotate(admin, id, 0, {})).error().code, ErrorCode::API_KEY_REVOKED);
    EXPECT_TRUE(loop.wait(keys.remove(admin, id)).ok());
    EXPECT_EQ(keys.get(admin, id).error().code, ErrorCode::API_KEY_NOT_FOUND);
}

TEST_F(ApiKeysTest, TheEnvironmentsKeyIsLeftAlone) {
    const std::string id(environment_key_id);
    EXPECT_EQ(loop.wait(keys.rotate(admin, id, 0, {})).error().code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(loop.wait(keys.revoke(admin, id)).error().code, ErrorCode::FORBIDDEN);
    EXPECT_EQ(loop.wait(keys.remove(admin, id)).error().code, ErrorCode::FORBIDDEN);
    KeyWish name;
    name.name = "mine";
    EXPECT_EQ(loop.wait(keys.change(admin, id, name)).error().code, ErrorCode::FORBIDDEN);
    EXPECT_TRUE(valid(own));
}

TEST_F(ApiKeysTest, WishesAreChecked) {
    const auto field = [&](auto edit) {
        KeyWish made = wish();
        edit(made);
        return refusal(admin, made).field;
    };
    EXPECT_EQ(field([](KeyWish& w) { w.name = ""; }), "name");
    EXPECT_EQ(field([](KeyWish& w) { w.name = std::string(101, 'a'); }), "name");
    EXPECT_EQ(field([](KeyWish& w) { w.name = "a\nb"; }), "name");
    EXPECT_EQ(field([](KeyWish& w) { w.scopes = std::vector<std::string>(); }), "scopes");
    EXPECT_EQ(field([](KeyWish& w) {
                  w.scopes = std::vector<std::string>{"database:read", "database:fly"};
              }),
              "scopes.1");
    EXPECT_EQ(field([](KeyWish& w) {
                  w.scopes = std::vector<std::string>{"logs:read", "logs:read"};
              }),
              "scopes.1");
    EXPECT_EQ(field([](KeyWish& w) { w.expiry = "2d"; }), "expiry");
    EXPECT_EQ(field([](KeyWish& w) { w.expiry = "2020-01-01"; }), "expiry");
    EXPECT_EQ(field([](KeyWish& w) { w.restrictions = R"({"colour":1})"; }), "restrictions.colour");
    EXPECT_EQ(field([](KeyWish& w) { w.restrictions = R"({"addresses":[]})"; }), "restrictions.addresses");
    EXPECT_EQ(field([](KeyWish& w) { w.restrictions = R"({"addresses":["::1","x"]})"; }),
              "restrictions.addresses.1");
}

TEST_F(ApiKeysTest, TheLastUseIsShownAtOnceAndWrittenLater) {
    const json::Value key = create(admin, wish());
    const std::string id = text(key, "id");
    const auto last_used = [&](const ApiKeys& from) {
        return text(*json::parse(*from.get(admin, id)), "last_used_at");
    };
    EXPECT_EQ(last_used(keys), "");
    principal_of(key).use->note(monotonic_ns());
    EXPECT_NE(last_used(keys), "");
    {
        ApiKeys other(engine);
        EXPECT_TRUE(loop.wait(other.load()).ok());
        EXPECT_EQ(last_used(other), "");
    }
    keys.start();
    keys.stop();
    ApiKeys later(engine);
    EXPECT_TRUE(loop.wait(later.load()).ok());
    EXPECT_NE(last_used(later), "");
    // A use that is written leaves what the key may do.
    EXPECT_TRUE(valid(text(key, "secret")));
}

}  // namespace
}  // namespace credvault::access
