// For tests: requests as the server would hand them over, a pipeline over the in-memory engine, and answers to look at.
// One thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "api/endpoints.h"
#include "api/metrics.h"
#include "api/pipeline.h"
#include "api/service_set.h"
#include "base/clock.h"
#include "base/run_loop.h"
#include "json/canonical.h"
#include "storage/memory/memory_engine.h"

namespace credvault::api {

class FakeRequest final : public http::Request {
public:
    FakeRequest(http::Method of, std::string_view path_and_query) {
        method = of;
        method_text = http::method_name(of);
        target = path_and_query;
        const std::size_t mark = std::min(path_and_query.find('?'), path_and_query.size());
        path = path_and_query.substr(0, mark);
        query = path_and_query.substr(std::min(mark + 1, path_and_query.size()));
        remote_address = "127.0.0.1";
        started_ns = monotonic_ns();
    }
    FakeRequest& with(std::string_view name, std::string_view value) {
        fields.push_back({name, value});
        return *this;
    }
    FakeRequest& with_body(std::string_view text, std::string_view type = "application/json") {
        body_ = std::string(text) + std::string(64, '\0');
        size_ = text.size();
        has_body = size_ > 0;
        if (!type.empty()) with("Content-Type", type);
        return *this;
    }

    Reply<std::string_view> body(std::size_t max_bytes) override {
        if (size_ > max_bytes) return Error(ErrorCode::PAYLOAD_TOO_LARGE);
        return std::string_view(body_.data(), size_);
    }
    Reply<std::string_view> read_some() override {
        return std::string_view(body_.data(), std::exchange(size_, 0));
    }
    bool disconnected() const override { return false; }

private:
    std::string body_;
    std::size_t size_ = 0;
};

inline constexpr std::string_view test_key = "test-key-0123456789-0123456789-abcdef";
inline constexpr std::string_view test_authorization = "ApiKey test-key-0123456789-0123456789-abcdef";

/// An answer with its fields by name and its body parsed.
struct Seen {
    explicit Seen(http::Response from) : response(std::move(from)) {
        std::string_view lines = response.fields.lines();
        while (!lines.empty()) {
            const std::string_view line = lines.substr(0, lines.find('\r'));
            const std::size_t colon = line.find(':');
            fields[std::string(line.substr(0, colon))] = line.substr(colon + 2);
            lines.remove_prefix(line.size() + 2);
        }
        if (Result<json::Value> parsed = json::parse(response.body); parsed.ok())
            body = std::move(parsed).value();
    }
    int status() const { return response.status; }
    std::string code() const { return text("code"); }
    std::string text(std::string_view member) const {
        const json::Value* found = body.is_object() ? body.find(member) : nullptr;
        return found != nullptr && found->is_string() ? found->as_string() : "";
    }
    std::string data() const {
        return body.is_object() && body.find("data") ? body.find("data")->text() : "";
    }

    http::Response response;
    std::map<std::string, std::string> fields;
    json::Value body;
};

class NoMetrics final : public MetricsSource {
public:
    std::string text() const override { return "# none\n"; }
};

/// The services over an engine of memory, and a pipeline in front of them.
class Backend {
public:
    explicit Backend(const std::vector<const Endpoint*>& served = endpoints(), PipelineSettings settings = {},
                     AccessLog* log = nullptr)
        : counters(served.size()),
          pipeline(served, {set.services, limits, counters, log, nullptr}, std::move(settings)) {
        EXPECT_TRUE(loop.wait(set.open(std::string(test_key))).ok());
        EXPECT_TRUE(loop.wait(set.jobs.open()).ok());
    }
    Seen send(FakeRequest& request) {
        auto response = loop.wait(pipeline.handle(request));
        EXPECT_TRUE(response.ok());
        return Seen(std::move(response).value());
    }
    /// With the key that may do everything.
    Seen call(http::Method method, std::string_view target, std::string_view body = {}) {
        FakeRequest request(method, target);
        request.with("Authorization", test_authorization);
        if (!body.empty()) request.with_body(body);
        return send(request);
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    storage::QueryLog query_log{{}};
    NoMetrics metrics;
    ServiceSet set{engine, query_log, metrics, {}};
    Unlimited limits;
    RequestCounters counters;
    Pipeline pipeline;
};

}  // namespace credvault::api
