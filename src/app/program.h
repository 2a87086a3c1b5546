// The server put together: engine, services, pipeline, listeners. Reads as the architecture does. Made, started and
// stopped by one thread, the one that waits for signals.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/access_log.h"
#include "api/endpoints.h"
#include "api/pipeline.h"
#include "api/rate_limits.h"
#include "api/restricted_database.h"
#include "api/service_set.h"
#include "app/config.h"
#include "app/engines.h"
#include "app/log_file.h"
#include "app/metrics.h"
#include "app/metrics_handler.h"
#include "base/run_loop.h"
#include "base/worker_pool.h"
#include "http/server.h"
#include "pages/pages.h"

namespace credvault::app {

/// What the operator's environment says; empty where it says nothing.
struct FromEnvironment {
    std::string admin_key, admin_email, admin_password;
};

class Program {
public:
    Program(Config config, std::unique_ptr<EngineStack> engines);
    ~Program();

    /// Reads what the system database holds, makes the first key and the first owner where there is none, and starts to
    /// listen. Returns a key that was made, to be shown once.
    Result<std::optional<std::string>> start(FromEnvironment given);
    /// Finishes what is in flight, then leaves the stores tidy. Safe to call twice.
    void stop();
    /// SIGHUP: certificates and the access log anew. Failures are logged; what was there stays.
    void reload();

    /// Once started; the port that was taken where 0 was asked for.
    std::uint16_t port() const { return server_->port(); }
    const Config& config() const { return config_; }
    /// Once started: what makes the first owner, where there is no user yet.
    const std::optional<std::string>& setup_code() const { return services_.setup_code; }

private:
    Reply<std::optional<std::string>> open_system(FromEnvironment given);
    Reply<void> make_first_owner(std::string email, std::string password);
    Status listen();
    Status listen_for_metrics();

    Config config_;
    RunLoop loop_;
    // Made last and destroyed after the engine: replies that it still completes go to the servers' I/O threads.
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<http::Server> metrics_server_;
    std::unique_ptr<EngineStack> engines_;
    storage::Engine& engine_;
    api::ServiceSet services_;
    api::JobDatabases job_databases_;
    api::RequestCounters counters_;
    Metrics metrics_;
    MetricsHandler metrics_handler_;
    api::RateLimits limits_;
    LogFile log_file_;
    std::unique_ptr<api::AccessLog> access_log_;
    WorkerPool pool_;
    pages::Pages pages_;
    api::Pipeline pipeline_;
    bool stopped_ = false;
};

}  // namespace credvault::app
