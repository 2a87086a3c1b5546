// A client of the REST API for the commands that talk to a running server: one connection that is kept, requests one
// after another. Redirects are not followed. For one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::app {

struct ApiAnswer {
    long status = 0;
    std::string body;
};

class ApiClient {
public:
    /// `url` is the server's, as in "http://127.0.0.1:8080".
    ApiClient(std::string url, std::string key);
    ~ApiClient();
    ApiClient(const ApiClient&) = delete;
    ApiClient& operator=(const ApiClient&) = delete;

    /// Sends `body` as JSON, or none where it is empty. `path` is below /v1/. Fails with STORAGE_UNAVAILABLE where the
    /// server can't be reached; an answer with an error status is an answer.
    Result<ApiAnswer> call(const char* method, std::string_view path, std::string_view body = {});
    /// The same, but an error status fails with the code and message of the answer.
    Result<std::string> request(const char* method, std::string_view path, std::string_view body = {});

private:
    struct Handle;

    std::string url_;
    std::unique_ptr<Handle> handle_;
};

/// The error that an answer with an error status tells.
Error error_of(const ApiAnswer& answer);

}  // namespace credvault::app
