// What endpoints reach: the services of the folders below api/, put together by app/ (or by a test). References; the
// services outlive the pipeline. Each is thread-safe by itself.
#pragma once

#include <string_view>

namespace credvault::access {
class Allotments;
class ApiKeys;
class DataRules;
class AuditLog;
class Identity;
class Usage;
}  // namespace credvault::access
namespace credvault::documents {
class Aggregations;
class Bulk;
class ChangeFeed;
class Collections;
class Databases;
class IndexAdvisor;
class Queries;
class Records;
class Transfers;
class Updates;
class Validation;
}  // namespace credvault::documents
namespace credvault::jobs {
class Jobs;
}
namespace credvault::webhooks {
class Deliveries;
class Webhooks;
}  // namespace credvault::webhooks
namespace credvault::storage {
class Engine;
class RestrictedEngine;
}  // namespace credvault::storage

namespace credvault::api {

class IdempotencyRegistry;
class MetricsSource;
class OpenApiDocument;

struct Services {
    storage::Engine& engine;  ///< Narrows what restricted credentials ask for.
    storage::RestrictedEngine& restricted;
    access::ApiKeys& keys;
    access::DataRules& data_rules;
    access::AuditLog& audit;
    access::Allotments& allotments;
    access::Usage& usage;
    access::Identity& identity;
    documents::Databases& databases;
    documents::Collections& collections;
    documents::Records& records;
    documents::Queries& queries;
    documents::IndexAdvisor& index_advisor;
    documents::Aggregations& aggregations;
    documents::Updates& updates;
    documents::Bulk& bulk;
    documents::Transfers& transfers;
    jobs::Jobs& jobs;
    documents::ChangeFeed& changes;
    documents::Validation& validation;
    webhooks::Webhooks& webhooks;
    webhooks::Deliveries& deliveries;
    IdempotencyRegistry& idempotency;
    const MetricsSource& metrics;
};

}  // namespace credvault::api
