#include "access/users/password_reset.h"

#include <utility>

#include "access/secret.h"
#include "access/sessions/token.h"
#include "access/system.h"
#include "access/users/email.h"
#include "base/clock.h"
#include "base/ids.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

Error invalid_code() {
    return Error(ErrorCode::INVALID_CODE, "The code is unknown, used or expired: ask for a new one", "code");
}

Mail reset_mail(const std::string& email, const std::string& link) {
    return {email, "Reset your CredVault password",
            "Somebody asked for a new password for this email.\n\nSet it here:\n" + link +
                "\n\nIf it was not you, do nothing: your password stays as it is.\n"};
}

storage::RemoveMatches all_of(std::string_view collection, const std::string& user) {
    storage::RemoveMatches removal;
    removal.collection = collection;
    removal.filter = filter_of("user", user);
    removal.limit = storage::no_limit;
    return removal;
}

}  // namespace

std::string reset_record(std::string_view user, std::string_view token, std::int64_t expires_ms) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").string(make_id("rst"));
    out.key("user").string(user);
    out.key("hash").string(hex_of(digest_of(token)));
    out.key("expires_at").string(format_time(expires_ms)).end_object();
    return text;
}

Reply<void> open_password_resets(SystemRecords& records) {
    std::vector<RecordIndex> indexes;
    indexes.push_back({.name = "by_hash", .fields = "hash", .unique = true});
    indexes.push_back({.name = "by_user", .fields = "user"});
    indexes.push_back({.name = "by_end", .fields = "expires_at", .expires = true});
    return records.open(password_resets_collection, std::move(indexes));
}

PasswordReset::PasswordReset(PasswordResetParts parts, PasswordResetSettings settings)
    : parts_(parts), settings_(std::move(settings)) {}

Reply<void> PasswordReset::request(std::string email, std::string address) {
    CO_TRY(const std::string normalised, normalised_email(email));
    CO_TRY_VOID(parts_.addresses.begin("reset address/" + address));
    CO_TRY_VOID(parts_.accounts.begin("reset/" + normalised));
    CO_TRY(const std::optional<User> user, co_await parts_.users.by_email(normalised));
    const std::string token = make_token(TokenKind::Reset);
    // Nobody's reset and a mail to nobody take the time of real ones.
    const std::string record =
        reset_record(user ? user->id : std::string(), token, now_ms() + settings_.life_ms);
    const std::string link = settings_.public_url + "/reset#code=" + token;
    const std::string mail = parts_.outbox.record(reset_mail(user ? normalised : std::string(), link));
    storage::WriteBatch batch = system_batch();
    batch.operations.push_back(storage::InsertRecord{password_resets_collection, record});
    batch.operations.push_back(storage::InsertRecord{outbox_collection, mail});
    CO_TRY_VOID(co_await parts_.records.write(batch));
    parts_.outbox.wake();
    co_return Status();
}

Reply<void> PasswordReset::confirm(std::string code, std::string password, std::string address) {
    const std::string from = "address/" + address;
    CO_TRY_VOID(parts_.addresses.begin(from));
    if (!is_token(TokenKind::Reset, code)) co_return invalid_code();
    CO_TRY(const RecordValue reset,
           co_await parts_.records.first(password_resets_collection,
                                         filter_text("hash", hex_of(digest_of(code)))));
    if (!reset || time_of(*reset, "expires_at") <= now_ms()) co_return invalid_code();
    CO_TRY(const std::optional<User> user, co_await parts_.users.by_id(text_of(*reset, "user")));
    if (!user) co_return invalid_code();
    parts_.addresses.forgive(from);
    CO_TRY_VOID(check_password(password, user->email, "password"));
    CO_TRY(const std::string hash, co_await parts_.passwords.hash(std::move(password)));
    const std::string id = text_of(*reset, "id");
    const ChangeBy change([&hash](json::Value& record) -> Status {
        record.set("password", hash);
        return {};
    });
    storage::WriteBatch batch = system_batch(user->id);
    batch.operations.push_back(storage::RemoveRecord{password_resets_collection, id, {}});
    batch.operations.push_back(storage::ModifyRecord{users_collection, user->id, &change, {}});
    batch.operations.push_back(all_of(sessions_collection, user->id));
    batch.operations.push_back(all_of(password_resets_collection, user->id));
    auto written = co_await parts_.records.write(batch);
    if (!written.ok() && written.error().code == ErrorCode::RECORD_NOT_FOUND) co_return invalid_code();
    if (!written.ok()) co_return std::move(written).error();
    parts_.accounts.forget("account/" + user->email);
    co_return co_await parts_.sessions.reload(user->id);
}

}  // namespace credvault::access
