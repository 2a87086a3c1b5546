#include "access/identity.h"
#include "api/endpoints.h"

namespace credvault::api {
namespace {

struct GetSetup {
    static Fields fields() { return {}; }
};

struct SetupState {
    bool needed = false;
    static constexpr std::string_view schema_name = "SetupState";
    static Fields fields() {
        return {body(&SetupState::needed, "needed",
                     {.description = "Whether there is no user yet, so that the first owner can be made.",
                      .example = "false"})};
    }
};

Reply<Resource<SetupState>> run(Context& context, const GetSetup&) {
    CO_TRY(const bool there, co_await context.services.identity.users.any());
    SetupState state;
    state.needed = !there;
    co_return Resource<SetupState>{state};
}

}  // namespace

const Endpoint get_setup = Operation<GetSetup, Resource<SetupState>>{
    .id = "getSetup",
    .method = http::Method::Get,
    .path = "/v1/auth/setup",
    .tag = "Authentication",
    .summary = "Whether the first owner is still to be made",
    .description = "What a page asks to know whether to show the setup or the sign-in.",
    .scope = Requirement::none(),
    .rate = RateClass::Standard,
    .run = run};

}  // namespace credvault::api
