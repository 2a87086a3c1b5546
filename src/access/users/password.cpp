#include "access/users/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "access/users/common_passwords.h"
#include "base/ids.h"
#include "base/log.h"

namespace credvault::access {
namespace {

Error weak(std::string_view field, std::string why) {
    return Error(ErrorCode::WEAK_PASSWORD, std::move(why), std::string(field));
}

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string lowered(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return lower;
}

std::size_t memory_bytes(const PasswordSettings& settings) {
    return std::max<std::size_t>(settings.memory_kib * 1024, crypto_pwhash_MEMLIMIT_MIN);
}

Result<std::string> hashed(const std::string& password, const PasswordSettings& settings) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                              static_cast<unsigned long long>(settings.passes), memory_bytes(settings),
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return Error(ErrorCode::OVERLOADED, "The server has no memory to hash a password; try again shortly");
    }
    return std::string(text.data());
}

}  // namespace

Status check_password(std::string_view password, std::string_view email, std::string_view field) {
    const std::size_t characters = characters_in(password);
    if (characters < min_password_characters || characters > max_password_characters)
        return weak(field, "A password must have 12 to 256 characters: a few words will do");
    const std::string lower = lowered(password);
    const std::string_view local = email.substr(0, email.find('@'));
    if (lower == email || (local.size() >= min_password_characters && lower == local))
        return weak(field, "A password must not be the email address");
    if (std::all_of(lower.begin(), lower.end(), [&](char c) { return c == lower.front(); }))
        return weak(field, "A password must not be one character over and over");
    if (is_common_password(lower))
        return weak(field, "This password is one of those that everybody tries: choose another one");
    return {};
}

PasswordHashing::PasswordHashing(PasswordSettings settings)
    : settings_(settings), pool_({"passwords", settings.threads, settings.max_queued, 5}) {
    // libsodium's random source and Argon2 need it; calling it again does nothing.
    if (sodium_init() < 0) log::warning("libsodium could not be initialised");
}

/// Made by whichever check comes first, of a known account or an unknown one.
const std::string& PasswordHashing::nobodys() {
    std::call_once(made_, [this] {
        Result<std::string> made = hashed(random_text(44), settings_);
        if (made.ok()) nobodys_ = std::move(made).value();
    });
    return nobodys_;
}

Reply<std::string> PasswordHashing::hash(std::string password) {
    return pool_.run<std::string>([this, password = std::move(password)]() mutable {
        Result<std::string> made = hashed(password, settings_);
        sodium_memzero(password.data(), password.size());
        return made;
    });
}

Reply<PasswordMatch> PasswordHashing::check(std::string password, std::string hash) {
    return pool_.run<PasswordMatch>([this, password = std::move(password),
                                     hash = std::move(hash)]() mutable -> Result<PasswordMatch> {
        const std::string& nobody = nobodys();
        const std::string& against = hash.empty() ? nobody : hash;
        PasswordMatch match;
        match.matches =
            crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0 && !hash.empty();
        sodium_memzero(password.data(), password.size());
        match.outdated = match.matches && crypto_pwhash_str_needs_rehash(
                                              hash.c_str(), static_cast<unsigned long long>(settings_.passes),
                                              memory_bytes(settings_)) != 0;
        return match;
    });
}

}  // namespace credvault::access
