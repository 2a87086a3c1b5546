// For tests: a server on a free port, with a handler given as a function.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "http/raw_client.h"
#include "http/server.h"

namespace credvault::http {

inline int status_of(const Error& error) {
    switch (error_kind(error.code)) {
        case ErrorKind::BadRequest: return 400;
        case ErrorKind::RequestTimeout: return 408;
        case ErrorKind::PayloadTooLarge: return 413;
        case ErrorKind::UriTooLong: return 414;
        case ErrorKind::ExpectationFailed: return 417;
        case ErrorKind::HeaderTooLarge: return 431;
        case ErrorKind::NotImplemented: return 501;
        case ErrorKind::Unavailable: return 503;
        case ErrorKind::VersionNotSupported: return 505;
        default: return 500;
    }
}

inline Response text_response(std::string body, int status = 200) {
    Response response;
    response.status = status;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
}

class FunctionHandler final : public Handler {
public:
    using Function = std::function<Reply<Response>(Request&)>;
    explicit FunctionHandler(Function function) : function_(std::move(function)) {}
    Reply<Response> handle(Request& request) override { return function_(request); }
    Response reject(const Error& error, std::string_view) override {
        Response response = text_response(std::string(error_name(error.code)), status_of(error));
        if (error.retry_after_seconds > 0) {
            response.fields.add("Retry-After", std::to_string(error.retry_after_seconds));
        }
        return response;
    }

private:
    Function function_;
};

/// Says what it was asked: method, target, number of fields and the body.
inline Reply<Response> describe(Request& request) {
    auto body = co_await request.body(1024 * 1024);
    if (!body.ok()) co_return std::move(body).error();
    co_return text_response(std::string(request.method_text) + " " + std::string(request.target) + " " +
                            std::string(*body));
}

/// A running server. Stops when it goes.
class LoopbackServer {
public:
    explicit LoopbackServer(FunctionHandler::Function function = describe, ServerOptions options = {})
        : handler_(std::move(function)), server_(with_defaults(std::move(options)), handler_) {
        started = server_.start();
    }
    RawClient connect() const { return RawClient(server_.port()); }
    Server& server() { return server_; }
    std::uint16_t port() const { return server_.port(); }

    Status started;

private:
    static ServerOptions with_defaults(ServerOptions options) {
        options.port = 0;
        if (options.threads == 0) options.threads = 1;
        return options;
    }

    FunctionHandler handler_;
    Server server_;
};

inline std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

inline std::string post(std::string_view target, std::string_view body) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

/// Waits until `condition` holds; false after five seconds.
inline bool eventually(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace credvault::http
