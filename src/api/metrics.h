// What GET /metrics shows, made by app/, which knows every part of the server. Thread-safe.
#pragma once

#include <string>

namespace credvault::api {

class MetricsSource {
public:
    virtual ~MetricsSource() = default;
    /// In Prometheus' text format 0.0.4.
    virtual std::string text() const = 0;
};

}  // namespace credvault::api
