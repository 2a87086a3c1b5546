#include "api/cors.h"

#include <algorithm>
#include <utility>

namespace credvault::api {
namespace {

constexpr std::string_view request_fields =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, "
    "X-CredVault-Workspace, X-Request-Id";
constexpr std::string_view response_fields =
    "ETag, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id";
constexpr std::string_view preflight_seconds = "600";

}  // namespace

Cors::Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {
    all_ = std::find(origins_.begin(), origins_.end(), "*") != origins_.end();
}

bool Cors::knows(std::string_view origin) const {
    return all_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void Cors::allow(http::Request& request, http::Response& response) const {
    if (origins_.empty()) return;
    // The answer differs by origin, whether this request names one or not.
    if (!all_) response.fields.add("Vary", "Origin");
    const auto origin = request.field("Origin");
    if (!origin || !knows(*origin)) return;
    response.fields.add("Access-Control-Allow-Origin", all_ ? std::string_view("*") : *origin);
    response.fields.add("Access-Control-Expose-Headers", response_fields);
}

http::Response Cors::options(http::Request& request, std::string_view allowed_methods) const {
    http::Response response;
    response.status = 204;
    response.content_type = {};
    response.fields.add("Allow", allowed_methods);
    const auto origin = request.field("Origin");
    if (origin && knows(*origin) && request.field("Access-Control-Request-Method")) {
        response.fields.add("Access-Control-Allow-Methods", allowed_methods);
        response.fields.add("Access-Control-Allow-Headers", request_fields);
        response.fields.add("Access-Control-Max-Age", preflight_seconds);
    }
    return response;
}

}  // namespace credvault::api
