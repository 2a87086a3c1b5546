// Passwords: what will do as one (NIST SP 800-63B: length, not composition; none that everybody tries), and Argon2id
// hashes of them, made and checked on a small pool of its own, so that a flood of sign-ins costs bounded memory and
// never an I/O thread's time. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "base/worker_pool.h"

namespace credvault::access {

constexpr std::size_t min_password_characters = 12;
constexpr std::size_t max_password_characters = 256;

/// Fails with WEAK_PASSWORD, saying why, for the field: 12 to 256 characters, not the email or its local part, none of
/// the commonest, not one character over and over. The email is a normalised one.
Status check_password(std::string_view password, std::string_view email, std::string_view field);

struct PasswordSettings {
    std::size_t memory_kib = 64 * 1024;  ///< Of one hash.
    std::int64_t passes = 2;
    unsigned threads = 2;         ///< Hashes at once.
    std::size_t max_queued = 64;  ///< Waiting hashes; beyond it OVERLOADED.
};

/// Whether a password is the one of a hash, and whether that hash is made anew with today's settings.
struct PasswordMatch {
    bool matches = false;
    bool outdated = false;
};

class PasswordHashing {
public:
    explicit PasswordHashing(PasswordSettings settings);

    /// Both fail with OVERLOADED where too many wait.
    Reply<std::string> hash(std::string password);
    /// Where `hash` is empty the same work is done, and nothing matches: an unknown account takes as long as a known
    /// one.
    Reply<PasswordMatch> check(std::string password, std::string hash);

private:
    const std::string& nobodys();

    const PasswordSettings settings_;
    std::once_flag made_;
    std::string
        nobodys_;  ///< A hash by today's settings, of a password that nobody has; made by the first check.
    WorkerPool pool_;
};

}  // namespace credvault::access
