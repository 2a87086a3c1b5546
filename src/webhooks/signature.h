// Signatures of deliveries: Standard Webhooks 1.0 (`v1`: HMAC-SHA256, `v1a`: Ed25519) and the platform's own header.
// Values and pure functions but for the random source; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace credvault::webhooks {

enum class SignatureKind : std::uint8_t {
    V1,   ///< A secret that both sides know: "whsec_…".
    V1a,  ///< A pair of keys: "whsk_…" signs, "whpk_…" verifies.
};

/// "whsec_" or "whsk_" and base64.
std::string make_signing_secret(SignatureKind kind);

/// A secret, ready to sign.
class SigningKey {
public:
    /// Nothing where the text is no secret: whsec_ with 24 to 64 bytes, or whsk_ with an Ed25519 key.
    static std::optional<SigningKey> parse(std::string_view secret);

    SignatureKind kind() const { return kind_; }
    /// "whpk_…"; empty for V1.
    std::string public_key() const;
    /// "v1,…" or "v1a,…" over `id.timestamp.body`.
    std::string standard(std::string_view id, std::int64_t timestamp, std::string_view body) const;
    /// "v1=…" in hexadecimal, or "v1a=…" in base64, over `timestamp.body`.
    std::string own(std::int64_t timestamp, std::string_view body) const;

private:
    std::string sign(std::string_view content) const;

    SignatureKind kind_ = SignatureKind::V1;
    std::string bytes_;
};

/// The header fields of a delivery; several keys, as during a rotation, all sign.
struct Signatures {
    std::string standard;  ///< webhook-signature
    std::string own;       ///< X-CredVault-Signature: "t=…,v1=…"
};
Signatures signatures(const std::vector<SigningKey>& keys, std::string_view id, std::int64_t timestamp,
                      std::string_view body);

}  // namespace credvault::webhooks
