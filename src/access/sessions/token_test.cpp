#include "access/sessions/token.h"

#include <gtest/gtest.h>

#include "access/sessions/throttle.h"

namespace credvault::access {
namespace {

TEST(Token, IsOfItsKindAndNoOther) {
    const TokenKind kinds[] = {TokenKind::Access, TokenKind::Invitation, TokenKind::Reset, TokenKind::Setup};
    for (const TokenKind kind : kinds) {
        const std::string token = make_token(kind);
        EXPECT_EQ(token.size(), 48U);
        EXPECT_NE(make_token(kind), token);
        for (const TokenKind other : kinds) EXPECT_EQ(is_token(other, token), other == kind);
        EXPECT_FALSE(is_token(kind, token + "a"));
        EXPECT_FALSE(is_token(kind, token.substr(0, 47)));
        EXPECT_FALSE(is_token(kind, token.substr(0, 47) + "-"));
    }
}

TEST(Token, ARefreshTokenNamesItsFamily) {
    const std::string family = make_family();
    const std::string first = make_refresh_token(family), second = make_refresh_token(family);
    EXPECT_NE(first, second);
    EXPECT_EQ(family_of(first), family);
    EXPECT_EQ(family_of(second), family);
    for (const std::string& text : {std::string(), first + "x", first.substr(1),
                                    make_token(TokenKind::Access), first.substr(0, 69) + "!"}) {
        EXPECT_EQ(family_of(text), std::nullopt) << text;
    }
}

TEST(Cookies, AreFoundByTheirWholeName) {
    const auto tokens =
        tokens_in_cookies("theme=dark; credvault_session=cva_1;credvault_refresh=cvr_2 ; x", false);
    EXPECT_EQ(tokens.access, "cva_1");
    EXPECT_EQ(tokens.refresh, "cvr_2");
    EXPECT_EQ(tokens_in_cookies("__Host-credvault_session=cva_1", true).access, "cva_1");
    EXPECT_EQ(tokens_in_cookies("credvault_session=cva_1", true).access, "")
        << "one that plain http could set";
    EXPECT_EQ(tokens_in_cookies("xcredvault_session=cva_1", false).access, "");
    EXPECT_EQ(tokens_in_cookies("credvault_sessions=cva_1", false).access, "");
    EXPECT_EQ(tokens_in_cookies("credvault_session", false).access, "");
    EXPECT_EQ(tokens_in_cookies("credvault_session=a; credvault_session=b", false).access, "");
    EXPECT_EQ(tokens_in_cookies("", false).access, "");
    EXPECT_EQ(tokens_in_cookies(";;; =;", false).access, "");
}

TEST(Cookies, AreOutOfReachOfScriptsAndOtherSites) {
    const auto secure = session_cookies("cva_1", "cvr_2", 60, true);
    ASSERT_EQ(secure.size(), 2U);
    EXPECT_EQ(secure[0],
              "__Host-credvault_session=cva_1; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
    EXPECT_EQ(
        secure[1],
        "__Secure-credvault_refresh=cvr_2; Path=/v1/auth; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
    EXPECT_EQ(session_cookies("", "", 60, false)[0],
              "credvault_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

TEST(CsrfToken, BelongsToOneAccessToken) {
    const std::string token = make_token(TokenKind::Access);
    const std::string csrf = csrf_token_of(token);
    EXPECT_TRUE(is_csrf_token(csrf, token));
    EXPECT_FALSE(is_csrf_token(csrf, make_token(TokenKind::Access)));
    EXPECT_FALSE(is_csrf_token("", token));
    EXPECT_FALSE(is_csrf_token(csrf.substr(1), token));
}

std::int64_t clock_ms = 0;

class Attempts : public testing::Test {
protected:
    Attempts() { clock_ms = 1'000'000; }
    static ThrottleSettings settings() { return {3, 1'000, 8'000, 100'000, 4}; }
    Throttle throttle{settings(), +[] { return clock_ms; }};

    std::int64_t wait(std::string_view subject) {
        const Status begun = throttle.begin(subject);
        if (begun.ok()) return 0;
        EXPECT_EQ(begun.error().code, ErrorCode::RATE_LIMITED);
        return begun.error().retry_after_seconds;
    }
};

TEST_F(Attempts, WaitTwiceAsLongEachTime) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(wait("ada"), 0);
    for (const std::int64_t seconds : {1, 2, 4, 8, 8}) {
        EXPECT_EQ(wait("ada"), seconds);
        EXPECT_EQ(wait("ada"), seconds) << "asking again makes it no longer";
        clock_ms += seconds * 1'000 - 1;
        EXPECT_EQ(wait("ada"), 1);
        clock_ms += 1;
        EXPECT_EQ(wait("ada"), 0);
    }
    EXPECT_EQ(wait("bob"), 0) << "others are not concerned";
}

TEST_F(Attempts, AreForgottenAfterSuccessAndTime) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(wait("ada"), 0);
    throttle.forget("ada");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(wait("ada"), 0);
    EXPECT_EQ(wait("ada"), 1);
    clock_ms += 100'000;
    EXPECT_EQ(wait("ada"), 0);
    EXPECT_EQ(wait("ada"), 0);
}

TEST_F(Attempts, ThatSaidNothingAreNotCounted) {
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(wait("ada"), 0);
        throttle.forgive("ada");
    }
    throttle.forgive("nobody");
}

TEST_F(Attempts, OfTheQuietestSubjectAreDroppedWhereThereAreTooMany) {
    for (const char* subject : {"a", "b", "c", "d"}) {
        for (int i = 0; i < 3; ++i) EXPECT_EQ(wait(subject), 0);
    }
    EXPECT_EQ(wait("e"), 0);
    EXPECT_EQ(wait("b"), 1);
    EXPECT_EQ(wait("a"), 0) << "forgotten";
}

}  // namespace
}  // namespace credvault::access
