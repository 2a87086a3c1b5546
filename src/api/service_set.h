// All services over one engine, as app/, the tests and the benchmarks put them together: a new service joins here once.
// The engine, the query log and the source of metrics must outlive the set. Made and opened on one thread; the services
// are thread-safe by themselves.
#pragma once

#include <optional>
#include <string>

#include "access/allotments.h"
#include "access/api_keys.h"
#include "access/audit_log.h"
#include "access/data_rules.h"
#include "access/identity.h"
#include "access/meters.h"
#include "access/usage.h"
#include "api/idempotency.h"
#include "api/metrics.h"
#include "api/services.h"
#include "api/webhook_surroundings.h"
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
#include "jobs/jobs.h"
#include "outgoing/client.h"
#include "storage/change_consumers.h"
#include "storage/engine.h"
#include "storage/query_log.h"
#include "storage/restricted_engine.h"
#include "webhooks/deliveries.h"

namespace credvault::api {

struct ServiceSettings {
    documents::QuerySettings queries;
    documents::UpdateSettings updates;
    documents::TransferSettings transfers;
    jobs::JobSettings jobs;
    documents::FeedSettings changes;
    unsigned pipeline_threads = 1;
    access::AuditSettings audit = {};
    access::TiersSettings tiers = access::TiersSettings::standard();
    access::UsageSettings usage;
    access::IdentitySettings identity = {};
    access::ServerKey server_key = access::ServerKey::of_this_process();
    outgoing::ClientSettings outgoing = {};
    webhooks::DispatchSettings webhooks = {};
};

struct ServiceSet {
    ServiceSet(storage::Engine& over, const storage::QueryLog& query_log, const MetricsSource& metrics,
               const ServiceSettings& settings);
    ServiceSet(const ServiceSet&) = delete;
    ServiceSet& operator=(const ServiceSet&) = delete;

    /// Reads what the system database holds and makes the first key where there is none (`admin_key` is the operator's,
    /// or empty). Returns a key that was made, to be shown once. Jobs are opened by the caller, who adds their types.
    Reply<std::optional<std::string>> open(std::string admin_key);
    /// Ends streams and jobs; before the engine is stopped.
    void stop();

private:
    Reply<void> open_webhooks();

public:
    storage::RestrictedEngine restricted;
    storage::Engine& engine;  ///< The same.
    access::ApiKeys keys;
    access::DataRules data_rules;
    access::AuditLog audit;
    access::Allotments allotments;
    access::Meters meters;
    access::Usage usage;
    access::Identity identity;
    documents::Databases databases;
    documents::Collections collections;
    documents::Records records;
    documents::Queries queries;
    documents::IndexAdvisor index_advisor;
    WorkerPool pipeline_pool;
    documents::Aggregations aggregations;
    documents::Updates updates;
    documents::Bulk bulk;
    documents::Transfers transfers;
    jobs::Jobs jobs;
    storage::ChangeConsumers change_consumers;
    documents::ChangeFeed changes;
    documents::Validation validation;
    const access::ServerKey server_key;
    outgoing::Client outgoing;
    WebhookSurroundings webhook_surroundings;
    webhooks::Webhooks webhooks;
    webhooks::DeliveryStore delivery_store;
    webhooks::Dispatcher dispatcher;
    webhooks::DispatchThread dispatch_thread;
    webhooks::Deliveries deliveries;
    IdempotencyRegistry idempotency;
    Services services;
    std::string workspace;                  ///< The one that a new server begins with; once opened.
    std::optional<std::string> setup_code;  ///< For the first owner, where there is no user yet; once opened.
};

}  // namespace credvault::api
