// What /metrics shows: the counters of the server, the pipeline and the engine in Prometheus' text form, by
// prometheus-cpp's serializer. Reads when asked; thread-safe.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/metrics.h"
#include "api/operation.h"
#include "api/request_counters.h"
#include "documents/databases.h"
#include "http/server.h"
#include "storage/engine.h"

namespace credvault::app {

class Metrics final : public api::MetricsSource {
public:
    /// References outlive it. set_server() comes before the first reading, and null before the server goes.
    Metrics(const std::vector<const api::Endpoint*>& endpoints, const api::RequestCounters& counters,
            const storage::Engine& engine, const documents::Databases& databases)
        : endpoints_(endpoints), counters_(counters), engine_(engine), databases_(databases) {}

    void set_server(const http::Server* server) { server_.store(server); }
    /// More that is read each time. Call before the first reading.
    void watch_counter(const char* name, const char* help, std::function<std::uint64_t()> read) {
        more_.push_back({name, help, true, std::move(read)});
    }
    void watch_gauge(const char* name, const char* help, std::function<std::uint64_t()> read) {
        more_.push_back({name, help, false, std::move(read)});
    }
    /// One of several counters under one name.
    struct Sample {
        std::vector<std::pair<std::string, std::string>> labels;
        std::uint64_t value = 0;
    };
    void watch_family(const char* name, const char* help, std::function<std::vector<Sample>()> read) {
        families_.push_back({name, help, std::move(read)});
    }
    std::string text() const override;

private:
    struct Family {
        const char* name;
        const char* help;
        std::function<std::vector<Sample>()> read;
    };
    struct More {
        const char* name;
        const char* help;
        bool counts;
        std::function<std::uint64_t()> read;
    };

    const std::vector<const api::Endpoint*>& endpoints_;
    const api::RequestCounters& counters_;
    const storage::Engine& engine_;
    const documents::Databases& databases_;
    std::vector<More> more_;
    std::vector<Family> families_;
    std::atomic<const http::Server*> server_{nullptr};
};

}  // namespace credvault::app
