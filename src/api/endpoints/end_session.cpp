#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct EndSession {
    std::string_view session;
    static Fields fields() {
        return {path(&EndSession::session, "session",
                     {.description = "The session's id.", .example = "ses_4f7Qd2h8", .max_length = 64})};
    }
};

Reply<NoContent> run(Context& context, const EndSession& request) {
    CO_TRY_VOID(
        co_await context.services.identity.sessions.end(context.principal.id, std::string(request.session)));
    co_return NoContent();
}

}  // namespace

const Endpoint end_session = Operation<EndSession, NoContent>{
    .id = "endSession",
    .method = http::Method::Delete,
    .path = "/v1/auth/sessions/{session}",
    .tag = "Authentication",
    .summary = "End a session",
    .description = "One of the user's own: its tokens are refused as soon as this is answered.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .errors = {ErrorCode::SESSION_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
