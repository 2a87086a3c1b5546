// The pure parts of users: emails, passwords, one-time codes; and hashing.
#include <gtest/gtest.h>

#include "access/users/email.h"
#include "access/users/password.h"
#include "access/users/totp.h"
#include "base/run_loop.h"

namespace credvault::access {
namespace {

TEST(Email, HasOneForm) {
    EXPECT_EQ(*normalised_email("  Ada.Lovelace@Example.COM "), "ada.lovelace@example.com");
    EXPECT_EQ(*normalised_email("a+b@localhost"), "a+b@localhost");
    EXPECT_EQ(*normalised_email("grüße@exämple.de"), "grüße@exämple.de");
    EXPECT_TRUE(normalised_email(std::string(64, 'a') + "@example.com").ok());
}

TEST(Email, RefusesWhatIsNoAddress) {
    for (const char* text : {"", "ada", "@example.com", "ada@", "ada@.com", "ada@example..com",
                             "a b@example.com", "ada@-example.com", ".ada@example.com", "ada.@example.com",
                             "a..b@example.com", "ada@example.com\r\nBcc: eve@example.com",
                             "<ada@example.com>", "a@b@c\"", "ada@exa_mple.com", "ada@example.com."}) {
        const auto email = normalised_email(text);
        ASSERT_FALSE(email.ok()) << text;
        EXPECT_EQ(email.error().code, ErrorCode::INVALID_PARAMETER);
        EXPECT_EQ(email.error().field, "email");
    }
    EXPECT_FALSE(normalised_email(std::string(65, 'a') + "@example.com").ok());
    EXPECT_FALSE(normalised_email("a@" + std::string(64, 'b') + ".com").ok());
}

bool will_do(std::string_view password, std::string_view email = "ada@example.com") {
    const Status status = check_password(password, email, "password");
    if (!status.ok()) {
        EXPECT_EQ(status.error().code, ErrorCode::WEAK_PASSWORD);
        EXPECT_EQ(status.error().field, "password");
    }
    return status.ok();
}

TEST(Password, IsLongEnoughAndNotTooLong) {
    EXPECT_FALSE(will_do("elevenchars"));
    EXPECT_TRUE(will_do("twelve chars"));
    EXPECT_TRUE(will_do("äöüäöüäöüäöü")) << "characters count, not bytes";
    EXPECT_TRUE(will_do(std::string(255, 'x') + "y"));
    EXPECT_FALSE(will_do(std::string(256, 'x') + "y"));
}

TEST(Password, IsNotWhatEverybodyTries) {
    EXPECT_FALSE(will_do("passwordpassword"));
    EXPECT_FALSE(will_do("QwertyQwerty"));
    EXPECT_FALSE(will_do("1q2w3e4r5t6y"));
    EXPECT_FALSE(will_do("aaaaaaaaaaaaaaa"));
    EXPECT_FALSE(will_do("Ada@Example.com"));
    EXPECT_FALSE(will_do("ada.lovelace1815", "ada.lovelace1815@example.com"));
}

PasswordSettings cheap(std::int64_t passes = 1) { return {8, passes, 1, 64}; }

TEST(PasswordHashing, KnowsItsPassword) {
    RunLoop loop;
    PasswordHashing hashing(cheap());
    const std::string hash = *loop.wait(hashing.hash("correct horse battery"));
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
    EXPECT_TRUE(loop.wait(hashing.check("correct horse battery", hash))->matches);
    EXPECT_FALSE(loop.wait(hashing.check("correct horse batterz", hash))->matches);
    EXPECT_FALSE(loop.wait(hashing.check("correct horse battery", ""))->matches);
    EXPECT_NE(*loop.wait(hashing.hash("correct horse battery")), hash) << "each has its own salt";
}

TEST(PasswordHashing, SaysWhenItsSettingsChanged) {
    RunLoop loop;
    PasswordHashing before(cheap()), after(cheap(2));
    const std::string hash = *loop.wait(before.hash("correct horse battery"));
    EXPECT_FALSE(loop.wait(before.check("correct horse battery", hash))->outdated);
    const auto match = loop.wait(after.check("correct horse battery", hash));
    EXPECT_TRUE(match->matches);
    EXPECT_TRUE(match->outdated);
}

TEST(PasswordHashing, RefusesBeyondItsQueue) {
    RunLoop loop;
    PasswordHashing hashing({8 * 1024, 1, 1, 1});
    std::vector<Reply<std::string>> replies;
    for (int i = 0; i < 8; ++i) replies.push_back(hashing.hash("correct horse battery"));
    int refused = 0;
    for (auto& reply : replies) {
        const auto result = loop.wait(std::move(reply));
        if (result.ok()) continue;
        EXPECT_EQ(result.error().code, ErrorCode::OVERLOADED);
        EXPECT_GT(result.error().retry_after_seconds, 0);
        ++refused;
    }
    EXPECT_GT(refused, 0);
}

TEST(Totp, GivesTheCodesOfTheStandard) {
    // RFC 6238, appendix B, the last six digits.
    constexpr std::string_view secret = "12345678901234567890";
    const std::pair<std::int64_t, const char*> expected[] = {{59, "287082"},         {1111111109, "081804"},
                                                             {1111111111, "050471"}, {1234567890, "005924"},
                                                             {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [seconds, code] : expected) {
        EXPECT_EQ(totp_code(secret, totp_step_at(seconds * 1000)), code) << seconds;
    }
    EXPECT_EQ(base32_of(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(base32_of("f"), "MY");
    EXPECT_EQ(base32_of(""), "");
}

TEST(Totp, TakesOneStepBeforeAndAfterAndNoneTwice) {
    const std::string secret = make_totp_secret();
    EXPECT_EQ(secret.size(), totp_secret_bytes);
    const std::int64_t ms = 1'700'000'000'000, now = totp_step_at(ms);
    for (const std::int64_t step : {now - 1, now, now + 1}) {
        EXPECT_EQ(matching_totp_step(secret, totp_code(secret, step), ms, 0), step);
        EXPECT_EQ(matching_totp_step(secret, totp_code(secret, step), ms, step), std::nullopt);
    }
    EXPECT_EQ(matching_totp_step(secret, totp_code(secret, now - 2), ms, 0), std::nullopt);
    EXPECT_EQ(matching_totp_step(secret, totp_code(secret, now + 2), ms, 0), std::nullopt);
    const std::string code = totp_code(secret, now);
    EXPECT_EQ(matching_totp_step(secret, code.substr(0, 3) + " " + code.substr(3), ms, 0), now);
    for (const char* text : {"", "12345", "1234567", "12345a", "      ", "１２３４５６"})
        EXPECT_EQ(matching_totp_step(secret, text, ms, 0), std::nullopt) << text;
}

TEST(Totp, ItsUrlIsReadByApps) {
    EXPECT_EQ(totp_url("12345678901234567890", "a+b@example.com"),
              "otpauth://totp/CredVault:a%2Bb%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              "&issuer=CredVault&algorithm=SHA1&digits=6&period=30");
}

TEST(RecoveryCode, IsReadAsPeopleTypeIt) {
    const std::string code = make_recovery_code();
    EXPECT_EQ(code.size(), 11U);
    EXPECT_EQ(code[5], '-');
    EXPECT_NE(make_recovery_code(), code);
    EXPECT_EQ(normalised_recovery_code("K7WM2 - 9xq4t"), "k7wm29xq4t");
}

}  // namespace
}  // namespace credvault::access
