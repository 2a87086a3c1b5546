#include "access/sessions/sign_in.h"

#include <utility>

#include "access/secret.h"
#include "access/sessions/token.h"
#include "access/system.h"
#include "access/teams/member_record.h"
#include "access/users/email.h"
#include "base/ids.h"
#include "base/log.h"

namespace credvault::access {
namespace {

Error wrong_credentials() {
    return Error(ErrorCode::INVALID_CREDENTIALS, "The email or the password is wrong");
}

/// The batch found the user no longer as he was when the password was checked.
Error stale(Error error) {
    return error.code == ErrorCode::PRECONDITION_FAILED ? wrong_credentials() : std::move(error);
}

ThrottleSettings for_addresses(const SignInSettings& settings) {
    ThrottleSettings addresses = settings.accounts;
    addresses.free_attempts = settings.address_attempts;
    return addresses;
}

Error already_set_up() {
    return Error(ErrorCode::ALREADY_EXISTS,
                 "The first owner is there already: sign in, or ask for an invitation");
}

}  // namespace

SignIn::SignIn(SignInParts parts, SignInSettings settings)
    : parts_(parts), accounts_(settings.accounts), addresses_(for_addresses(settings)) {}

Reply<std::optional<std::string>> SignIn::open(std::string workspace) {
    workspace_ = std::move(workspace);
    CO_TRY(const bool there, co_await parts_.users.any());
    std::lock_guard lock(mutex_);
    setup_code_ = there ? std::string() : make_token(TokenKind::Setup);
    co_return there ? std::optional<std::string>() : std::optional<std::string>(setup_code_);
}

bool SignIn::takes_setup_code(std::string_view code) {
    std::lock_guard lock(mutex_);
    return !setup_code_.empty() && equal(digest_of(code), digest_of(setup_code_));
}

/// `session` may be null.
Reply<void> SignIn::add_owner(NewUser user, SessionDraft* session) {
    const std::string record = user_record(user);
    const std::string member =
        member_record({workspace_, user.id, user.email, user.name, Role::Owner, false, true});
    storage::WriteBatch batch = system_batch(user.id);
    storage::CheckMatches nobody;
    nobody.collection = users_collection;
    nobody.exists = false;
    batch.operations.push_back(std::move(nobody));
    batch.operations.push_back(storage::InsertRecord{users_collection, record});
    batch.operations.push_back(storage::InsertRecord{members_collection, member});
    if (session != nullptr)
        batch.operations.push_back(storage::InsertRecord{sessions_collection, session->record});
    auto written = co_await parts_.records.write(batch);
    if (!written.ok() && written.error().code == ErrorCode::PRECONDITION_FAILED) co_return already_set_up();
    if (!written.ok()) co_return std::move(written).error();
    std::lock_guard lock(mutex_);
    setup_code_.clear();
    co_return Status();
}

Reply<SignedIn> SignIn::set_up(FirstOwner owner, Client client) {
    CO_TRY_VOID(addresses_.begin("address/" + client.address));
    CO_TRY(const bool there, co_await parts_.users.any());
    if (there) co_return already_set_up();
    if (!takes_setup_code(owner.code)) {
        co_return Error(ErrorCode::INVALID_CODE,
                        "This is not the code that the server printed when it was started last", "code");
    }
    addresses_.forgive("address/" + client.address);
    CO_TRY(std::string email, normalised_email(owner.email));
    CO_TRY_VOID(check_display_name(owner.name, "name"));
    CO_TRY_VOID(check_password(owner.password, email, "password"));
    CO_TRY(std::string hash, co_await parts_.passwords.hash(owner.password));
    NewUser user{make_id("usr"), std::move(email), owner.name, std::move(hash)};
    SessionDraft session = parts_.sessions.draft(user.id, workspace_, client);
    const std::string id = user.id;
    CO_TRY_VOID(co_await add_owner(std::move(user), &session));
    CO_TRY_VOID(co_await parts_.sessions.reload(id));
    CO_TRY(User made, co_await parts_.users.get(id));
    co_return SignedIn{std::move(made), std::move(session.tokens)};
}

Reply<void> SignIn::set_up_from_environment(std::string email, std::string password) {
    CO_TRY(const bool there, co_await parts_.users.any());
    if (there) co_return Status();
    CO_TRY(std::string normalised, normalised_email(email));
    CO_TRY_VOID(check_password(password, normalised, "password"));
    CO_TRY(std::string hash, co_await parts_.passwords.hash(std::move(password)));
    std::string name = normalised.substr(0, normalised.find('@'));
    NewUser user{make_id("usr"), std::move(normalised), std::move(name), std::move(hash)};
    co_return co_await add_owner(std::move(user), nullptr);
}

/// The user whose password this is. Counts the attempt.
Reply<User> SignIn::check(Credentials credentials, const std::string& address) {
    auto email = normalised_email(credentials.email);
    // What is no address has no account, and is told so as any other unknown one.
    const std::string account = "account/" + (email.ok() ? *email : credentials.email);
    const std::string from = "address/" + address;
    CO_TRY_VOID(addresses_.begin(from));
    if (Status begun = accounts_.begin(account); !begun.ok()) {
        addresses_.forgive(from);
        co_return std::move(begun).error();
    }
    // Conditional expressions stay out of what is awaited: GCC 12 destroys their temporaries twice.
    std::string looked_for = email.ok() ? *email : std::string();
    CO_TRY(std::optional<User> user, co_await parts_.users.by_email(std::move(looked_for)));
    std::string hash = user ? user->password : std::string();
    auto match = co_await parts_.passwords.check(credentials.password, std::move(hash));
    if (!match.ok()) {
        accounts_.forgive(account);
        addresses_.forgive(from);
        co_return std::move(match).error();
    }
    if (!match->matches || !user) co_return wrong_credentials();
    if (match->outdated) {
        CO_TRY_VOID(co_await rehash(*user, credentials.password));
        CO_TRY(user, co_await parts_.users.by_id(user->id));
        if (!user) co_return wrong_credentials();
    }
    co_return std::move(*user);
}

/// Keeps the password by today's settings. Whether it is written matters to no one but the next sign-in.
Reply<void> SignIn::rehash(User user, std::string password) {
    CO_TRY(const std::string hash, co_await parts_.passwords.hash(std::move(password)));
    Proof proof(user);
    proof.change([&hash](json::Value& record) { record.set("password", hash); });
    storage::WriteBatch batch = system_batch(user.id);
    proof.add_to(batch);
    auto written = co_await parts_.records.write(batch);
    if (!written.ok() && written.error().code != ErrorCode::PRECONDITION_FAILED)
        co_return std::move(written).error();
    co_return Status();
}

Reply<SignedIn> SignIn::sign_in(Credentials credentials, Client client) {
    const std::string from = "address/" + client.address;
    CO_TRY(User user, co_await check(credentials, client.address));
    const std::string account = "account/" + user.email;
    Proof proof(user);
    if (Status second = parts_.second_factor.demand(user, credentials.second, proof); !second.ok()) {
        // Asking for the code is no guess at it.
        if (second.error().code == ErrorCode::SECOND_FACTOR_REQUIRED) {
            accounts_.forgive(account);
            addresses_.forgive(from);
        }
        co_return std::move(second).error();
    }
    CO_TRY(SignedIn signed_in, co_await begin_session(std::move(user), std::move(proof), std::move(client)));
    accounts_.forget(account);
    addresses_.forgive(from);
    co_return signed_in;
}

Reply<SignedIn> SignIn::begin_session(User user, Proof proof, Client client) {
    CO_TRY(const std::vector<Membership> places, co_await parts_.sessions.memberships(user.id));
    SessionDraft session =
        parts_.sessions.draft(user.id, places.empty() ? std::string() : places.front().workspace, client);
    CO_TRY(std::vector<query::Filter> surplus, co_await parts_.sessions.surplus(user.id));
    storage::WriteBatch batch = system_batch(user.id);
    proof.add_to(batch);
    for (query::Filter& filter : surplus) {
        storage::RemoveMatches old;
        old.collection = sessions_collection;
        old.filter = std::move(filter);
        batch.operations.push_back(std::move(old));
    }
    batch.operations.push_back(storage::InsertRecord{sessions_collection, session.record});
    auto written = co_await parts_.records.write(batch);
    if (!written.ok()) co_return stale(std::move(written).error());
    CO_TRY_VOID(co_await parts_.sessions.reload(user.id));
    co_return SignedIn{std::move(user), std::move(session.tokens)};
}

Reply<Proof> SignIn::prove(std::string id, Credentials credentials, Client client, bool with_code) {
    CO_TRY(const User owner, co_await parts_.users.get(std::move(id)));
    credentials.email = owner.email;
    auto checked = co_await check(credentials, client.address);
    if (!checked.ok()) {
        Error error = std::move(checked).error();
        if (error.code == ErrorCode::INVALID_CREDENTIALS) {
            error.message = "The current password is wrong";
            error.field = "current_password";
        }
        co_return error;
    }
    const User user = std::move(checked).value();
    Proof proof(user);
    if (with_code) {
        Status second = parts_.second_factor.demand(user, credentials.second, proof);
        if (!second.ok()) co_return std::move(second).error();
    }
    accounts_.forget("account/" + user.email);
    addresses_.forgive("address/" + client.address);
    co_return proof;
}

Reply<void> SignIn::change_password(std::string user, std::string session, Credentials credentials,
                                    std::string new_password, Client client) {
    CO_TRY(const User owner, co_await parts_.users.get(user));
    CO_TRY_VOID(check_password(new_password, owner.email, "new_password"));
    CO_TRY(Proof proof, co_await prove(user, std::move(credentials), std::move(client), true));
    CO_TRY(const std::string hash, co_await parts_.passwords.hash(std::move(new_password)));
    proof.change([&hash](json::Value& record) { record.set("password", hash); });
    storage::RemoveMatches others;
    others.collection = sessions_collection;
    others.filter = parsed_filter(json::Value(json::Value::Object{
                                                  {"user", user},
                                                  {"id", json::Value::Object{{"$ne", session}}},
                                              })
                                      .text());
    others.limit = storage::no_limit;
    storage::WriteBatch batch = system_batch(user);
    proof.add_to(batch);
    batch.operations.push_back(std::move(others));
    auto written = co_await parts_.records.write(batch);
    if (!written.ok()) co_return stale(std::move(written).error());
    co_return co_await parts_.sessions.reload(std::move(user));
}

}  // namespace credvault::access
