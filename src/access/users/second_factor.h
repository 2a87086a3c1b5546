// The second factor of a user: codes of an authenticator app, and recovery codes for when it is lost, each good for one
// use, which is written in the batch that it lets through. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/server_key.h"
#include "access/users/users.h"

namespace credvault::access {

/// What somebody gives as his second factor: a code of the app, or a recovery code.
struct SecondFactorCodes {
    std::string code, recovery_code;
    bool empty() const { return code.empty() && recovery_code.empty(); }
};

/// How a user proved who he is, for the batch that acts on it: it fails with PRECONDITION_FAILED where the password
/// has changed meanwhile or the code was used by another call, and uses the code up.
class Proof {
public:
    /// The password alone.
    explicit Proof(const User& user);

    /// Also: a member of the record is still this.
    void require(std::string_view member, json::Value value);
    void use_step(std::int64_t step);
    void use_recovery_code(std::string digest);
    /// Further changes of the user's record in the same operation.
    void change(std::function<void(json::Value&)> change) { changes_.push_back(std::move(change)); }
    /// Adds the operation. The proof must live until the batch is written.
    void add_to(storage::WriteBatch& batch);

private:
    std::string user_;
    json::Value::Object conditions_;
    query::Filter filter_;
    std::vector<std::function<void(json::Value&)>> changes_;
    std::optional<ChangeBy> combined_;
};

struct Enrolment {
    std::string secret;  ///< In base 32, for typing.
    std::string url;     ///< For a QR code.
};

class SecondFactor {
public:
    SecondFactor(SystemRecords& records, Users& users, const ServerKey& key)
        : records_(records), users_(users), key_(key) {}

    /// Adds to the proof what the user's second factor demands; nothing where he has none. Fails with
    /// SECOND_FACTOR_REQUIRED where no code is given, and INVALID_CREDENTIALS where it is wrong or used.
    Status demand(const User& user, const SecondFactorCodes& codes, Proof& proof) const;

    /// A new secret that confirm() puts in force. `proof` is of the password. Fails with ALREADY_EXISTS where one is in
    /// force.
    Reply<Enrolment> enrol(User user, Proof proof);
    /// The app's first code; the answer is the recovery codes, which are not shown again. Fails with INVALID_CODE,
    /// and ALREADY_EXISTS where it is in force already.
    Reply<std::vector<std::string>> confirm(std::string user, std::string code);
    /// `proof` is of password and code.
    Reply<void> disable(std::string user, Proof proof);
    /// New recovery codes in place of the old ones.
    Reply<std::vector<std::string>> renew_recovery_codes(std::string user, Proof proof);

private:
    SystemRecords& records_;
    Users& users_;
    const ServerKey& key_;
};

}  // namespace credvault::access
