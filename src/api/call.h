// One call on its way through the pipeline: what has been found out so far, and everything that its decoded request
// points into. Made and ended by the pipeline on the connection's thread; recycled, so that a call allocates little.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "api/context.h"
#include "api/limit_state.h"
#include "api/problems.h"
#include "api/request_id.h"
#include "http/message.h"

namespace credvault::api {

class Endpoint;

constexpr std::size_t max_path_values = 8;

/// What the router found.
struct Route {
    const Endpoint* endpoint = nullptr;
    std::size_t number = 0;                                  ///< Of the endpoint, for counters.
    std::string_view allow;                                  ///< The path's methods.
    std::array<std::string_view, max_path_values> values{};  ///< Of the path's fields, undecoded.
};

/// Whom a call without a credential turned out to be about, for the audit log: told by the endpoint.
struct Subject {
    std::string user;
    std::string workspace;
};

class Call {
public:
    void begin(Services& services, http::Request& request);
    /// Forgets the call; strings keep their memory.
    void end();

    http::Request& http() { return *http_; }
    std::string_view request_id() const { return id_.text(); }
    Services& services() { return *services_; }

    /// The decoded request; lives until end().
    template <class Request>
    Request& make_request() {
        request_ = {new Request{}, [](void* made) { delete static_cast<Request*>(made); }};
        return *static_cast<Request*>(request_.get());
    }
    /// Precondition: routed, and the principal is set.
    Context& context();

    Route route;
    std::shared_ptr<const access::Principal> principal;  ///< Null on calls without a credential.
    std::string media_type;  ///< Of the body, in lower case; empty where there is none.
    std::string body;        ///< Canonical.
    Scratch scratch;
    std::int64_t started_ns = 0;
    std::int64_t duration_ns = 0;  ///< Once it is answered.
    Subject subject;
    bool audited = false;  ///< Its end is told by the one who wrote it ahead.
    LimitState limits;

private:
    Services* services_ = nullptr;
    http::Request* http_ = nullptr;
    RequestId id_;
    std::unique_ptr<void, void (*)(void*)> request_{nullptr, [](void*) {}};
    std::optional<Context> context_;
};

}  // namespace credvault::api
