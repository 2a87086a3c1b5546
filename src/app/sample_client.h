// A client of the REST API for the commands that talk to a running server: one connection that is kept, requests one
// after another. Redirects are not followed. For one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
    /// The same with header fields ("Name: value") in place of the usual ones.
    Result<ApiAnswer> call(const char* method, std::string_view path, std::string_view body,
                           const std::vector<std::string>& fields);
    /// Gives an answer's body to `take` as it comes, which says whether to go on. Fails as request() does, and with
    /// STORAGE_UNAVAILABLE where the answer breaks off.
    Status download(std::string_view path, const std::vector<std::string>& fields,
                    const std::function<bool(std::string_view)>& take);
    /// The same, but an error status fails with the code and message of the answer.
    Result<std::string> request(const char* method, std::string_view path, std::string_view body = {});

private:
    struct Handle;
    /// Everything but what becomes of the body. `headers` is a curl_slist.
    Status prepare(const char* method, const std::string& url, std::string_view body, void* headers);

    std::string url_;
    std::string key_;
    std::unique_ptr<Handle> handle_;
};

/// The error that an answer with an error status tells.
Error error_of(const ApiAnswer& answer);

}  // namespace credvault::app
