#include <thread>

#include "access/identity_fixture.h"
#include "access/sessions/token.h"
#include "access/users/totp.h"
#include "base/clock.h"

namespace credvault::access {
namespace {

ErrorCode code_of(const auto& result) { return result.ok() ? ErrorCode::INTERNAL : result.error().code; }

TEST_F(IdentityTest, TheFirstOwnerTakesTheCodeOnce) {
    EXPECT_TRUE(is_token(TokenKind::Setup, setup_code));
    const auto wrong = loop.wait(identity->sign_in.set_up(
        {make_token(TokenKind::Setup), "a@example.com", good_password, "A"}, client));
    EXPECT_EQ(code_of(wrong), ErrorCode::INVALID_CODE);
    const auto weak =
        loop.wait(identity->sign_in.set_up({setup_code, "a@example.com", "short", "A"}, client));
    EXPECT_EQ(code_of(weak), ErrorCode::WEAK_PASSWORD);
    const SignedIn owner = set_up();
    const auto principal = who(owner.tokens);
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->workspace, workspace);
    EXPECT_EQ(principal->role, Role::Owner);
    EXPECT_EQ(principal->kind, PrincipalKind::User);
    EXPECT_EQ(principal->scopes, ScopeSet::all());
    const auto again =
        loop.wait(identity->sign_in.set_up({setup_code, "b@example.com", good_password, "B"}, client));
    EXPECT_EQ(code_of(again), ErrorCode::ALREADY_EXISTS);
    open();
    EXPECT_EQ(setup_code, "") << "there is a user";
    EXPECT_TRUE(who(owner.tokens)) << "sessions outlive the server";
}

TEST_F(IdentityTest, TheEnvironmentMakesTheFirstOwnerOnce) {
    EXPECT_TRUE(
        loop.wait(identity->sign_in.set_up_from_environment("Admin@Example.com", good_password)).ok());
    EXPECT_TRUE(
        loop.wait(identity->sign_in.set_up_from_environment("other@example.com", good_password)).ok());
    EXPECT_TRUE(try_sign_in("admin@example.com").ok());
    EXPECT_FALSE(try_sign_in("other@example.com").ok());
}

TEST_F(IdentityTest, AWrongPasswordAndAnUnknownEmailAreAlike) {
    set_up();
    const auto wrong = try_sign_in("owner@example.com", "wrong horse battery");
    const auto unknown = try_sign_in("nobody@example.com");
    const auto none = try_sign_in("no address at all");
    for (const auto* one : {&wrong, &unknown, &none}) {
        ASSERT_FALSE(one->ok());
        EXPECT_EQ(one->error().code, ErrorCode::INVALID_CREDENTIALS);
        EXPECT_EQ(one->error().message, wrong.error().message);
    }
    EXPECT_TRUE(try_sign_in(" OWNER@example.com ").ok());
}

TEST_F(IdentityTest, AttemptsAreCountedForUnknownAccountsToo) {
    IdentitySettings settings = cheap();
    settings.sign_in.accounts.free_attempts = 2;
    open(settings);
    set_up();
    for (const char* email : {"owner@example.com", "nobody@example.com"}) {
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ(code_of(try_sign_in(email, "wrong horse battery")), ErrorCode::INVALID_CREDENTIALS);
        const auto third = try_sign_in(email, good_password);
        ASSERT_EQ(code_of(third), ErrorCode::RATE_LIMITED) << email;
        EXPECT_GT(third.error().retry_after_seconds, 0);
    }
}

TEST_F(IdentityTest, ARefreshReplacesBothTokens) {
    const Tokens first = set_up().tokens;
    const auto second = loop.wait(identity->sessions.refresh(first.refresh, client));
    ASSERT_TRUE(second.ok());
    EXPECT_FALSE(who(first));
    EXPECT_TRUE(who(second->tokens));
    EXPECT_EQ(second->tokens.session, first.session);
    EXPECT_EQ(code_of(loop.wait(identity->sessions.refresh("cvr_nonsense", client))),
              ErrorCode::UNAUTHENTICATED);
    EXPECT_EQ(code_of(loop.wait(identity->sessions.refresh(make_refresh_token(make_family()), client))),
              ErrorCode::UNAUTHENTICATED);
    EXPECT_TRUE(who(second->tokens)) << "strangers end nothing";
}

TEST_F(IdentityTest, AnAnswerThatWasLostCanBeAskedForAgain) {
    const Tokens first = set_up().tokens;
    const auto lost = loop.wait(identity->sessions.refresh(first.refresh, client));
    const auto second = loop.wait(identity->sessions.refresh(first.refresh, client));
    ASSERT_TRUE(second.ok());
    EXPECT_FALSE(who(lost->tokens)) << "one pair at a time";
    EXPECT_TRUE(who(second->tokens));
    // Another tab that did get the first answer.
    const auto third = loop.wait(identity->sessions.refresh(lost->tokens.refresh, client));
    ASSERT_TRUE(third.ok());
    EXPECT_TRUE(who(third->tokens));
}

TEST_F(IdentityTest, AnOldRefreshTokenEndsTheSession) {
    IdentitySettings settings = cheap();
    settings.sessions.retry_ms = -1;
    open(settings);
    const Tokens first = set_up().tokens;
    const Tokens bystander = sign_in("owner@example.com").tokens;
    const auto second = loop.wait(identity->sessions.refresh(first.refresh, client));
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(code_of(loop.wait(identity->sessions.refresh(first.refresh, client))),
              ErrorCode::UNAUTHENTICATED);
    EXPECT_FALSE(who(second->tokens));
    EXPECT_EQ(code_of(loop.wait(identity->sessions.refresh(second->tokens.refresh, client))),
              ErrorCode::UNAUTHENTICATED);
    EXPECT_TRUE(who(bystander));
    open(settings);
    EXPECT_FALSE(who(second->tokens));
}

TEST_F(IdentityTest, TokensExpire) {
    IdentitySettings settings = cheap();
    settings.sessions.access_ms = 30;
    open(settings);
    const Tokens tokens = set_up().tokens;
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    EXPECT_FALSE(who(tokens));
    settings.sessions.refresh_ms = 1;
    open(settings);
    const Tokens brief = sign_in("owner@example.com").tokens;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(code_of(loop.wait(identity->sessions.refresh(brief.refresh, client))),
              ErrorCode::UNAUTHENTICATED);
}

TEST_F(IdentityTest, SessionsEndOneByOneAndAllAtOnce) {
    const SignedIn first = set_up();
    const Tokens second = sign_in("owner@example.com").tokens, third = sign_in("owner@example.com").tokens;
    EXPECT_EQ(loop.wait(identity->sessions.list(first.user.id, first.tokens.session))->size(), 3U);
    EXPECT_TRUE(loop.wait(identity->sessions.end(first.user.id, second.session)).ok());
    EXPECT_FALSE(who(second));
    EXPECT_EQ(code_of(loop.wait(identity->sessions.end(first.user.id, second.session))),
              ErrorCode::SESSION_NOT_FOUND);
    EXPECT_EQ(code_of(loop.wait(identity->sessions.end("usr_other", third.session))),
              ErrorCode::SESSION_NOT_FOUND);
    EXPECT_TRUE(who(third));
    EXPECT_TRUE(loop.wait(identity->sessions.end_all(first.user.id)).ok());
    EXPECT_FALSE(who(first.tokens));
    EXPECT_FALSE(who(third));
}

TEST_F(IdentityTest, AUserHasSoManySessionsAndNoMore) {
    IdentitySettings settings = cheap();
    settings.sessions.max_per_user = 2;
    open(settings);
    const SignedIn first = set_up();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const Tokens second = sign_in("owner@example.com").tokens, third = sign_in("owner@example.com").tokens;
    EXPECT_FALSE(who(first.tokens));
    EXPECT_TRUE(who(second));
    EXPECT_TRUE(who(third));
}

TEST_F(IdentityTest, ANewPasswordEndsTheOtherSessions) {
    const SignedIn owner = set_up();
    const Tokens other = sign_in("owner@example.com").tokens;
    const auto change = [&](const std::string& old, const std::string& fresh) {
        return loop.wait(identity->sign_in.change_password(owner.user.id, owner.tokens.session, {{}, old, {}},
                                                           fresh, client));
    };
    EXPECT_EQ(code_of(change("wrong horse battery", "another good one")), ErrorCode::INVALID_CREDENTIALS);
    EXPECT_EQ(code_of(change(good_password, "short")), ErrorCode::WEAK_PASSWORD);
    EXPECT_TRUE(who(other));
    ASSERT_TRUE(change(good_password, "another good one").ok());
    EXPECT_TRUE(who(owner.tokens));
    EXPECT_FALSE(who(other));
    EXPECT_FALSE(try_sign_in("owner@example.com").ok());
    EXPECT_TRUE(try_sign_in("owner@example.com", "another good one").ok());
}

TEST_F(IdentityTest, PasswordsAreHashedAnewWhenTheSettingsChange) {
    set_up();
    const auto hash = [&] {
        return loop.wait(identity->users.by_email("owner@example.com"))->value().password;
    };
    const std::string before = hash();
    IdentitySettings settings = cheap();
    settings.passwords.passes = 2;
    open(settings);
    EXPECT_FALSE(try_sign_in("owner@example.com", "wrong horse battery").ok());
    EXPECT_EQ(hash(), before);
    EXPECT_TRUE(try_sign_in("owner@example.com").ok());
    EXPECT_NE(hash().find("t=2"), std::string::npos) << hash();
    EXPECT_TRUE(try_sign_in("owner@example.com").ok());
}

class SecondFactorTest : public IdentityTest {
protected:
    SecondFactorTest() : owner(set_up()) {}

    Result<Proof> prove(const std::string& code = {}, const std::string& recovery = {}) {
        return loop.wait(
            identity->sign_in.prove(owner.user.id, {{}, good_password, {code, recovery}}, client, true));
    }
    /// The secret's text is base 32; its bytes are what codes are made of.
    std::string stored_secret() {
        const auto user = loop.wait(identity->users.get(owner.user.id));
        return *key.unseal(user->totp.empty() ? user->totp_pending : user->totp, "totp/" + owner.user.id);
    }
    std::string code(std::int64_t steps_ahead = 0) {
        return totp_code(stored_secret(), totp_step_at(now_ms()) + steps_ahead);
    }
    std::vector<std::string> enrol() {
        auto enrolment = loop.wait(identity->second_factor.enrol(
            *loop.wait(identity->users.get(owner.user.id)), std::move(prove()).value()));
        EXPECT_TRUE(enrolment.ok());
        EXPECT_EQ(enrolment->secret, base32_of(stored_secret()));
        auto codes = loop.wait(identity->second_factor.confirm(owner.user.id, code()));
        EXPECT_TRUE(codes.ok());
        return std::move(codes).value();
    }

    SignedIn owner;
};

TEST_F(SecondFactorTest, IsInForceOnceItsFirstCodeCame) {
    EXPECT_EQ(code_of(loop.wait(identity->second_factor.confirm(owner.user.id, "123456"))),
              ErrorCode::INVALID_CODE);
    ASSERT_TRUE(loop.wait(identity->second_factor.enrol(*loop.wait(identity->users.get(owner.user.id)),
                                                        std::move(prove()).value()))
                    .ok());
    EXPECT_TRUE(try_sign_in("owner@example.com").ok());
    EXPECT_EQ(code_of(loop.wait(identity->second_factor.confirm(owner.user.id, "12345"))),
              ErrorCode::INVALID_CODE);
    ASSERT_TRUE(loop.wait(identity->second_factor.confirm(owner.user.id, code())).ok());
    EXPECT_EQ(code_of(try_sign_in("owner@example.com")), ErrorCode::SECOND_FACTOR_REQUIRED);
    EXPECT_EQ(code_of(try_sign_in("owner@example.com", "wrong horse battery")),
              ErrorCode::INVALID_CREDENTIALS);
    EXPECT_EQ(code_of(loop.wait(identity->second_factor.confirm(owner.user.id, code()))),
              ErrorCode::ALREADY_EXISTS);
}

TEST_F(SecondFactorTest, ACodeIsGoodForOneUse) {
    enrol();
    EXPECT_EQ(code_of(try_sign_in("owner@example.com", good_password, code())),
              ErrorCode::INVALID_CREDENTIALS)
        << "confirming used it";
    const std::string next = code(1);
    EXPECT_TRUE(try_sign_in("owner@example.com", good_password, next).ok());
    EXPECT_EQ(code_of(try_sign_in("owner@example.com", good_password, next)), ErrorCode::INVALID_CREDENTIALS);
}

TEST_F(SecondFactorTest, TwoSignInsWithOneCodeAtOnceAreOne) {
    enrol();
    const std::string next = code(1);
    auto first = identity->sign_in.sign_in({"owner@example.com", good_password, {next, {}}}, client);
    auto second = identity->sign_in.sign_in({"owner@example.com", good_password, {next, {}}}, client);
    const int passed = int(loop.wait(std::move(first)).ok()) + int(loop.wait(std::move(second)).ok());
    EXPECT_EQ(passed, 1);
}

TEST_F(SecondFactorTest, ARecoveryCodeIsGoodForOneUse) {
    const std::vector<std::string> codes = enrol();
    EXPECT_EQ(codes.size(), 10U);
    EXPECT_TRUE(try_sign_in("owner@example.com", good_password, {}, " " + codes[3]).ok());
    EXPECT_EQ(code_of(try_sign_in("owner@example.com", good_password, {}, codes[3])),
              ErrorCode::INVALID_CREDENTIALS);
    auto renewed = loop.wait(
        identity->second_factor.renew_recovery_codes(owner.user.id, std::move(prove({}, codes[4])).value()));
    ASSERT_TRUE(renewed.ok());
    EXPECT_EQ(code_of(try_sign_in("owner@example.com", good_password, {}, codes[5])),
              ErrorCode::INVALID_CREDENTIALS);
    EXPECT_TRUE(try_sign_in("owner@example.com", good_password, {}, (*renewed)[0]).ok());
}

TEST_F(SecondFactorTest, IsRemovedWithPasswordAndCode) {
    const std::vector<std::string> codes = enrol();
    EXPECT_EQ(code_of(prove()), ErrorCode::SECOND_FACTOR_REQUIRED);
    ASSERT_TRUE(
        loop.wait(identity->second_factor.disable(owner.user.id, std::move(prove({}, codes[0])).value()))
            .ok());
    EXPECT_TRUE(try_sign_in("owner@example.com").ok());
}

TEST_F(SecondFactorTest, AWorkspaceMayDemandIt) {
    const auto principal = who(owner.tokens);
    WorkspaceChange demand;
    demand.require_totp = true;
    ASSERT_TRUE(loop.wait(identity->workspaces.change(*principal, workspace, demand)).ok());
    const auto kept_out = who(owner.tokens);
    ASSERT_TRUE(kept_out);
    EXPECT_EQ(kept_out->scopes, ScopeSet());
    EXPECT_EQ(kept_out->role, Role::Viewer);
    enrol();
    ASSERT_TRUE(loop.wait(identity->sessions.reload(owner.user.id)).ok());
    EXPECT_EQ(who(owner.tokens)->scopes, ScopeSet::all());
    EXPECT_EQ(who(owner.tokens)->role, Role::Owner);
}

TEST_F(SecondFactorTest, ItsSecretIsStoredSealed) {
    enrol();
    const std::string secret = stored_secret();
    SystemRecords records(engine);
    const auto users = loop.wait(records.all(users_collection, "{}"));
    const std::string stored = users->front().text();
    EXPECT_EQ(stored.find(base32_of(secret)), std::string::npos);
    EXPECT_EQ(stored.find(good_password), std::string::npos);
}

}  // namespace
}  // namespace credvault::access
