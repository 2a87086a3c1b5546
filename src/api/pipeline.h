// The way of every request: each step is one line of pipeline.cpp. The server's handler, shared by all I/O threads;
// what belongs to one request is in its Call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/api_keys.h"
#include "api/access_log.h"
#include "api/call.h"
#include "api/client_address.h"
#include "api/cors.h"
#include "api/limits.h"
#include "api/request_counters.h"
#include "api/router.h"
#include "base/worker_pool.h"
#include "http/message.h"
#include "pages/pages.h"

namespace credvault::api {

struct PipelineSettings {
    std::size_t body_bytes = 32 * 1024 * 1024;
    std::size_t pool_body_bytes = 256 * 1024;  ///< Larger JSON bodies are parsed on the pool.
    std::vector<std::string> cors_origins = {};
    std::vector<std::string> trusted_proxies = {};  ///< Address ranges.
    std::string forwarded_header = "X-Forwarded-For";
};

/// What the pipeline is put together from. References and pointers outlive it.
struct PipelineParts {
    Services& services;
    LimitPolicy& limits;
    RequestCounters& counters;
    AccessLog* log = nullptr;             ///< Null: no access log.
    WorkerPool* pool = nullptr;           ///< Null: everything is parsed where it arrives.
    const pages::Pages* pages = nullptr;  ///< Null: the API alone.
};

class Pipeline final : public http::Handler {
public:
    Pipeline(const std::vector<const Endpoint*>& endpoints, PipelineParts parts, PipelineSettings settings);

    Reply<http::Response> handle(http::Request& request) override;
    http::Response reject(const Error& error, std::string_view remote_address) override;

private:
    struct Recycle {
        void operator()(Call* call) const;
    };
    using CallHolder = std::unique_ptr<Call, Recycle>;

    CallHolder begin(http::Request& request);
    const pages::Page* page_for(const http::Request& request) const;
    Result<http::Response> answer_page(Call& call, const pages::Page& page) const;
    Status admit(Call& call);
    Result<http::Response> answer_options(http::Request& request) const;
    Status authenticate(Call& call);
    Status apply_restrictions(Call& call) const;
    static Status check_scope(Call& call);
    Reply<http::Response> serve(Call& call);
    Reply<http::Response> run(Call& call);
    Reply<http::Response> serve_with_body(Call& call);
    Reply<http::Response> serve_change(Call& call);
    Reply<http::Response> serve_sign_in(Call& call);
    Reply<std::string> present_state(Call& call);
    void note_end(Call& call, const http::Response* response, const Error* error);
    Reply<void> tell_quota(Call& call, Error refusal);
    Reply<void> read_body(Call& call);
    Reply<http::Response> finish_later(CallHolder call, Reply<http::Response> reply);
    http::Response finish(Call& call, Result<http::Response> result);
    void complete(Call& call, http::Response& response);
    void record(Call& call, const http::Response& response, std::string_view error);

    Router router_;
    Cors cors_;
    ClientAddresses client_addresses_;
    PipelineParts parts_;
    PipelineSettings settings_;
};

}  // namespace credvault::api
