// Any bytes as what sessions are presented by: a Cookie field, tokens, one-time codes, emails. Nothing that is found
// lies outside the text, what is accepted has the form that is promised, and normal forms stay as they are.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "access/sessions/token.h"
#include "access/users/email.h"
#include "access/users/password.h"
#include "access/users/totp.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_cookies(std::string_view text, bool secure) {
    const access::CookieTokens tokens = access::tokens_in_cookies(text, secure);
    for (const std::string_view found : {tokens.access, tokens.refresh}) {
        require(found.empty() || text.find(found) != std::string_view::npos);
        require(found.find(';') == std::string_view::npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_cookies(text, false);
    check_cookies(text, true);
    if (access::is_token(access::TokenKind::Access, text)) require(text.size() == 48);
    if (const auto family = access::family_of(text)) require(family->size() == 22 && text.size() == 70);
    const auto step = access::matching_totp_step("12345678901234567890", text, 59'000, 0);
    require(!step || (*step >= 1 && *step <= 2));
    const auto email = access::normalised_email(text);
    if (email.ok()) {
        const auto again = access::normalised_email(*email);
        require(again.ok() && *again == *email && email->size() <= access::max_email_bytes);
        require(email->find_first_of(" \r\n<>,;") == std::string::npos);
    }
    const std::string recovery = access::normalised_recovery_code(text);
    require(access::normalised_recovery_code(recovery) == recovery);
    (void)access::check_password(text, "ada@example.com", "password");
    return 0;
}
