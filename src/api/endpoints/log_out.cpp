#include "access/sessions/token.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct LogOut {
    bool everywhere = false;
    static Fields fields() {
        return {body(&LogOut::everywhere, "everywhere",
                     {.description = "End all sessions of the user.", .default_value = "false"})};
    }
};

Reply<DoneWithCookies> run(Context& context, const LogOut& request) {
    access::Sessions& sessions = context.services.identity.sessions;
    const std::string user(context.actor());
    const bool secure = context.http.secure;
    if (request.everywhere) {
        CO_TRY_VOID(co_await sessions.end_all(user));
    } else {
        auto ended = co_await sessions.end(user, context.principal.session);
        // Another call ended it meanwhile: that is what was asked for.
        if (!ended.ok() && ended.error().code != ErrorCode::SESSION_NOT_FOUND)
            co_return std::move(ended).error();
    }
    co_return DoneWithCookies{access::session_cookies({}, {}, 0, secure)};
}

}  // namespace

const Endpoint log_out = Operation<LogOut, DoneWithCookies>{
    .id = "logOut",
    .method = http::Method::Post,
    .path = "/v1/auth/logout",
    .tag = "Authentication",
    .summary = "Sign out",
    .description =
        "Ends the session, or all of the user: their tokens are refused as soon as this is answered.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .errors = {},
    .run = run};

}  // namespace credvault::api
