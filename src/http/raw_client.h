// For tests: a client that speaks raw bytes, so that what no HTTP library would send can be sent. Calls fail by
// returning what arrived within five seconds.
#pragma once

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "http/syntax.h"

namespace credvault::http {

struct Answer {
    int status = 0;                                  ///< 0: the connection ended before a whole head came.
    std::multimap<std::string, std::string> fields;  ///< Names in lower case.
    std::string head;
    std::string body;
    bool whole = false;  ///< The body came to the end that the head announced.

    std::string field(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    }
};

class RawClient {
public:
    /// `from` is the local address, `window` the size of the receive buffer; both optional.
    explicit RawClient(std::uint16_t port, const char* from = nullptr, int window = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        if (window > 0) {
            // Loopback's segments of 64 KiB would stall in so small a window.
            const int segment = 1400;
            ::setsockopt(socket_, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
        }
        address.sin_family = AF_INET;
        if (from != nullptr) {
            ::inet_pton(AF_INET, from, &address.sin_addr);
            ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        }
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    RawClient(RawClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          connected_(other.connected_),
          text_(std::move(other.text_)) {}
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient() { close(); }

    bool connected() const { return connected_; }
    int descriptor() const { return socket_; }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }
    void shutdown_send() { ::shutdown(socket_, SHUT_WR); }
    /// Closes with a reset.
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }

    bool send(std::string_view text) {
        while (!text.empty()) {
            const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void send_bytewise(std::string_view text) {
        for (const char c : text) send({&c, 1});
    }

    /// The next response's head; its body is left to chunk().
    Answer answer_head() {
        Answer answer;
        std::size_t end = 0;
        while ((end = text_.find("\r\n\r\n")) == std::string::npos) {
            if (!more()) return answer;
        }
        answer.head = text_.substr(0, end + 2);
        text_.erase(0, end + 4);
        parse_head(answer);
        return answer;
    }
    /// The next response. `head_only` for HEAD.
    Answer answer(bool head_only = false) {
        Answer answer = answer_head();
        if (answer.status == 0) return answer;
        if (head_only || answer.status == 100 || answer.status == 204 || answer.status == 304) {
            answer.whole = true;
        } else if (answer.field("transfer-encoding") == "chunked") {
            answer.whole = read_chunks(answer.body);
        } else if (const std::string length = answer.field("content-length"); !length.empty()) {
            answer.whole = take(std::stoul(length), answer.body);
        } else {
            answer.whole = closed();
            answer.body = std::exchange(text_, {});
        }
        return answer;
    }
    Answer ask(std::string_view text) {
        send(text);
        return answer();
    }
    /// Reads whatever comes until the server closes; true where it does within five seconds.
    bool closed() {
        while (more()) {
        }
        return ended_;
    }
    /// What was received and not consumed.
    const std::string& rest() const { return text_; }
    /// Waits for some bytes; true where there are any (or the end) within `ms`.
    bool wait_for_bytes(int ms) {
        pollfd poll{socket_, POLLIN, 0};
        return !text_.empty() || ::poll(&poll, 1, ms) > 0;
    }
    /// One chunk of a chunked body, for streams; empty at the end.
    std::string chunk() {
        std::string data;
        read_chunk(data);
        return data;
    }

private:
    bool more() {
        pollfd poll{socket_, POLLIN, 0};
        if (::poll(&poll, 1, 5000) <= 0) return false;
        char bytes[65536];
        const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
        if (got <= 0) {
            ended_ = true;
            return false;
        }
        text_.append(bytes, static_cast<std::size_t>(got));
        return true;
    }
    bool take(std::size_t size, std::string& into) {
        while (text_.size() < size) {
            if (!more()) return false;
        }
        into.append(text_, 0, size);
        text_.erase(0, size);
        return true;
    }
    bool read_chunk(std::string& into) {
        std::size_t end = 0;
        while ((end = text_.find("\r\n")) == std::string::npos) {
            if (!more()) return false;
        }
        const std::size_t size = std::stoul(text_.substr(0, end), nullptr, 16);
        text_.erase(0, end + 2);
        std::string crlf;
        return take(size, into) && take(2, crlf) && crlf == "\r\n" && size > 0;
    }
    bool read_chunks(std::string& into) {
        while (true) {
            const std::size_t before = into.size();
            if (!read_chunk(into)) return into.size() == before && !ended_;
        }
    }
    void parse_head(Answer& answer) const {
        answer.status = std::stoi(answer.head.substr(9, 3));
        std::size_t line = answer.head.find("\r\n") + 2;
        while (line < answer.head.size()) {
            const std::size_t end = answer.head.find("\r\n", line);
            const std::size_t colon = answer.head.find(": ", line);
            answer.fields.emplace(lower(answer.head.substr(line, colon - line)),
                                  answer.head.substr(colon + 2, end - colon - 2));
            line = end + 2;
        }
    }

    int socket_;
    bool connected_ = false;
    bool ended_ = false;
    std::string text_;
};

}  // namespace credvault::http
