#include "api/negotiation.h"

#include <algorithm>

#include "api/operation.h"
#include "api/scalars.h"
#include "http/media.h"
#include "http/syntax.h"

namespace credvault::api {
namespace {

Error unsupported(const OperationInfo& info) {
    return Error(ErrorCode::UNSUPPORTED_MEDIA_TYPE, "The body needs Content-Type: " + joined(info.consumes),
                 "Content-Type");
}

bool is_plain_json(std::string_view type) { return type == "application/json"; }

}  // namespace

Status check_content_type(Call& call) {
    http::Request& request = call.http();
    const Endpoint& endpoint = *call.route.endpoint;
    if (!request.has_body || !(endpoint.request().takes_body() || endpoint.info().streams_body)) return {};
    const auto coding = request.field("Content-Encoding");
    if (coding && !http::equal_ignoring_case(*coding, "identity") && !endpoint.info().streams_body) {
        return Error(ErrorCode::UNSUPPORTED_MEDIA_TYPE, "Request bodies are taken without a Content-Encoding",
                     "Content-Encoding");
    }
    const auto& types = endpoint.info().consumes;
    const std::string_view sent = request.field("Content-Type").value_or("");
    if (is_plain_json(sent) && std::any_of(types.begin(), types.end(), is_plain_json)) {
        call.media_type = sent;
        return {};
    }
    const auto media = http::parse_media_type(sent);
    if (!media || std::find(types.begin(), types.end(), media->type) == types.end())
        return unsupported(endpoint.info());
    if (media->charset && *media->charset != "utf-8" && *media->charset != "us-ascii") {
        return Error(ErrorCode::UNSUPPORTED_MEDIA_TYPE, "Bodies are UTF-8; leave charset out or say utf-8",
                     "Content-Type");
    }
    call.media_type = media->type;
    return {};
}

bool wants_stream(const OperationInfo& operation, const http::Request& request) {
    const auto accept = request.field("Accept");
    if (!accept || http::accepts(*accept, "application/json")) return false;
    return std::ranges::any_of(operation.streams,
                               [&](std::string_view type) { return http::accepts(*accept, type); });
}

Status check_accept(Call& call) {
    const auto accept = call.http().field("Accept");
    if (!accept || *accept == "*/*" || is_plain_json(*accept)) return {};
    const std::string_view type = call.route.endpoint->info().produces;
    const std::string_view bare = http::trim(type.substr(0, type.find(';')));
    if (http::accepts(*accept, bare) || http::accepts(*accept, "application/json")) return {};
    if (wants_stream(call.route.endpoint->info(), call.http())) return {};
    return Error(ErrorCode::NOT_ACCEPTABLE, "This endpoint answers with " + std::string(bare), "Accept");
}

}  // namespace credvault::api
