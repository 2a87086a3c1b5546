#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "access/api_keys.h"
#include "access/role.h"
#include "access/system.h"
#include "base/run_loop.h"
#include "storage/memory/memory_engine.h"

namespace credvault::access {
namespace {

constexpr std::string_view own = "operator-key-0123456789-abcdefghijkl";
constexpr std::string_view other = "another-key-0123456789-abcdefghijkl0";

class Access : public testing::Test {
protected:
    Access() { workspace = *loop.wait(open_system(engine)); }

    std::optional<std::string> start(ApiKeys& keys, std::string_view environment = {}) {
        EXPECT_TRUE(loop.wait(keys.load()).ok());
        const auto made = loop.wait(keys.ensure_admin_key(workspace, std::string(environment)));
        EXPECT_TRUE(made.ok());
        return made.ok() ? *made : std::nullopt;
    }
    std::string stored_keys() {
        class Sink final : public storage::RowSink {
        public:
            bool row(const storage::Row& row) override { return text.append(row.record.text()), true; }
            void restart() override { text.clear(); }
            std::string text;
        } sink;
        storage::FindRequest request;
        request.database = system_database;
        request.collection = api_keys_collection;
        EXPECT_TRUE(loop.wait(engine.find(request, sink)).ok());
        return sink.text;
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    std::string workspace;
};

TEST(Scopes, HaveDistinctNamesThatReadBack) {
    std::set<std::string_view> names;
    for (const Scope scope : all_scopes()) {
        EXPECT_EQ(scope_named(scope_name(scope)), scope);
        names.insert(scope_name(scope));
    }
    EXPECT_EQ(names.size(), all_scopes().size());
    EXPECT_EQ(scope_named("database:write"), Scope::DatabaseWrite);
    EXPECT_EQ(scope_named("database"), std::nullopt);
}

TEST(Scopes, AreSets) {
    const ScopeSet few{Scope::DatabaseRead, Scope::LogsRead};
    EXPECT_TRUE(few.has(Scope::DatabaseRead));
    EXPECT_TRUE(few.has(Scope::LogsRead));
    EXPECT_FALSE(few.has(Scope::DatabaseWrite));
    for (const Scope scope : all_scopes()) EXPECT_TRUE(ScopeSet::all().has(scope));
}

TEST(Roles, AreSetsOfScopesEachWithinTheOneAbove) {
    const std::vector<Role> roles{Role::Owner, Role::Admin, Role::Developer, Role::Viewer};
    for (std::size_t i = 0; i < roles.size(); ++i) {
        EXPECT_EQ(role_named(role_name(roles[i])), roles[i]);
        if (i == 0) continue;
        EXPECT_TRUE(scopes_of(roles[i - 1]).covers(scopes_of(roles[i])));
        EXPECT_FALSE(scopes_of(roles[i]).covers(scopes_of(roles[i - 1])));
    }
    EXPECT_EQ(role_named("root"), std::nullopt);
    EXPECT_EQ(scopes_of(Role::Owner), ScopeSet::all());
    EXPECT_FALSE(scopes_of(Role::Admin).has(Scope::BillingManage));
    EXPECT_TRUE(scopes_of(Role::Developer).has(Scope::DatabaseWrite));
    EXPECT_FALSE(scopes_of(Role::Developer).has(Scope::DatabaseManage));
    EXPECT_FALSE(scopes_of(Role::Viewer).has(Scope::DatabaseWrite));
    EXPECT_TRUE(scopes_of(Role::Viewer).has(Scope::LogsRead));
}

TEST(Secret, IsFoundInTheAuthorizationField) {
    EXPECT_EQ(secret_in("ApiKey abc"), "abc");
    EXPECT_EQ(secret_in("apikey   a-b_c.d~"), "a-b_c.d~");
    EXPECT_EQ(secret_in("Bearer abc"), "abc");
    for (const std::string_view bad :
         {"", "abc", "ApiKey", "ApiKey ", "Basic abc", "ApiKey a b", "ApiKey a\xc3\xa9"}) {
        EXPECT_EQ(secret_in(bad), std::nullopt) << bad;
    }
    EXPECT_TRUE(secret_in("ApiKey " + std::string(max_secret_bytes, 'a')));
    EXPECT_FALSE(secret_in("ApiKey " + std::string(max_secret_bytes + 1, 'a')));
}

TEST(Secret, IsMadeWithACheck) {
    const std::string secret = make_secret();
    EXPECT_TRUE(secret.starts_with("cv_live_"));
    EXPECT_NE(secret, make_secret());
    EXPECT_TRUE(is_well_formed(secret));
    for (std::size_t i = 8; i < secret.size(); ++i) {
        std::string typo = secret;
        typo[i] = typo[i] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(is_well_formed(typo)) << i;
    }
    EXPECT_FALSE(is_well_formed(secret.substr(1)));
}

TEST(Secret, OfTheOperatorsHasBounds) {
    EXPECT_TRUE(check_own_secret(std::string(32, 'a')).ok());
    EXPECT_FALSE(check_own_secret(std::string(31, 'a')).ok());
    EXPECT_TRUE(check_own_secret(std::string(512, 'a')).ok());
    EXPECT_FALSE(check_own_secret(std::string(513, 'a')).ok());
    EXPECT_FALSE(check_own_secret("cv_" + std::string(40, 'a')).ok());
    EXPECT_FALSE(check_own_secret(std::string(40, 'a') + "/").ok());
}

TEST(Secret, DigestsReadBackFromHex) {
    const Digest digest = digest_of("abc");
    // BLAKE2b-256 of "abc", from the reference implementation's b2sum -l 256.
    EXPECT_EQ(hex_of(digest), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    EXPECT_TRUE(equal(*digest_from_hex(hex_of(digest)), digest));
    EXPECT_FALSE(digest_from_hex("bddd"));
    EXPECT_FALSE(digest_from_hex(std::string(64, 'g')));
}

TEST_F(Access, TheFirstStartMakesAKeyOnce) {
    ApiKeys keys(engine);
    const auto secret = start(keys);
    ASSERT_TRUE(secret);
    const auto principal = keys.authenticate(*secret);
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->workspace, workspace);
    EXPECT_EQ(principal->scopes, ScopeSet::all());
    EXPECT_TRUE(principal->id.starts_with("key_"));
    EXPECT_FALSE(keys.authenticate(*secret + "x"));

    ApiKeys later(engine);
    EXPECT_FALSE(start(later));
    EXPECT_TRUE(later.authenticate(*secret));
    EXPECT_EQ(*loop.wait(open_system(engine)), workspace);
}

TEST_F(Access, NoSecretIsStored) {
    ApiKeys keys(engine);
    const auto secret = start(keys);
    start(keys, own);
    const std::string stored = stored_keys();
    EXPECT_EQ(stored.find(*secret), std::string::npos);
    EXPECT_EQ(stored.find(own.substr(0, 8)), std::string::npos);
}

TEST_F(Access, TheEnvironmentsKeyIsTakenAndReplaced) {
    ApiKeys keys(engine);
    EXPECT_FALSE(start(keys, own));
    EXPECT_TRUE(keys.authenticate(own));
    ApiKeys second(engine);
    EXPECT_FALSE(start(second, other));
    EXPECT_FALSE(second.authenticate(own));
    EXPECT_TRUE(second.authenticate(other));
    ApiKeys third(engine);
    EXPECT_FALSE(start(third));
    EXPECT_TRUE(third.authenticate(other));
}

TEST_F(Access, AKeyAddedByTheEnvironmentLeavesTheFirstOneValid) {
    ApiKeys keys(engine);
    const auto secret = start(keys);
    start(keys, own);
    EXPECT_TRUE(keys.authenticate(own));
    EXPECT_TRUE(keys.authenticate(*secret));
}

TEST_F(Access, AWrongEnvironmentKeyIsRefusedWithoutBeingTold) {
    ApiKeys keys(engine);
    ASSERT_TRUE(loop.wait(keys.load()).ok());
    const auto refused = loop.wait(keys.ensure_admin_key(workspace, "short-secret"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::INVALID_PARAMETER);
    EXPECT_EQ(refused.error().message.find("short-secret"), std::string::npos);
}

TEST_F(Access, RecordsThatAreNoValidKeyDoNotAuthenticate) {
    const std::string hash = hex_of(digest_of(own));
    const auto record = [&](const std::string& rest) {
        return R"({"id":"key_1","workspace":"ws_1","hash":")" + hash + "\"," + rest + "}";
    };
    const auto put = [&](const std::string& text) {
        storage::WriteBatch batch;
        batch.database = system_database;
        batch.operations.push_back(storage::PutRecord{api_keys_collection, "key_1", text, true, {}});
        EXPECT_TRUE(loop.wait(engine.write(batch)).ok());
        ApiKeys keys(engine);
        EXPECT_TRUE(loop.wait(keys.load()).ok());
        return keys.authenticate(own, [] { return std::int64_t{1'000}; });
    };
    const auto valid = put(record(R"("status":"active","scopes":["database:read","later:scope"])"));
    ASSERT_TRUE(valid);
    EXPECT_EQ(valid->scopes, ScopeSet{Scope::DatabaseRead});
    EXPECT_FALSE(put(record(R"("status":"revoked","scopes":["database:read"])")));
    EXPECT_FALSE(put(record(R"("scopes":["database:read"])")));
    EXPECT_FALSE(put(record(R"("status":"active")")));
    EXPECT_FALSE(put(record(R"("status":"active","scopes":[],"expires_at":"1970-01-01T00:00:01Z")")));
    EXPECT_TRUE(put(record(R"("status":"active","scopes":[],"expires_at":"1970-01-01T00:00:01.001Z")")));
    EXPECT_FALSE(put(record(R"("status":"active","scopes":[],"expires_at":"whenever")")));
}

TEST(CredentialTable, ARevokedKeyIsGoneForEveryThreadAtOnce) {
    CredentialTable table;
    const Digest digest = digest_of(own);
    table.publish({{digest, Principal{"key_1", "ws_1", {}, 0}}});
    std::atomic<int> found{0};
    std::atomic<bool> revoked{false}, wrong{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            bool counted = false;
            while (true) {
                const bool gone = revoked.load();
                const bool there = table.find(digest) != nullptr;
                if (gone && there) wrong = true;
                if (there && !counted) counted = ++found;
                if (gone) return;
            }
        });
    }
    while (found < 3) std::this_thread::yield();
    table.publish({});
    revoked = true;
    for (std::thread& thread : threads) thread.join();
    EXPECT_FALSE(wrong);
    EXPECT_EQ(table.find(digest), nullptr);
}

TEST(CredentialTable, TakesThousandsOneByOne) {
    CredentialTable table;
    const auto digest = [](int i) { return digest_of("token " + std::to_string(i)); };
    constexpr int many = 5'000;
    for (int i = 0; i < many; ++i) {
        table.apply({{digest(i), std::make_shared<const Principal>(Principal{std::to_string(i), "ws", {}})}});
        ASSERT_EQ(table.find(digest(i))->id, std::to_string(i));
    }
    EXPECT_EQ(table.size(), many);
    std::vector<CredentialChange> changes;
    for (int i = 0; i < many; i += 2) changes.push_back({digest(i), nullptr});
    table.apply(changes);
    EXPECT_EQ(table.size(), many / 2);
    for (int i = 0; i < many; ++i) ASSERT_EQ(table.find(digest(i)) != nullptr, i % 2 != 0) << i;
    table.publish({{digest(0), Principal{"only", "ws", {}}}});
    EXPECT_EQ(table.size(), 1U);
    EXPECT_EQ(table.find(digest(1)), nullptr);
    EXPECT_EQ(table.find(digest(0))->id, "only");
}

TEST(CredentialTable, TheLaterOfTwoChangesCounts) {
    CredentialTable table;
    const Digest digest = digest_of(own);
    const auto someone = std::make_shared<const Principal>(Principal{"key_1", "ws", {}});
    table.apply({{digest, someone}, {digest, nullptr}});
    EXPECT_EQ(table.find(digest), nullptr);
    table.apply({{digest, nullptr}, {digest, someone}});
    ASSERT_NE(table.find(digest), nullptr);
    EXPECT_NE(table.find(digest), someone) << "each thread has a copy of its own";
}

}  // namespace
}  // namespace credvault::access
