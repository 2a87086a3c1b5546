#include "access/users/users.h"

#include <algorithm>
#include <utility>

#include "access/system.h"
#include "json/writer.h"

namespace credvault::access {

User User::parse(const json::Value& record) {
    User user;
    user.id = text_of(record, "id");
    user.email = text_of(record, "email");
    user.name = text_of(record, "name");
    user.password = text_of(record, "password");
    user.totp = text_of(record, "totp");
    user.totp_pending = text_of(record, "totp_pending");
    user.totp_step = int_of(record, "totp_step");
    user.created_at = text_of(record, "created_at");
    const json::Value* codes = record.find("recovery");
    if (codes != nullptr && codes->is_array()) {
        for (const json::Value& code : codes->as_array()) {
            if (code.is_string()) user.recovery.push_back(code.as_string());
        }
    }
    return user;
}

std::string user_record(const NewUser& user) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("id").string(user.id);
    out.key("email").string(user.email);
    out.key("name").string(user.name);
    out.key("password").string(user.password_hash);
    out.end_object();
    return text;
}

Status check_display_name(std::string_view name, std::string_view field) {
    const auto characters = std::count_if(
        name.begin(), name.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    const bool controls = std::any_of(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (characters < 1 || characters > static_cast<std::ptrdiff_t>(max_name_characters) || controls ||
        name.find_first_not_of(' ') == std::string_view::npos) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     std::string(field) + " must have 1 to 100 characters, without line breaks",
                     std::string(field));
    }
    return {};
}

Reply<void> Users::open() {
    std::vector<RecordIndex> indexes;
    indexes.push_back({.name = "by_email", .fields = "email", .unique = true});
    return records_.open(users_collection, std::move(indexes));
}

Reply<bool> Users::any() {
    CO_TRY(const std::uint64_t users, co_await records_.count(users_collection, "{}"));
    co_return users > 0;
}

Reply<std::optional<User>> Users::by_email(std::string email) {
    CO_TRY(const RecordValue found,
           co_await records_.first(users_collection, filter_text("email", std::move(email))));
    // Reading a record that is nobody's, so that a miss takes as long as a hit.
    static const std::string nobody =
        user_record({"usr_00000000000000000000", "nobody@example.com", "Nobody at all",
                     "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
    const User user = User::parse(found ? *found : json::Value(json::View(nobody)));
    co_return found ? std::optional<User>(user) : std::optional<User>();
}

Reply<std::optional<User>> Users::by_id(std::string id) {
    CO_TRY(const RecordValue found, co_await records_.get(users_collection, std::move(id)));
    if (!found) co_return std::optional<User>();
    co_return std::optional<User>(User::parse(*found));
}

Reply<User> Users::get(std::string id) {
    CO_TRY(std::optional<User> user, co_await by_id(std::move(id)));
    if (!user) co_return Error(ErrorCode::UNAUTHENTICATED, "The user of this session is gone");
    co_return std::move(*user);
}

Reply<User> Users::rename(std::string id, std::string name) {
    CO_TRY_VOID(check_display_name(name, "name"));
    const ChangeBy change([&name](json::Value& record) -> Status {
        record.set("name", name);
        return {};
    });
    storage::WriteBatch batch = system_batch(id);
    batch.operations.push_back(storage::ModifyRecord{users_collection, id, &change, {}});
    storage::ModifyMatches members;
    members.collection = members_collection;
    members.filter = filter_of("user", id);
    members.limit = storage::no_limit;
    members.change = &change;
    batch.operations.push_back(std::move(members));
    CO_TRY_VOID(co_await records_.write(batch));
    co_return co_await get(std::move(id));
}

}  // namespace credvault::access
