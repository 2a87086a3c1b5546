// The server put together: engine, services, pipeline, listeners. Reads as the architecture does. Made, started and
// stopped by one thread, the one that waits for signals.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "access/api_keys.h"
#include "api/access_log.h"
#include "api/endpoints.h"
#include "api/idempotency.h"
#include "api/limits.h"
#include "api/pipeline.h"
#include "app/config.h"
#include "app/engines.h"
#include "app/log_file.h"
#include "app/metrics.h"
#include "app/metrics_handler.h"
#include "base/run_loop.h"
#include "base/worker_pool.h"
#include "documents/aggregations.h"
#include "documents/bulk.h"
#include "documents/change_feed.h"
#include "documents/collections.h"
#include "documents/databases.h"
#include "documents/index_advice.h"
#include "documents/queries.h"
#include "documents/records.h"
#include "documents/transfer/transfers.h"
#include "documents/updates.h"
#include "documents/validation.h"
#include "http/server.h"
#include "jobs/jobs.h"

namespace credvault::app {

class Program {
public:
    Program(Config config, std::unique_ptr<EngineStack> engines);
    ~Program();

    /// Reads what the system database holds, makes the first key where there is none (`admin_key` is the operator's, or
    /// empty), and starts to listen. Returns a key that was made, to be shown once.
    Result<std::optional<std::string>> start(const std::string& admin_key);
    /// Finishes what is in flight, then leaves the stores tidy. Safe to call twice.
    void stop();
    /// SIGHUP: certificates and the access log anew. Failures are logged; what was there stays.
    void reload();

    /// Once started; the port that was taken where 0 was asked for.
    std::uint16_t port() const { return server_->port(); }
    const Config& config() const { return config_; }

private:
    Reply<std::optional<std::string>> open_system(std::string admin_key);
    Status listen();
    Status listen_for_metrics();

    Config config_;
    RunLoop loop_;
    // Made last and destroyed after the engine: replies that it still completes go to the servers' I/O threads.
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<http::Server> metrics_server_;
    std::unique_ptr<EngineStack> engines_;
    storage::Engine& engine_;
    access::ApiKeys keys_;
    documents::Databases databases_;
    documents::Collections collections_;
    documents::Records records_;
    documents::Queries queries_;
    documents::IndexAdvisor index_advisor_;
    WorkerPool pipeline_pool_;
    documents::Aggregations aggregations_;
    documents::Updates updates_;
    documents::Bulk bulk_;
    documents::Transfers transfers_;
    jobs::Jobs jobs_;
    documents::ChangeFeed changes_;
    documents::Validation validation_;
    api::IdempotencyRegistry idempotency_;
    api::RequestCounters counters_;
    Metrics metrics_;
    MetricsHandler metrics_handler_;
    api::Unlimited limits_;
    api::Services services_;
    LogFile log_file_;
    std::unique_ptr<api::AccessLog> access_log_;
    WorkerPool pool_;
    api::Pipeline pipeline_;
    bool stopped_ = false;
};

}  // namespace credvault::app
