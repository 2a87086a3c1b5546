// What requests say to prove who somebody is, included in those that ask for it.
#pragma once

#include <string>
#include <string_view>

#include "access/identity.h"
#include "api/codecs.h"

namespace credvault::api {

constexpr Rules email_rules{.description = "The account's email; case does not matter.",
                            .example = "ada@example.com",
                            .required = true,
                            .min_length = 3,
                            .max_length = 254};

/// A password that is there, and one that is being chosen.
constexpr Rules password_rules{.description = "The account's password.",
                               .example = "correct horse battery",
                               .required = true,
                               .min_length = 1,
                               .max_length = 1024};
constexpr Rules new_password_rules{.description = "12 to 256 characters.",
                                   .example = "correct horse battery",
                                   .required = true,
                                   .min_length = 1,
                                   .max_length = 1024};
constexpr Rules cookie_rules{.description = "Hand the session over in cookies, for browsers.",
                             .default_value = "false"};

struct SecondFactorFields {
    std::string_view code, recovery_code;

    static Fields fields() {
        using S = SecondFactorFields;
        return {body(&S::code, "code",
                     {.description = "Of the authenticator app, where the account has a second factor.",
                      .example = "123456",
                      .max_length = 32}),
                body(&S::recovery_code, "recovery_code",
                     {.description = "Instead of `code`: one of the recovery codes.",
                      .example = "k7wm2-9xq4t",
                      .max_length = 64})};
    }
    access::Credentials with(std::string_view email, std::string_view password) const {
        return {std::string(email), std::string(password), {std::string(code), std::string(recovery_code)}};
    }
};

/// Of a user who is signed in and is asked once more.
struct CurrentCredentials {
    std::string_view current_password;
    SecondFactorFields factor;

    static Fields fields() {
        using S = CurrentCredentials;
        return {body(&S::current_password, "current_password", password_rules), include(&S::factor)};
    }
    access::Credentials credentials() const { return factor.with({}, current_password); }
};

}  // namespace credvault::api
