// Calls to the outside on behalf of users, over one libcurl multi handle on a thread of its own. Nothing gets where it
// should not go: each socket's address is checked when it is opened, after names were resolved; redirects are not
// followed, proxies not taken from the environment, certificates verified, answers bounded. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reply.h"
#include "outgoing/address_guard.h"
#include "outgoing/header_text.h"

namespace credvault::outgoing {

struct ClientSettings {
    std::vector<std::string> allowed_addresses;  ///< Ranges that may be called though they are not public.
    std::string ca_file;                         ///< PEM; empty: the system's authorities.
    std::int64_t connect_ms = 10'000;
    std::int64_t timeout_ms = 20'000;  ///< Of a whole call.
    std::size_t max_response_bytes =
        64 * 1024;                      ///< Read of an answer; the rest is cut off with its connection.
    std::size_t kept_bytes = 1024;      ///< Of them, kept.
    std::size_t max_in_flight = 1'000;  ///< More wait for their turn.
};

struct Request {
    std::string method = "POST";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::int64_t timeout_ms = 0;  ///< 0: as configured; never longer than that.
};

/// What came of a call.
struct Answer {
    int status = 0;           ///< 0: there was no answer; `failure` says why.
    std::string failure;      ///< For users; without what only the operator may know.
    bool refused = false;     ///< The address is one that must not be called.
    std::string retry_after;  ///< The header's value.
    std::string body;         ///< Its beginning.
    bool cut = false;         ///< There was more of it.
    std::int64_t elapsed_us = 0;
};

/// What users of the client see, and tests put something else for.
class Sender {
public:
    virtual ~Sender() = default;
    /// Answers on the caller's executor. Fails with SHUTTING_DOWN alone: what goes wrong with a call is its answer.
    virtual Reply<Answer> send(Request request) = 0;
};

class Client final : public Sender {
public:
    /// Names to addresses, instead of the system's resolver: for tests. Called on the client's thread.
    using Resolver = std::function<std::vector<std::string>(std::string_view host)>;

    explicit Client(const ClientSettings& settings, Resolver resolver = {});
    /// Stops.
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Whether the ranges are such. Fails with INVALID_PARAMETER.
    static Status check(const ClientSettings& settings);

    Reply<Answer> send(Request request) override;
    /// Gives up what is under way. Safe to call twice.
    void stop();
    const AddressGuard& guard() const;

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace credvault::outgoing
