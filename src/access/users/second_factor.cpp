#include "access/users/second_factor.h"

#include <algorithm>
#include <utility>

#include "access/secret.h"
#include "access/system.h"
#include "access/users/totp.h"
#include "base/clock.h"
#include "base/log.h"

namespace credvault::access {
namespace {

constexpr std::size_t recovery_codes = 10;

struct RecoveryCodes {
    std::vector<std::string> codes;
    json::Value::Array digests;
};

std::string digest_of_recovery_code(std::string_view code) {
    return hex_of(digest_of(normalised_recovery_code(code)));
}

RecoveryCodes make_recovery_codes() {
    RecoveryCodes made;
    for (std::size_t i = 0; i < recovery_codes; ++i) {
        made.codes.push_back(make_recovery_code());
        made.digests.emplace_back(digest_of_recovery_code(made.codes.back()));
    }
    return made;
}

Error wrong_code() {
    return Error(ErrorCode::INVALID_CREDENTIALS, "The code is wrong, expired, or was used already");
}

Error in_force() { return Error(ErrorCode::ALREADY_EXISTS, "A second factor is in force already"); }

std::string about(const std::string& user) { return "totp/" + user; }

/// Members' lists say who has a second factor. The change must live until the batch is written.
storage::ModifyMatches shown_to_members(const std::string& user, const ChangeBy& change) {
    storage::ModifyMatches members;
    members.collection = members_collection;
    members.filter = filter_of("user", user);
    members.limit = storage::no_limit;
    members.change = &change;
    return members;
}

ChangeBy second_factor_flag(bool there) {
    return ChangeBy([there](json::Value& record) -> Status {
        record.set("second_factor", there);
        return {};
    });
}

/// The batch found that the user is no longer as the proof says.
Error stale(Error error) {
    return error.code == ErrorCode::PRECONDITION_FAILED ? wrong_code() : std::move(error);
}

}  // namespace

Proof::Proof(const User& user) : user_(user.id) { require("password", user.password); }

void Proof::require(std::string_view member, json::Value value) {
    conditions_.emplace_back(member, json::Value(json::Value::Object{{"$eq", std::move(value)}}));
}

void Proof::use_step(std::int64_t step) {
    json::Value::Object earlier{{"$lt", step}};
    conditions_.emplace_back("totp_step", std::move(earlier));
    change([step](json::Value& record) { record.set("totp_step", step); });
}

void Proof::use_recovery_code(std::string digest) {
    require("recovery", digest);
    change([digest = std::move(digest)](json::Value& record) {
        json::Value* codes = record.find("recovery");
        if (codes == nullptr || !codes->is_array()) return;
        std::erase_if(codes->as_array(), [&](const json::Value& code) {
            return code.is_string() && code.as_string() == digest;
        });
    });
}

void Proof::add_to(storage::WriteBatch& batch) {
    filter_ = parsed_filter(json::Value(conditions_).text());
    storage::Precondition precondition;
    precondition.if_matches = &filter_;
    if (changes_.empty()) {
        batch.operations.push_back(storage::CheckRecord{users_collection, user_, std::move(precondition)});
        return;
    }
    combined_.emplace([this](json::Value& record) -> Status {
        for (const auto& change : changes_) change(record);
        return {};
    });
    batch.operations.push_back(
        storage::ModifyRecord{users_collection, user_, &*combined_, std::move(precondition)});
}

Status SecondFactor::demand(const User& user, const SecondFactorCodes& codes, Proof& proof) const {
    if (!user.has_second_factor()) return {};
    if (codes.empty()) {
        return Error(ErrorCode::SECOND_FACTOR_REQUIRED,
                     "This account has a second factor: send code, or recovery_code", "code");
    }
    if (!codes.recovery_code.empty()) {
        std::string digest = digest_of_recovery_code(codes.recovery_code);
        if (std::find(user.recovery.begin(), user.recovery.end(), digest) == user.recovery.end())
            return wrong_code();
        proof.use_recovery_code(std::move(digest));
        return {};
    }
    const auto secret = key_.unseal(user.totp, about(user.id));
    if (!secret) {
        log::error("a second factor can't be read: server.key is not the one that sealed it",
                   {{"user", user.id}});
        return wrong_code();
    }
    const auto step = matching_totp_step(*secret, codes.code, now_ms(), user.totp_step);
    if (!step) return wrong_code();
    proof.use_step(*step);
    return {};
}

Reply<Enrolment> SecondFactor::enrol(User user, Proof proof) {
    if (user.has_second_factor()) co_return in_force();
    const std::string secret = make_totp_secret();
    proof.change([sealed = key_.seal(secret, about(user.id))](json::Value& record) {
        record.set("totp_pending", sealed);
    });
    storage::WriteBatch batch = system_batch(user.id);
    proof.add_to(batch);
    auto written = co_await records_.write(batch);
    if (!written.ok()) co_return stale(std::move(written).error());
    co_return Enrolment{base32_of(secret), totp_url(secret, user.email)};
}

Reply<std::vector<std::string>> SecondFactor::confirm(std::string id, std::string code) {
    CO_TRY(const User user, co_await users_.get(std::move(id)));
    if (user.has_second_factor()) co_return in_force();
    const auto secret = key_.unseal(user.totp_pending, about(user.id));
    const auto step = secret ? matching_totp_step(*secret, code, now_ms(), 0) : std::nullopt;
    if (!step) {
        co_return Error(ErrorCode::INVALID_CODE,
                        "This is not the code that the app shows for the secret that was given last", "code");
    }
    RecoveryCodes made = make_recovery_codes();
    Proof proof(user);
    proof.require("totp_pending", user.totp_pending);
    proof.change([&user, &made, step](json::Value& record) {
        record.set("totp", user.totp_pending);
        record.remove("totp_pending");
        record.set("totp_step", *step);
        record.set("recovery", made.digests);
    });
    storage::WriteBatch batch = system_batch(user.id);
    proof.add_to(batch);
    const ChangeBy flag = second_factor_flag(true);
    batch.operations.push_back(shown_to_members(user.id, flag));
    auto written = co_await records_.write(batch);
    if (!written.ok()) co_return stale(std::move(written).error());
    co_return std::move(made.codes);
}

Reply<void> SecondFactor::disable(std::string user, Proof proof) {
    proof.change([](json::Value& record) {
        for (const char* member : {"totp", "totp_pending", "totp_step", "recovery"}) record.remove(member);
    });
    storage::WriteBatch batch = system_batch(user);
    proof.add_to(batch);
    const ChangeBy flag = second_factor_flag(false);
    batch.operations.push_back(shown_to_members(user, flag));
    auto written = co_await records_.write(batch);
    if (!written.ok()) co_return stale(std::move(written).error());
    co_return Status();
}

Reply<std::vector<std::string>> SecondFactor::renew_recovery_codes(std::string user, Proof proof) {
    RecoveryCodes made = make_recovery_codes();
    proof.change([&made](json::Value& record) { record.set("recovery", made.digests); });
    storage::WriteBatch batch = system_batch(user);
    proof.add_to(batch);
    auto written = co_await records_.write(batch);
    if (!written.ok()) co_return stale(std::move(written).error());
    co_return std::move(made.codes);
}

}  // namespace credvault::access
