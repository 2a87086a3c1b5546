#include "access/sessions/token.h"
#include "api/authentication.h"
#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct GetMe {
    static Fields fields() { return {}; }
};

struct MeShape {
    UserShape user;
    std::string session;
    std::optional<MembershipShape> workspace;
    std::vector<MembershipShape> workspaces;
    std::optional<std::string> csrf_token;

    static constexpr std::string_view schema_name = "Me";
    static Fields fields() {
        using S = MeShape;
        return {body(&S::user, "user", {.description = "Who is signed in."}),
                body(&S::session, "session", {.description = "The session's id.", .example = "ses_4f7Qd2h8"}),
                body(&S::workspace, "workspace", {.description = "The one that this call acts in."}),
                body(&S::workspaces, "workspaces", {.description = "All that the user belongs to."}),
                body(&S::csrf_token, "csrf_token", {.description = "Of a session in cookies."})};
    }
};

Reply<Resource<MeShape>> run(Context& context, const GetMe&) {
    access::Identity& identity = context.services.identity;
    CO_TRY(const access::User user, co_await identity.users.get(context.principal.id));
    CO_TRY(const std::vector<access::Membership> places, co_await identity.sessions.memberships(user.id));
    MeShape me;
    me.user = UserShape::of(user);
    me.session = context.principal.session;
    for (const access::Membership& place : places) {
        me.workspaces.push_back(MembershipShape::of(place));
        if (place.workspace == context.workspace()) me.workspace = MembershipShape::of(place);
    }
    if (!context.http.field("Authorization"))
        me.csrf_token = access::csrf_token_of(cookies_of(context.http).access);
    co_return Resource<MeShape>{std::move(me)};
}

}  // namespace

const Endpoint get_me = Operation<GetMe, Resource<MeShape>>{
    .id = "getMe",
    .method = http::Method::Get,
    .path = "/v1/auth/me",
    .tag = "Authentication",
    .summary = "Who is signed in",
    .description = "The user, his session, and the workspaces that he belongs to.",
    .scope = Requirement::user(),
    .rate = RateClass::Standard,
    .errors = {},
    .run = run};

}  // namespace credvault::api
