#include "outgoing/transfer.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace credvault::outgoing {
namespace {

constexpr std::size_t max_header_bytes = 64 * 1024;
constexpr std::string_view retry_after = "retry-after:";

void append(std::unique_ptr<curl_slist, void (*)(curl_slist*)>& list, const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return;
    (void)list.release();
    list.reset(longer);
}

bool begins_with(std::string_view line, std::string_view lower_name) {
    return line.size() >= lower_name.size() &&
           std::equal(lower_name.begin(), lower_name.end(), line.begin(), [](char name, char c) {
               return name == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
           });
}

std::string trimmed(std::string_view text) {
    const std::size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return first == text.size() ? std::string() : std::string(text.substr(first, last + 1 - first));
}

}  // namespace

Transfer::Transfer(Request request, const Completer<Answer>& completer, const ClientSettings& settings,
                   const AddressGuard& guard)
    : request_(std::move(request)), completer_(completer), settings_(settings), guard_(guard) {}

void Transfer::set_up(CURL* handle, const std::vector<std::string>& resolved) {
    handle_ = handle;
    set_safety();
    set_request();
    for (const std::string& entry : resolved) append(resolved_, entry);
    if (resolved_) curl_easy_setopt(handle_, CURLOPT_RESOLVE, resolved_.get());
}

void Transfer::set_safety() {
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    curl_easy_setopt(handle_, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");
    curl_easy_setopt(handle_, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings_.ca_file.empty()) curl_easy_setopt(handle_, CURLOPT_CAINFO, settings_.ca_file.c_str());
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    const std::int64_t asked = request_.timeout_ms > 0 ? request_.timeout_ms : settings_.timeout_ms;
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(std::min(asked, settings_.timeout_ms)));
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.connect_ms));
}

void Transfer::set_request() {
    curl_easy_setopt(handle_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(handle_, CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle_, CURLOPT_HTTP09_ALLOWED, 0L);
    for (const auto& [name, value] : request_.headers)
        append(headers_, value.empty() ? name + ";" : name + ": " + value);
    append(headers_, "Expect:");
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_.get());
    if (request_.method == "GET") {
        curl_easy_setopt(handle_, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(handle_, CURLOPT_POST, 1L);
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request_.body.c_str());
        if (request_.method != "POST")
            curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
}

/// The one place where a connection begins, with the address that it goes to.
curl_socket_t Transfer::open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::string_view why =
        purpose == CURLSOCKTYPE_IPCXN ? transfer.guard_.refusal(address->addr) : "no call";
    if (!why.empty()) {
        transfer.refusal_ = why;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t Transfer::take_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::size_t came = size * count;
    transfer.body_bytes_ += came;
    Answer& answer = transfer.answer_;
    const std::size_t room = transfer.settings_.kept_bytes - answer.body.size();
    answer.body.append(bytes, std::min(came, room));
    answer.cut |= came > room;
    return transfer.body_bytes_ > transfer.settings_.max_response_bytes ? 0 : came;
}

std::size_t Transfer::take_header(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::string_view line(bytes, size * count);
    transfer.header_bytes_ += line.size();
    if (begins_with(line, retry_after))
        transfer.answer_.retry_after = trimmed(line.substr(retry_after.size()));
    return transfer.header_bytes_ > max_header_bytes ? 0 : line.size();
}

void Transfer::describe(CURLcode code) {
    answer_.status = 0;
    answer_.refused = !refusal_.empty();
    if (answer_.refused) {
        answer_.failure = "The address is not one that the server may call (" + std::string(refusal_) + ")";
    } else if (header_bytes_ > max_header_bytes) {
        answer_.failure = "The answer's head is too large";
    } else {
        answer_.failure = curl_easy_strerror(code);
    }
}

void Transfer::finish(CURLcode code) {
    curl_off_t elapsed = 0;
    curl_easy_getinfo(handle_, CURLINFO_TOTAL_TIME_T, &elapsed);
    answer_.elapsed_us = static_cast<std::int64_t>(elapsed);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    // Of an answer that was cut off by us its status stands.
    const bool cut_by_us =
        code == CURLE_WRITE_ERROR && body_bytes_ > settings_.max_response_bytes && status > 0;
    if (code != CURLE_OK && !cut_by_us) describe(code);
    completer_.complete(std::move(answer_));
}

void Transfer::abandon() {
    completer_.complete(Error(ErrorCode::SHUTTING_DOWN, "The server is shutting down"));
}

}  // namespace credvault::outgoing
