#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct RefreshSession {
    std::string_view refresh_token;
    bool cookie = false;
    static Fields fields() {
        using S = RefreshSession;
        return {body(&S::refresh_token, "refresh_token",
                     {.description = "The session's last one.", .example = "cvr_…", .max_length = 200}),
                body(&S::cookie, "cookie",
                     {.description = "Take it from the cookie, and hand the new ones over in cookies.",
                      .default_value = "false"})};
    }
};

Reply<WithCookies<SignedInShape>> run(Context& context, const RefreshSession& request) {
    const std::string_view token = request.cookie ? cookies_of(context.http).refresh : request.refresh_token;
    if (token.empty() && !request.cookie) {
        co_return Error(ErrorCode::MISSING_PARAMETER,
                        "Required parameter 'refresh_token' is missing from request", "refresh_token");
    }
    access::Identity& identity = context.services.identity;
    CO_TRY(access::Sessions::Refreshed made,
           co_await identity.sessions.refresh(std::string(token), client_of(context.http, request.cookie)));
    CO_TRY(access::User user, co_await identity.users.get(made.user));
    made.tokens.cookie = request.cookie;
    co_return co_await signed_in(context, std::move(user), std::move(made.tokens));
}

}  // namespace

const Endpoint refresh_session = Operation<RefreshSession, WithCookies<SignedInShape>>{
    .id = "refreshSession",
    .method = http::Method::Post,
    .path = "/v1/auth/refresh",
    .tag = "Authentication",
    .summary = "Refresh a session",
    .description =
        "Gives new tokens for a refresh token; the old ones are worth nothing from then on. The token may be "
        "used again for a short time (30 seconds unless configured), for clients that lost the answer; later "
        "use of an old one ends the session.",
    .scope = Requirement::none(),
    .rate = RateClass::Standard,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::UNAUTHENTICATED},
    .run = run};

}  // namespace credvault::api
