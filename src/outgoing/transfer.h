// One call of the client as libcurl sees it: the easy handle, what is sent, what came. Internal to the client; lives
// on its thread.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "outgoing/client.h"

namespace credvault::outgoing {

class Transfer {
public:
    Transfer(Request request, const Completer<Answer>& completer, const ClientSettings& settings,
             const AddressGuard& guard);

    /// Takes a handle, fresh or reset. `resolved` are entries for CURLOPT_RESOLVE.
    void set_up(CURL* handle, const std::vector<std::string>& resolved);
    /// Gives the answer after the transfer ended in whatever way.
    void finish(CURLcode code);
    void abandon();

    const Request& request() const { return request_; }
    CURL* handle() const { return handle_; }

private:
    using List = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

    static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    static std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* self);
    static std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* self);
    void set_safety();
    void set_request();
    void describe(CURLcode code);

    Request request_;
    const Completer<Answer> completer_;
    const ClientSettings& settings_;
    const AddressGuard& guard_;
    CURL* handle_ = nullptr;
    List headers_{nullptr, &curl_slist_free_all};
    List resolved_{nullptr, &curl_slist_free_all};
    Answer answer_;
    std::size_t body_bytes_ = 0;
    std::size_t header_bytes_ = 0;
    std::string_view refusal_;
};

}  // namespace credvault::outgoing
