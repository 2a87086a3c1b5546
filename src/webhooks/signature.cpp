#include "webhooks/signature.h"

#include <sodium.h>

#include <array>

namespace credvault::webhooks {
namespace {

constexpr std::string_view symmetric_prefix = "whsec_";
constexpr std::string_view private_prefix = "whsk_";
constexpr std::string_view public_prefix = "whpk_";
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t least_bytes = 24;
constexpr std::size_t most_bytes = 64;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string base64(std::string_view bytes) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const auto decode = [&](int variant) {
        return sodium_base642bin(bytes_of(bytes), bytes.size(), text.data(), text.size(), nullptr, &size,
                                 &end, variant) == 0 &&
               end == text.data() + text.size();
    };
    if (!decode(sodium_base64_VARIANT_ORIGINAL) && !decode(sodium_base64_VARIANT_ORIGINAL_NO_PADDING))
        return {};
    bytes.resize(size);
    return bytes;
}

std::string hex(std::string_view bytes) {
    std::string text(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes_of(bytes), bytes.size());
    text.pop_back();
    return text;
}

std::string content_of(std::string_view id, std::int64_t timestamp, std::string_view body) {
    std::string content;
    content.reserve(id.size() + body.size() + 24);
    if (!id.empty()) content.append(id).append(".");
    return content.append(std::to_string(timestamp)).append(".").append(body);
}

}  // namespace

std::string make_signing_secret(SignatureKind kind) {
    if (sodium_init() < 0) return {};
    if (kind == SignatureKind::V1) {
        std::string bytes(secret_bytes, '\0');
        randombytes_buf(bytes.data(), bytes.size());
        return std::string(symmetric_prefix) + base64(bytes);
    }
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_keypair(open.data(), bytes_of(secret));
    return std::string(private_prefix) + base64(secret);
}

std::optional<SigningKey> SigningKey::parse(std::string_view secret) {
    SigningKey key;
    if (secret.starts_with(symmetric_prefix)) {
        auto bytes = from_base64(secret.substr(symmetric_prefix.size()));
        if (!bytes || bytes->size() < least_bytes || bytes->size() > most_bytes) return {};
        key.bytes_ = std::move(*bytes);
        return key;
    }
    if (!secret.starts_with(private_prefix)) return {};
    auto bytes = from_base64(secret.substr(private_prefix.size()));
    if (!bytes || bytes->size() != crypto_sign_SECRETKEYBYTES) return {};
    key.kind_ = SignatureKind::V1a;
    key.bytes_ = std::move(*bytes);
    return key;
}

std::string SigningKey::public_key() const {
    if (kind_ == SignatureKind::V1) return {};
    std::string open(crypto_sign_PUBLICKEYBYTES, '\0');
    crypto_sign_ed25519_sk_to_pk(bytes_of(open), bytes_of(bytes_));
    return std::string(public_prefix) + base64(open);
}

std::string SigningKey::sign(std::string_view content) const {
    if (kind_ == SignatureKind::V1a) {
        std::string signature(crypto_sign_BYTES, '\0');
        crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(content), content.size(),
                             bytes_of(bytes_));
        return signature;
    }
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(bytes_), bytes_.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(content), content.size());
    crypto_auth_hmacsha256_final(&state, bytes_of(mac));
    return mac;
}

std::string SigningKey::standard(std::string_view id, std::int64_t timestamp, std::string_view body) const {
    return (kind_ == SignatureKind::V1 ? "v1," : "v1a,") + base64(sign(content_of(id, timestamp, body)));
}

std::string SigningKey::own(std::int64_t timestamp, std::string_view body) const {
    const std::string signature = sign(content_of({}, timestamp, body));
    return kind_ == SignatureKind::V1 ? "v1=" + hex(signature) : "v1a=" + base64(signature);
}

Signatures signatures(const std::vector<SigningKey>& keys, std::string_view id, std::int64_t timestamp,
                      std::string_view body) {
    Signatures all;
    all.own = "t=" + std::to_string(timestamp);
    for (const SigningKey& key : keys) {
        if (!all.standard.empty()) all.standard += ' ';
        all.standard += key.standard(id, timestamp, body);
        all.own += "," + key.own(timestamp, body);
    }
    return all;
}

}  // namespace credvault::webhooks
