#include "app/metrics_handler.h"
#include "storage/platform.h"

#include <algorithm>
#include <utility>

namespace credvault::app {
namespace {

http::Response plain(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = std::move(body);
    return response;
}

}  // namespace

Reply<http::Response> MetricsHandler::handle(http::Request& request) {
    const bool reads = request.method == http::Method::Get || request.method == http::Method::Head;
    if (!reads) return plain(405, "Only GET is answered here\n");
    if (request.path == "/metrics") return plain(200, metrics_.text());
    if (request.path == "/healthz") return plain(200, "ok\n");
    if (request.path != "/readyz") return plain(404, "Here are /metrics, /healthz and /readyz\n");
    const std::vector<storage::StoreHealth> stores = engine_.health();
    // As in api/: a broken database answers 503 for itself and is no reason to take the server out.
    const bool ready = std::all_of(stores.begin(), stores.end(), [](const auto& store) {
        return store.ready || store.database != storage::system_database;
    });
    return plain(ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
}

http::Response MetricsHandler::reject(const Error& error, std::string_view) {
    return plain(400, error.message + "\n");
}

}  // namespace credvault::app
