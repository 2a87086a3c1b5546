// The client against a receiver of the test's own: what is sent, what is kept of answers, and where it does not go,
// by a resolver that changes its mind or a receiver that sends it elsewhere.
#include "outgoing/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/run_loop.h"

namespace credvault::outgoing {
namespace {

/// Answers each connection's first request with the same text, and closes.
class Receiver {
public:
    explicit Receiver(std::string answer, const char* address = "127.0.0.1") : answer_(std::move(answer)) {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &at.sin_addr);
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
        EXPECT_EQ(::listen(socket_, 16), 0);
        socklen_t size = sizeof at;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
        port = ntohs(at.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~Receiver() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    std::string url(const std::string& host = "127.0.0.1") const {
        return "http://" + host + ":" + std::to_string(port) + "/in";
    }
    std::string request() {
        const std::lock_guard lock(mutex_);
        return request_;
    }

    std::uint16_t port = 0;
    std::atomic<int> connections{0};

private:
    void run() {
        for (;;) {
            const int connection = ::accept(socket_, nullptr, nullptr);
            if (connection < 0) return;
            ++connections;
            std::string got;
            char bytes[4096];
            while (got.find("\r\n\r\n") == std::string::npos || !whole(got)) {
                const ssize_t count = ::recv(connection, bytes, sizeof bytes, 0);
                if (count <= 0) break;
                got.append(bytes, static_cast<std::size_t>(count));
            }
            {
                const std::lock_guard lock(mutex_);
                request_ = got;
            }
            std::size_t sent = 0;
            while (sent < answer_.size()) {
                const ssize_t count =
                    ::send(connection, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
                if (count <= 0) break;
                sent += static_cast<std::size_t>(count);
            }
            ::close(connection);
        }
    }
    static bool whole(const std::string& request) {
        const std::size_t at = request.find("Content-Length: ");
        const std::size_t head = request.find("\r\n\r\n") + 4;
        return at == std::string::npos || request.size() >= head + std::stoul(request.substr(at + 16));
    }

    const std::string answer_;
    int socket_;
    std::mutex mutex_;
    std::string request_;
    std::thread thread_;
};

std::string answer_text(const std::string& head, const std::string& body = {}) {
    return "HTTP/1.1 " + head + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

ClientSettings open_to_loopback() {
    ClientSettings settings;
    settings.allowed_addresses = {"127.0.0.1"};
    settings.timeout_ms = 5'000;
    return settings;
}

Answer call(Client& client, const std::string& url, Request request = {}) {
    RunLoop loop;
    request.url = url;
    Result<Answer> answer = loop.wait(client.send(std::move(request)));
    EXPECT_TRUE(answer.ok());
    return answer.ok() ? *answer : Answer();
}

TEST(Client, SendsAndKeepsTheBeginningOfTheAnswer) {
    Receiver receiver(answer_text("202 Accepted\r\nRetry-After: 17", std::string(1024, 'a') + "b"));
    Client client(open_to_loopback());
    Request request;
    request.headers = {{"Content-Type", "application/json"}, {"X-Own", "1"}};
    request.body = R"({"a":1})";
    const Answer answer = call(client, receiver.url(), request);
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.retry_after, "17");
    EXPECT_EQ(answer.body, std::string(1024, 'a'));
    EXPECT_TRUE(answer.cut);
    const std::string got = receiver.request();
    EXPECT_TRUE(got.starts_with("POST /in HTTP/1.1\r\n")) << got;
    EXPECT_NE(got.find("\r\nX-Own: 1\r\n"), std::string::npos);
    EXPECT_EQ(got.find("Expect:"), std::string::npos);
    EXPECT_TRUE(got.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST(Client, ReadsNoMoreThanItMay) {
    Receiver receiver("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(8 * 1024 * 1024, 'x'));
    Client client(open_to_loopback());
    const Answer answer = call(client, receiver.url());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.size(), 1024U);
    EXPECT_TRUE(answer.cut);
}

TEST(Client, ReadsNoEndlessHead) {
    std::string head = "200 OK";
    for (int i = 0; i < 5'000; ++i) head += "\r\nX-" + std::to_string(i) + ": " + std::string(100, 'y');
    Receiver receiver(answer_text(head));
    Client client(open_to_loopback());
    EXPECT_EQ(call(client, receiver.url()).status, 0);
}

TEST(Client, FollowsNoRedirect) {
    Receiver inner(answer_text("200 OK"));
    for (const char* status : {"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"}) {
        Receiver outer(answer_text(std::string(status) + "\r\nLocation: " + inner.url()));
        Client client(open_to_loopback());
        const Answer answer = call(client, outer.url());
        EXPECT_EQ(answer.status, std::stoi(status));
    }
    EXPECT_EQ(inner.connections, 0);
}

TEST(Client, CallsNoAddressThatIsNotAllowed) {
    Receiver receiver(answer_text("200 OK"));
    Client client({});
    const Answer answer = call(client, receiver.url());
    EXPECT_TRUE(answer.refused);
    EXPECT_EQ(answer.status, 0);
    // What a name stands for is looked at when the connection is made.
    Client misled({}, [](std::string_view) { return std::vector<std::string>{"127.0.0.1"}; });
    const Answer by_name = call(misled, receiver.url("public.example.com"));
    EXPECT_TRUE(by_name.refused) << by_name.failure;
    EXPECT_NE(by_name.failure.find("loopback"), std::string::npos) << by_name.failure;
    for (const char* address : {"10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "::ffff:127.0.0.1",
                                "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00::1"}) {
        Client other({}, [address](std::string_view) { return std::vector<std::string>{address}; });
        const Answer refused = call(other, receiver.url("public.example.com"));
        EXPECT_TRUE(refused.refused) << address << ": " << refused.failure;
    }
    EXPECT_EQ(receiver.connections, 0);
}

TEST(Client, AResolverThatChangesItsMindGetsNowhere) {
    Receiver allowed(answer_text("200 OK"));
    std::atomic<int> asked{0};
    // First where it may go, then where it may not.
    Client client(open_to_loopback(), [&asked](std::string_view) {
        return std::vector<std::string>{asked++ == 0 ? "127.0.0.1" : "127.0.0.2"};
    });
    Receiver inner(answer_text("200 OK"), "127.0.0.2");
    EXPECT_EQ(call(client, allowed.url("rebinding.example.com")).status, 200);
    const Answer second = call(client, "http://rebinding.example.com:" + std::to_string(inner.port) + "/");
    EXPECT_TRUE(second.refused) << second.failure;
    const Answer third = call(client, allowed.url("rebinding.example.com"));
    EXPECT_TRUE(third.refused) << third.failure;
    EXPECT_EQ(inner.connections, 0);
}

TEST(Client, TakesNoProxyFromTheEnvironment) {
    Receiver proxy(answer_text("200 OK", "by proxy"));
    Receiver receiver(answer_text("200 OK", "direct"));
    ::setenv("http_proxy", ("http://127.0.0.1:" + std::to_string(proxy.port)).c_str(), 1);
    ::setenv("all_proxy", ("http://127.0.0.1:" + std::to_string(proxy.port)).c_str(), 1);
    ::setenv("HTTPS_PROXY", ("http://127.0.0.1:" + std::to_string(proxy.port)).c_str(), 1);
    ::setenv("ALL_PROXY", ("http://127.0.0.1:" + std::to_string(proxy.port)).c_str(), 1);
    Client client(open_to_loopback());
    EXPECT_EQ(call(client, receiver.url()).body, "direct");
    ::unsetenv("http_proxy");
    EXPECT_NE(call(client, "https://127.0.0.1:" + std::to_string(receiver.port) + "/").body, "by proxy");
    for (const char* name : {"ALL_PROXY", "all_proxy", "HTTPS_PROXY"}) ::unsetenv(name);
    EXPECT_EQ(proxy.connections, 0);
}

TEST(Client, LooksAtEachAddressOfAName) {
    Receiver inner(answer_text("200 OK", "inner"), "127.0.0.2");
    const auto call_by = [&](std::vector<std::string> addresses) {
        Client client(open_to_loopback(), [addresses](std::string_view) { return addresses; });
        return call(client, inner.url("several.example.com"));
    };
    // Nobody is at the allowed one: the other one is not tried in its place.
    EXPECT_EQ(call_by({"127.0.0.1", "127.0.0.2"}).status, 0);
    EXPECT_EQ(call_by({"127.0.0.2", "127.0.0.1"}).status, 0);
    EXPECT_EQ(call_by({"::ffff:127.0.0.2", "127.0.0.1"}).status, 0);
    EXPECT_EQ(inner.connections, 0);
}

TEST(Client, GoesNowhereElseBecauseAnAnswerSaysSo) {
    Receiver inner(answer_text("200 OK"));
    const std::string other = "127.0.0.1:" + std::to_string(inner.port);
    for (const std::string& more :
         {"\r\nAlt-Svc: h2=\"" + other + "\"; ma=3600", "\r\nRefresh: 0; url=" + inner.url(),
          "\r\nContent-Location: " + inner.url(), std::string("\r\nUpgrade: h2c")}) {
        Receiver receiver(answer_text("200 OK" + more));
        Client client(open_to_loopback());
        EXPECT_EQ(call(client, receiver.url()).status, 200);
        EXPECT_EQ(call(client, receiver.url()).status, 200);
    }
    for (const char* status : {"305 Use Proxy", "401 Unauthorized\r\nWWW-Authenticate: NTLM", "407 Proxy",
                               "101 Switching Protocols"}) {
        Receiver receiver(answer_text(std::string(status) + "\r\nLocation: " + inner.url()));
        Client client(open_to_loopback());
        const Answer answer = call(client, receiver.url());
        EXPECT_TRUE(answer.status == 0 || answer.status >= 300 || answer.status == 101) << status;
        EXPECT_EQ(receiver.connections, 1) << status;
    }
    EXPECT_EQ(inner.connections, 0);
}

TEST(Client, KeepsNoCookiesAndDecodesNothing) {
    Receiver receiver(answer_text("200 OK\r\nSet-Cookie: a=b\r\nContent-Encoding: gzip", "as it came"));
    Client client(open_to_loopback());
    EXPECT_EQ(call(client, receiver.url()).body, "as it came");
    EXPECT_EQ(call(client, receiver.url()).status, 200);
    const std::string got = receiver.request();
    EXPECT_EQ(got.find("Cookie"), std::string::npos);
    EXPECT_EQ(got.find("Accept-Encoding"), std::string::npos);
    EXPECT_EQ(got.find("Authorization"), std::string::npos);
}

TEST(Client, WhatIsNoAnswerIsNone) {
    for (const std::string& text :
         {std::string("only text, as HTTP/0.9 had it"), std::string("HTTP/1.1 abc\r\n\r\n"),
          std::string("\r\n\r\n"), std::string()}) {
        Receiver receiver(text);
        Client client(open_to_loopback());
        EXPECT_EQ(call(client, receiver.url()).status, 0) << text;
    }
    std::string endless;
    for (int i = 0; i < 5'000; ++i) endless += "HTTP/1.1 100 Continue\r\n\r\n";
    Receiver receiver(endless + answer_text("200 OK"));
    Client client(open_to_loopback());
    EXPECT_EQ(call(client, receiver.url()).status, 0) << "interim answers without end";
}

TEST(Client, WaitsNoLongerThanItIsTold) {
    // Takes the call and never answers.
    const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    ::inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    ASSERT_EQ(::bind(listening, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(listening, 4), 0);
    socklen_t size = sizeof at;
    ::getsockname(listening, reinterpret_cast<sockaddr*>(&at), &size);
    const std::string url = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port)) + "/";
    Request request;
    request.timeout_ms = 50;
    Client client(open_to_loopback());
    EXPECT_EQ(call(client, url, request).status, 0);
    ClientSettings strict = open_to_loopback();
    strict.timeout_ms = 50;
    request.timeout_ms = 3'600'000;
    Client other(strict);
    EXPECT_EQ(call(other, url, request).status, 0) << "a call may ask for less, not for more";
    ::close(listening);
}

TEST(Client, SaysWhenNobodyAnswers) {
    std::uint16_t port = 0;
    { port = Receiver(answer_text("200 OK")).port; }
    Client client(open_to_loopback());
    const Answer answer = call(client, "http://127.0.0.1:" + std::to_string(port) + "/");
    EXPECT_EQ(answer.status, 0);
    EXPECT_FALSE(answer.refused);
    EXPECT_FALSE(answer.failure.empty());
    EXPECT_EQ(call(client, "ftp://127.0.0.1/").status, 0);
    EXPECT_EQ(call(client, "http://user@127.0.0.1/").status, 0);
}

TEST(Client, AHeaderCantAddOthers) {
    Receiver receiver(answer_text("200 OK"));
    Client client(open_to_loopback());
    Request request;
    request.headers = {{"X-Own", "1\r\nX-Other: 2"}};
    EXPECT_EQ(call(client, receiver.url(), request).status, 0);
    using Header = std::pair<std::string, std::string>;
    for (const Header& header :
         {Header{"X Own", "1"}, Header{"X-Own:", "1"}, Header{"", "1"}, Header{"X-Own\r\nX-Other", "1"},
          Header{"X-Own", "1\nX-Other: 2"}, Header{"X-Own", "1\rX-Other: 2"}, Header{"X-Own", "1\r\n folded"},
          Header{"X-Own", std::string("a\0b", 3)}, Header{"X-Own", " 1"}, Header{"X-Own", "\xc3\xa4"},
          Header{"X-Own;", ""}, Header{"\xc3\xa4", "1"}}) {
        request.headers = {header};
        EXPECT_EQ(call(client, receiver.url(), request).status, 0) << header.first << ": " << header.second;
    }
    EXPECT_EQ(receiver.connections, 0);
}

TEST(Client, GivesUpWhatIsUnderWayWhenItStops) {
    // Accepts and never answers: the test does not wait for any time-out.
    const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    ::inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    ASSERT_EQ(::bind(listening, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(listening, 1), 0);
    socklen_t size = sizeof at;
    ::getsockname(listening, reinterpret_cast<sockaddr*>(&at), &size);
    RunLoop loop;
    Client client(open_to_loopback());
    Request request;
    request.url = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port)) + "/";
    Reply<Answer> reply = client.send(request);
    client.stop();
    const Result<Answer> answer = loop.wait(std::move(reply));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::SHUTTING_DOWN);
    EXPECT_FALSE(loop.wait(client.send(request)).ok());
    ::close(listening);
}

}  // namespace
}  // namespace credvault::outgoing
