#include "app/sample_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "json/canonical.h"
#include "json/view.h"

namespace credvault::app {
namespace {

constexpr long connect_seconds = 10;
constexpr long answer_seconds = 120;

std::size_t append_body(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, size * count);
    return size * count;
}

ErrorCode code_named(std::string_view name) {
    for (const ErrorCode code : all_error_codes()) {
        if (error_name(code) == name) return code;
    }
    return ErrorCode::INTERNAL;
}

}  // namespace

struct ApiClient::Handle {
    CURL* curl = nullptr;
    curl_slist* fields = nullptr;

    explicit Handle(const std::string& key) : curl(curl_easy_init()) {
        add("Authorization: ApiKey " + key);
        add("Content-Type: application/json");
        add("Prefer: return=minimal");
        add("Expect:");
    }
    ~Handle() {
        curl_slist_free_all(fields);
        curl_easy_cleanup(curl);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    void add(const std::string& field) {
        if (curl_slist* longer = curl_slist_append(fields, field.c_str()); longer != nullptr) fields = longer;
    }
};

ApiClient::ApiClient(std::string url, std::string key) : url_(std::move(url)) {
    while (url_.ends_with('/')) url_.pop_back();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    handle_ = std::make_unique<Handle>(key);
}

ApiClient::~ApiClient() {
    handle_.reset();
    curl_global_cleanup();
}

Result<ApiAnswer> ApiClient::call(const char* method, std::string_view path, std::string_view body) {
    CURL* const curl = handle_->curl;
    if (curl == nullptr) return Error(ErrorCode::INTERNAL, "The HTTP client can't be made");
    const std::string url = url_ + "/v1/" + std::string(path);
    ApiAnswer answer;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->fields);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, answer_seconds);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    if (!body.empty()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    }
    const CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
        return Error(ErrorCode::STORAGE_UNAVAILABLE,
                     "The server at " + url_ + " can't be reached: " + curl_easy_strerror(code));
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

Result<std::string> ApiClient::request(const char* method, std::string_view path, std::string_view body) {
    TRY(ApiAnswer answer, call(method, path, body));
    if (answer.status >= 300) return error_of(answer);
    return std::move(answer.body);
}

Error error_of(const ApiAnswer& answer) {
    const Result<std::string> canonical = json::canonicalize(answer.body);
    const json::View body(canonical.ok() ? std::string_view(*canonical) : std::string_view("null"));
    const auto code = body.find("code");
    const auto message = body.find("message");
    if (!code || !code->is_string() || !message || !message->is_string()) {
        return Error(ErrorCode::INTERNAL, "The server answered with status " + std::to_string(answer.status) +
                                              " and no error of ours; is this a CredVault server?");
    }
    return Error(code_named(code->as_string()), message->as_string());
}

}  // namespace credvault::app
