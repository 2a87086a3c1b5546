#include "app/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace credvault::app {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Families = std::vector<MetricFamily>;

void add_value(Families& families, const char* name, const char* help, MetricType type, double value) {
    ClientMetric metric;
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    families.push_back({name, help, type, {std::move(metric)}});
}

void add_counter(Families& families, const char* name, const char* help, std::uint64_t value) {
    add_value(families, name, help, MetricType::Counter, static_cast<double>(value));
}

void add_gauge(Families& families, const char* name, const char* help, std::uint64_t value) {
    add_value(families, name, help, MetricType::Gauge, static_cast<double>(value));
}

ClientMetric histogram(const std::string& operation, const api::OperationCounts& counts) {
    ClientMetric metric;
    metric.label = {{"operation", operation}};
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < counts.latency.size(); ++i) {
        sum += counts.latency[i];
        const double bound = i < api::latency_bounds_us.size()
                                 ? static_cast<double>(api::latency_bounds_us[i]) / 1e6
                                 : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({sum, bound});
    }
    metric.histogram.sample_count = sum;
    metric.histogram.sample_sum = static_cast<double>(counts.total_us) / 1e6;
    return metric;
}

void add_requests(Families& families, const std::vector<const api::Endpoint*>& endpoints,
                  const std::vector<api::OperationCounts>& all) {
    MetricFamily requests{"credvault_requests_total", "Answered requests.", MetricType::Counter, {}};
    MetricFamily latency{
        "credvault_request_seconds", "Time from the whole head to the response.", MetricType::Histogram, {}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string operation = i < endpoints.size() ? std::string(endpoints[i]->info().id) : "none";
        std::uint64_t total = 0;
        for (std::size_t s = 0; s < all[i].statuses.size(); ++s) {
            if (all[i].statuses[s] == 0) continue;
            total += all[i].statuses[s];
            ClientMetric metric;
            const int status = api::counted_statuses[s];
            metric.label = {{"operation", operation},
                            {"status", status == 0 ? "other" : std::to_string(status)}};
            metric.counter.value = static_cast<double>(all[i].statuses[s]);
            requests.metric.push_back(std::move(metric));
        }
        if (total > 0) latency.metric.push_back(histogram(operation, all[i]));
    }
    families.push_back(std::move(requests));
    families.push_back(std::move(latency));
}

void add_server(Families& families, const http::ServerStats& stats) {
    add_counter(families, "credvault_connections_accepted_total", "Connections accepted.", stats.accepted);
    add_counter(families, "credvault_connections_refused_total", "Connections refused for a limit.",
                stats.refused);
    add_gauge(families, "credvault_connections_open", "Connections open.", stats.open);
    add_gauge(families, "credvault_body_memory_bytes", "Held by request bodies that are being received.",
              stats.body_memory);
    add_counter(families, "credvault_requests_rejected_total", "Requests refused before they were routed.",
                stats.rejected);
    add_counter(families, "credvault_received_bytes_total", "Bytes received.", stats.bytes_in);
    add_counter(families, "credvault_sent_bytes_total", "Bytes sent.", stats.bytes_out);
}

void add_engine(Families& families, const storage::EngineMetrics& m) {
    add_counter(families, "credvault_commits_total", "Commits.", m.commits);
    add_counter(families, "credvault_commit_failures_total", "Commits that failed.", m.commit_failures);
    add_counter(families, "credvault_commit_operations_total",
                "Operations in all commits: by commits, the group size.", m.commit_operations);
    add_value(families, "credvault_commit_seconds_total", "Time spent in all commits.", MetricType::Counter,
              static_cast<double>(m.commit_ns) / 1e9);
    add_counter(families, "credvault_reads_cached_total", "Reads answered by records kept in memory.",
                m.cached_reads);
    add_counter(families, "credvault_reads_inline_total", "Reads answered on the I/O threads.",
                m.inline_reads);
    add_counter(families, "credvault_reads_pooled_total", "Reads answered by workers.", m.pool_reads);
    add_gauge(families, "credvault_write_queue", "Batches that wait for a writer.", m.write_queue);
    add_gauge(families, "credvault_read_queue", "Reads that wait for a worker.", m.read_queue);
    add_gauge(families, "credvault_open_databases", "Databases that are open.", m.open_databases);
    add_counter(families, "credvault_checkpoints_total", "Checkpoints of write-ahead logs.", m.checkpoints);
    add_gauge(families, "credvault_cache_bytes", "Bytes in page caches.", m.cache_bytes);
}

}  // namespace

std::string Metrics::text() const {
    Families families;
    add_requests(families, endpoints_, counters_.read());
    if (const http::Server* server = server_.load()) add_server(families, server->stats());
    add_engine(families, engine_.metrics());
    add_gauge(families, "credvault_databases", "Databases of all workspaces.", databases_.count());
    for (const More& one : more_) {
        add_value(families, one.name, one.help, one.counts ? MetricType::Counter : MetricType::Gauge,
                  static_cast<double>(one.read()));
    }
    for (const Family& family : families_) {
        MetricFamily shown{family.name, family.help, MetricType::Counter, {}};
        for (const Sample& sample : family.read()) {
            ClientMetric metric;
            for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
            metric.counter.value = static_cast<double>(sample.value);
            shown.metric.push_back(std::move(metric));
        }
        families.push_back(std::move(shown));
    }
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace credvault::app
