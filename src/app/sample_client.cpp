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

/// A list of header fields that goes with its scope.
class Fields {
public:
    explicit Fields(const std::string& key) { add("Authorization: ApiKey " + key); }
    ~Fields() { curl_slist_free_all(list_); }
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    void add(const std::string& field) {
        if (curl_slist* longer = curl_slist_append(list_, field.c_str()); longer != nullptr) list_ = longer;
    }
    curl_slist* list() const { return list_; }

private:
    curl_slist* list_ = nullptr;
};

/// What a download does with the bytes that come: an error's body is kept, all else is passed on.
struct Download {
    CURL* curl;
    const std::function<bool(std::string_view)>& take;
    std::string error_body = {};
    bool stopped = false;

    static std::size_t write(char* data, std::size_t size, std::size_t count, void* to) {
        auto& self = *static_cast<Download*>(to);
        long status = 0;
        curl_easy_getinfo(self.curl, CURLINFO_RESPONSE_CODE, &status);
        if (status >= 300) {
            self.error_body.append(data, size * count);
            return size * count;
        }
        self.stopped = !self.take({data, size * count});
        return self.stopped ? 0 : size * count;
    }
};

}  // namespace

struct ApiClient::Handle {
    CURL* curl = curl_easy_init();

    Handle() = default;
    ~Handle() { curl_easy_cleanup(curl); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
};

ApiClient::ApiClient(std::string url, std::string key) : url_(std::move(url)), key_(std::move(key)) {
    while (url_.ends_with('/')) url_.pop_back();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    handle_ = std::make_unique<Handle>();
}

ApiClient::~ApiClient() {
    handle_.reset();
    curl_global_cleanup();
}

Status ApiClient::prepare(const char* method, const std::string& url, std::string_view body, void* headers) {
    CURL* const curl = handle_->curl;
    if (curl == nullptr) return Error(ErrorCode::INTERNAL, "The HTTP client can't be made");
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(headers));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    // Not a bound on the whole, which may be long: on how long nothing at all may come or go.
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, answer_seconds);
    if (!body.empty()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    }
    return {};
}

Result<ApiAnswer> ApiClient::call(const char* method, std::string_view path, std::string_view body) {
    return call(method, path, body, {"Content-Type: application/json", "Prefer: return=minimal"});
}

Result<ApiAnswer> ApiClient::call(const char* method, std::string_view path, std::string_view body,
                                  const std::vector<std::string>& fields) {
    Fields headers(key_);
    for (const std::string& field : fields) headers.add(field);
    headers.add("Expect:");
    const std::string url = url_ + "/v1/" + std::string(path);
    TRY_VOID(prepare(method, url, body, headers.list()));
    CURL* const curl = handle_->curl;
    ApiAnswer answer;
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    const CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
        return Error(ErrorCode::STORAGE_UNAVAILABLE,
                     "The server at " + url_ + " can't be reached: " + curl_easy_strerror(code));
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

Status ApiClient::download(std::string_view path, const std::vector<std::string>& fields,
                           const std::function<bool(std::string_view)>& take) {
    Fields headers(key_);
    for (const std::string& field : fields) headers.add(field);
    const std::string url = url_ + "/v1/" + std::string(path);
    TRY_VOID(prepare("GET", url, {}, headers.list()));
    CURL* const curl = handle_->curl;
    Download download{curl, take};
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Download::write);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &download);
    const CURLcode code = curl_easy_perform(curl);
    if (download.stopped) return {};
    if (code != CURLE_OK) {
        return Error(ErrorCode::STORAGE_UNAVAILABLE,
                     "The answer of " + url_ + " broke off: " + curl_easy_strerror(code));
    }
    ApiAnswer answer;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    answer.body = std::move(download.error_body);
    return answer.status >= 300 ? Status(error_of(answer)) : Status();
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
