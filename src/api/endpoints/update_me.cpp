#include "api/endpoints.h"
#include "api/endpoints/identity_shapes.h"

namespace credvault::api {
namespace {

struct UpdateMe {
    std::string_view name;
    static Fields fields() {
        return {body(&UpdateMe::name, "name",
                     {.description = "1 to 100 characters.",
                      .example = "Ada Lovelace",
                      .required = true,
                      .max_length = 400})};
    }
};

Reply<Resource<UserShape>> run(Context& context, const UpdateMe& request) {
    CO_TRY(const access::User user,
           co_await context.services.identity.users.rename(context.principal.id, std::string(request.name)));
    co_return Resource<UserShape>{UserShape::of(user)};
}

}  // namespace

const Endpoint update_me =
    Operation<UpdateMe, Resource<UserShape>>{.id = "updateMe",
                                             .method = http::Method::Patch,
                                             .path = "/v1/auth/me",
                                             .tag = "Authentication",
                                             .summary = "Change your name",
                                             .description = "Also in the lists of members.",
                                             .scope = Requirement::user(),
                                             .rate = RateClass::Standard,
                                             .errors = {},
                                             .run = run};

}  // namespace credvault::api
