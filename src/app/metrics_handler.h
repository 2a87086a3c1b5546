// What the listener for metrics serves: /metrics, /healthz and /readyz, without a key, and nothing else. It is meant
// for an address that only the operator reaches. Thread-safe.
#pragma once

#include "api/metrics.h"
#include "http/message.h"
#include "storage/engine.h"

namespace credvault::app {

class MetricsHandler final : public http::Handler {
public:
    MetricsHandler(const api::MetricsSource& metrics, const storage::Engine& engine)
        : metrics_(metrics), engine_(engine) {}

    Reply<http::Response> handle(http::Request& request) override;
    http::Response reject(const Error& error, std::string_view remote_address) override;

private:
    const api::MetricsSource& metrics_;
    const storage::Engine& engine_;
};

}  // namespace credvault::app
