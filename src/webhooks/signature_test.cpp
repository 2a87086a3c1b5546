// Signatures: the vector of Standard Webhooks, both kinds of keys, rotation.
#include "webhooks/signature.h"

#include <gtest/gtest.h>
#include <sodium.h>

namespace credvault::webhooks {
namespace {

constexpr std::string_view vector_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view vector_id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view vector_body = R"({"test": 2432232314})";
constexpr std::string_view vector_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(Signature, IsThatOfStandardWebhooks) {
    const SigningKey key = SigningKey::parse(vector_secret).value();
    EXPECT_EQ(key.standard(vector_id, 1614265330, vector_body), vector_signature);
    EXPECT_NE(key.standard(vector_id, 1614265331, vector_body), vector_signature);
    EXPECT_NE(key.standard("msg_other", 1614265330, vector_body), vector_signature);
    EXPECT_NE(key.standard(vector_id, 1614265330, "{}"), vector_signature);
    EXPECT_TRUE(key.public_key().empty());
}

TEST(Signature, OwnHeaderSignsTimeAndBody) {
    // By openssl dgst -sha256 -mac hmac, of `1614265330.` and the body.
    const Signatures both =
        signatures({SigningKey::parse(vector_secret).value()}, vector_id, 1614265330, vector_body);
    EXPECT_EQ(both.standard, vector_signature);
    EXPECT_EQ(both.own, "t=1614265330,v1=e96203c6de850e7dc1fde7489ef6140b402d3a5a64fe250cd2eef9830fac1cef");
}

TEST(Signature, SeveralKeysAllSign) {
    const SigningKey old = SigningKey::parse(vector_secret).value();
    const SigningKey fresh = SigningKey::parse(make_signing_secret(SignatureKind::V1)).value();
    const Signatures both = signatures({fresh, old}, vector_id, 1614265330, vector_body);
    EXPECT_EQ(both.standard,
              fresh.standard(vector_id, 1614265330, vector_body) + " " + std::string(vector_signature));
    EXPECT_EQ(both.own,
              "t=1614265330," + fresh.own(1614265330, vector_body) + "," + old.own(1614265330, vector_body));
}

TEST(Signature, Ed25519VerifiesByThePublicKey) {
    const std::string secret = make_signing_secret(SignatureKind::V1a);
    EXPECT_EQ(secret.substr(0, 5), "whsk_");
    const SigningKey key = SigningKey::parse(secret).value();
    const std::string signature = key.standard(vector_id, 1614265330, vector_body);
    ASSERT_EQ(signature.substr(0, 4), "v1a,");
    const auto decoded = [](std::string_view text) {
        std::string bytes(text.size(), '\0');
        std::size_t size = 0;
        EXPECT_EQ(sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                    text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL),
                  0);
        bytes.resize(size);
        return bytes;
    };
    const std::string raw = decoded(std::string_view(signature).substr(4));
    const std::string shown = key.public_key();
    ASSERT_EQ(shown.substr(0, 5), "whpk_");
    const std::string open = decoded(std::string_view(shown).substr(5));
    const std::string content = std::string(vector_id) + ".1614265330." + std::string(vector_body);
    const auto bytes = [](const std::string& text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    };
    EXPECT_EQ(crypto_sign_verify_detached(bytes(raw), bytes(content), content.size(), bytes(open)), 0);
    const std::string other = content + " ";
    EXPECT_NE(crypto_sign_verify_detached(bytes(raw), bytes(other), other.size(), bytes(open)), 0);
}

TEST(Signature, OtherTextsAreNoSecrets) {
    for (const char* text :
         {"", "whsec_", "whsec_!!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqr",
          "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
        EXPECT_FALSE(SigningKey::parse(text)) << text;
    }
    const std::string one = make_signing_secret(SignatureKind::V1);
    EXPECT_NE(one, make_signing_secret(SignatureKind::V1));
    EXPECT_TRUE(SigningKey::parse(one));
    EXPECT_EQ(one.size(), 6U + 44U);
}

}  // namespace
}  // namespace credvault::webhooks
