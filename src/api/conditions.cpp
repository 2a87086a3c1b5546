#include "api/conditions.h"

#include "api/headers.h"
#include "api/operation.h"

namespace credvault::api {
namespace {

/// The field's tags; nothing where it was not sent.
Result<std::optional<EntityTags>> sent_tags(Call& call, std::string_view name) {
    const auto sent = call.http().field(name);
    if (!sent) return std::optional<EntityTags>();
    auto tags = parse_entity_tags(*sent);
    if (!tags) {
        return Error(ErrorCode::INVALID_PARAMETER, std::string(name) + " must be * or a list of entity tags",
                     std::string(name));
    }
    return tags;
}

}  // namespace

Status check_conditions(Call& call, http::Response& response) {
    const auto etag = response.fields.find("ETag");
    if (response.status != 200 || !etag) return {};
    const Endpoint* const endpoint = call.route.endpoint;
    if (endpoint == nullptr || endpoint->info().method != http::Method::Get) return {};
    TRY(const auto wanted, sent_tags(call, "If-Match"));
    if (wanted && !matches_strongly(*wanted, *etag)) {
        return Error(ErrorCode::PRECONDITION_FAILED, "The resource's ETag is none of those in If-Match",
                     "If-Match");
    }
    TRY(const auto known, sent_tags(call, "If-None-Match"));
    if (!known || !matches_weakly(*known, *etag)) return {};
    response.status = 304;
    response.body.clear();
    return {};
}

}  // namespace credvault::api
