// The configuration: defaults, what the file (TOML) says, what the command line and the environment say, in this order.
// One table (config_keys) drives reading, `credvault config` and the check that docs/configuration.md names every key.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "access/address_limiter.h"
#include "access/audit_log.h"
#include "access/identity.h"
#include "access/tier.h"
#include "access/usage.h"
#include "api/pipeline.h"
#include "base/log.h"
#include "base/result.h"
#include "documents/change_feed.h"
#include "documents/queries.h"
#include "documents/transfer/transfers.h"
#include "documents/updates.h"
#include "http/server.h"
#include "jobs/jobs.h"
#include "outgoing/client.h"
#include "query/limits.h"
#include "storage/query_log.h"
#include "storage/sqlite/sqlite_options.h"
#include "webhooks/dispatcher.h"

namespace credvault::app {

struct Config {
    std::string listen = "127.0.0.1:8080";
    std::string metrics_listen;     ///< A listener of its own for /metrics, without a key; empty: none.
    unsigned threads = 0;           ///< I/O threads; 0: one per core.
    unsigned pool_threads = 1;      ///< For large bodies.
    unsigned pipeline_threads = 2;  ///< For pipelines, where they compute apart from the store's own scans.
    std::string engine = "sqlite";  ///< "memory" and "delayed" are for tests.
    std::string log_level = "info";
    std::string log_format = "text";
    std::string access_log = "stdout";  ///< "stdout", "off" or a file, which SIGHUP opens anew.
    http::TlsFiles tls;
    http::Limits limits;
    std::vector<std::string> api_servers;  ///< Of the OpenAPI document.
    api::PipelineSettings pipeline;
    documents::QuerySettings queries;
    query::QueryLimits query_limits;  ///< Of the whole process.
    storage::QueryLogOptions query_log;
    documents::TransferSettings transfers;
    documents::UpdateSettings updates;
    jobs::JobSettings jobs;
    access::IdentitySettings identity;
    access::ServerKey server_key =
        access::ServerKey::of_this_process();  ///< Not of the file: the data directory's.
    documents::FeedSettings changes;
    access::AuditSettings audit;
    access::TiersSettings tiers = access::TiersSettings::standard();
    access::AddressLimits addresses;
    access::UsageSettings usage;
    outgoing::ClientSettings outgoing;
    webhooks::DispatchSettings webhooks;
    storage::SqliteOptions storage;
};

/// One key of the file: where its value goes and what it may be.
struct ConfigKey {
    using Target =
        std::variant<std::string*, bool*, unsigned*, std::int64_t*, std::size_t*, std::vector<std::string>*>;

    std::string section;
    std::string name;
    Target target;
    std::string description;
    std::int64_t min = 0;
    std::int64_t max = INT64_MAX;
    std::vector<std::string> choices = {};  ///< Of strings; empty: any.
};

/// Every key, pointing into `config`.
std::vector<ConfigKey> config_keys(Config& config);

/// Reads a file over the defaults. Fails with INVALID_PARAMETER naming the line for what is no TOML, an unknown key or
/// section, or a value that will not do.
Result<Config> read_config(const std::string& path);
/// The same from text; `name` is what messages call it.
Result<Config> parse_config(std::string_view text, std::string_view name);
/// All keys with their values and what they mean, as a file that read_config reads.
std::string config_text(Config config);

struct Address {
    std::string host;
    std::uint16_t port = 0;
};
/// From "HOST:PORT", the host in brackets where it is IPv6. Fails with INVALID_PARAMETER.
Result<Address> parse_address(std::string_view text, std::string_view field);

}  // namespace credvault::app
