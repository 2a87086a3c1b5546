// Refreshing: rotation, retries, and what reuse means (sessions.h).
#include <algorithm>
#include <utility>

#include "access/secret.h"
#include "access/sessions/sessions.h"
#include "access/sessions/token.h"
#include "access/system.h"
#include "base/clock.h"
#include "base/log.h"

namespace credvault::access {
namespace {

/// Tokens that one burst of retries may leave behind.
constexpr std::size_t max_previous = 16;

Error refused() {
    return Error(ErrorCode::UNAUTHENTICATED,
                 "The refresh token is not valid: it is malformed, unknown, expired or used; sign in again");
}

bool lists(const json::Value& session, const std::string& digest) {
    const json::Value* previous = session.find("previous");
    if (previous == nullptr || !previous->is_array()) return false;
    return std::any_of(previous->as_array().begin(), previous->as_array().end(),
                       [&](const json::Value& one) { return one.is_string() && one.as_string() == digest; });
}

}  // namespace

Reply<Sessions::Refreshed> Sessions::refresh(std::string token, Client client) {
    const auto family = family_of(token);
    if (!family) co_return refused();
    const std::string owned(*family);
    // Another call may rotate between our reading and our writing: then this one is a retry of that one.
    for (int tries = 0; tries < 4; ++tries) {
        CO_TRY(std::optional<Refreshed> done, co_await try_refresh(token, owned, client));
        if (done) co_return std::move(*done);
    }
    Error busy(ErrorCode::OVERLOADED,
               "This session is being refreshed by many calls at once; try again shortly");
    busy.retry_after_seconds = 1;
    co_return busy;
}

Reply<std::optional<Sessions::Refreshed>> Sessions::try_refresh(std::string token, std::string family,
                                                                Client client) {
    CO_TRY(RecordValue session,
           co_await records_.first(sessions_collection, filter_text("family", hex_of(digest_of(family)))));
    const std::int64_t now = now_ms();
    if (!session || time_of(*session, "expires_at") <= now) co_return refused();
    const std::string digest = hex_of(digest_of(token));
    const bool current = text_of(*session, "refresh") == digest;
    const bool retry =
        !current && lists(*session, digest) && now - time_of(*session, "refreshed_at") <= settings_.retry_ms;
    const std::string user = text_of(*session, "user");
    if (!current && !retry) {
        // Two hold tokens of one session, and one of them is a thief: neither goes on with it.
        const std::string id = text_of(*session, "id");
        log::warning("an old refresh token was used: the session is ended",
                     {{"user", user}, {"session", id}, {"address", client.address}});
        auto ended = co_await end(user, id);
        if (!ended.ok() && ended.error().code != ErrorCode::SESSION_NOT_FOUND)
            co_return std::move(ended).error();
        co_return refused();
    }
    auto rotated = co_await rotate(std::move(*session), std::move(family), retry, std::move(client));
    if (!rotated.ok()) {
        const ErrorCode code = rotated.error().code;
        if (code == ErrorCode::RECORD_NOT_FOUND || code == ErrorCode::PRECONDITION_FAILED)
            co_return std::optional<Refreshed>();
        co_return std::move(rotated).error();
    }
    co_return std::optional<Refreshed>(std::move(rotated).value());
}

Reply<Sessions::Refreshed> Sessions::rotate(json::Value session, std::string family, bool retry,
                                            Client client) {
    const std::int64_t now = now_ms();
    const std::string user = text_of(session, "user");
    const std::string id = text_of(session, "id");
    const std::string old = text_of(session, "refresh");
    Refreshed refreshed;
    refreshed.user = user;
    refreshed.tokens = {id,
                        make_token(TokenKind::Access),
                        make_refresh_token(family),
                        now + settings_.access_ms,
                        now + settings_.refresh_ms,
                        flag_of(session, "cookie")};
    const Tokens& tokens = refreshed.tokens;
    const ChangeBy change([&](json::Value& record) -> Status {
        json::Value::Array previous;
        // The time for retries runs from the first rotation of a burst, so that retrying does not prolong it.
        if (retry && record.find("previous")->as_array().size() < max_previous)
            previous = record.find("previous")->as_array();
        if (!retry) record.set("refreshed_at", format_time(now));
        previous.emplace_back(old);
        record.set("previous", std::move(previous));
        record.set("access", hex_of(digest_of(tokens.access)));
        record.set("refresh", hex_of(digest_of(tokens.refresh)));
        record.set("access_expires_at", format_time(tokens.access_expires_ms));
        record.set("expires_at", format_time(tokens.refresh_expires_ms));
        record.set("address", client.address);
        return {};
    });
    const query::Filter unchanged = filter_of("refresh", old);
    storage::Precondition precondition;
    precondition.if_matches = &unchanged;
    storage::WriteBatch batch = system_batch(user);
    batch.operations.push_back(
        storage::ModifyRecord{sessions_collection, id, &change, std::move(precondition)});
    CO_TRY_VOID(co_await records_.write(batch));
    CO_TRY_VOID(co_await reload(user));
    co_return refreshed;
}

}  // namespace credvault::access
