// The server's limits in numbers and time, each at its edge, and clients that try to wear it out.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "http/loopback_fixture.h"

namespace credvault::http {
namespace {

std::string head_of_size(std::size_t size) {
    std::string text = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
    text.append(size - text.size() - 4, 'x');
    return text + "\r\n\r\n";
}

TEST(Limits, OfTheHeadHoldAtTheirEdge) {
    LoopbackServer server;
    RawClient client = server.connect();
    EXPECT_EQ(client.ask(head_of_size(16 * 1024)).status, 200);
    client.send_bytewise(head_of_size(16 * 1024));
    EXPECT_EQ(client.answer().status, 200);
    EXPECT_EQ(client.ask(get("/" + std::string(8 * 1024 - 1, 'x'))).status, 200);
    EXPECT_EQ(client.ask(head_of_size(16 * 1024 + 1)).status, 431);
    EXPECT_TRUE(client.closed());
    EXPECT_EQ(server.connect().ask(get("/" + std::string(8 * 1024, 'x'))).status, 414);
    EXPECT_EQ(server.connect().ask("GET /" + std::string(100'000, 'x')).status, 414);
    EXPECT_EQ(server.connect().ask(get("/").substr(0, 20) + std::string(100'000, 'x')).status, 431);
    const auto with_fields = [](int count) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int i = 1; i < count; ++i) text += "A: b\r\n";
        return text + "\r\n";
    };
    EXPECT_EQ(server.connect().ask(with_fields(100)).status, 200);
    EXPECT_EQ(server.connect().ask(with_fields(101)).status, 431);
}

TEST(Limits, OfConnectionsAreToldAndFreed) {
    ServerOptions options;
    options.threads = 2;
    options.limits.connections = 3;
    LoopbackServer server(describe, options);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(server.connect());
        EXPECT_EQ(clients.back().ask(get("/")).status, 200);
    }
    RawClient extra = server.connect();
    const Answer refused = extra.answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.field("retry-after"), "1");
    EXPECT_EQ(refused.field("connection"), "close");
    EXPECT_TRUE(extra.closed());
    EXPECT_EQ(clients[0].ask(get("/")).status, 200);
    clients.pop_back();
    ASSERT_TRUE(eventually([&] { return server.connect().ask(get("/")).status == 200; }));
    EXPECT_GE(server.server().stats().refused, 1U);
}

TEST(Limits, OfConnectionsHoldPerAddress) {
    ServerOptions options;
    options.limits.connections_per_address = 2;
    LoopbackServer server(describe, options);
    RawClient first(server.port(), "127.0.0.1");
    RawClient second(server.port(), "127.0.0.1");
    EXPECT_EQ(first.ask(get("/")).status, 200);
    EXPECT_EQ(second.ask(get("/")).status, 200);
    EXPECT_EQ(RawClient(server.port(), "127.0.0.1").answer().status, 503);
    EXPECT_EQ(RawClient(server.port(), "127.0.0.2").ask(get("/")).status, 200);
    first.close();
    EXPECT_TRUE(
        eventually([&] { return RawClient(server.port(), "127.0.0.1").ask(get("/")).status == 200; }));
}

TEST(Limits, TheHeadHasOneDeadline) {
    ServerOptions options;
    options.limits.header_ms = 200;
    LoopbackServer server(describe, options);
    // A byte now and then is no reprieve.
    RawClient client = server.connect();
    std::atomic<bool> over = false;
    std::thread sender([&] {
        client.send("GET / HTTP/1.1\r\nX: ");
        while (!over && client.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    });
    const Answer answer = client.answer();
    over = true;
    sender.join();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(client.closed());
}

TEST(Limits, TheHeadsDeadlineAlsoHoldsForLaterRequests) {
    ServerOptions options;
    options.limits.header_ms = 100;
    LoopbackServer server(describe, options);
    RawClient client = server.connect();
    EXPECT_EQ(client.ask(get("/")).status, 200);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    // Idle time does not count.
    EXPECT_EQ(client.ask(get("/")).status, 200);
    EXPECT_EQ(client.ask("GET").status, 408);
    EXPECT_TRUE(client.closed());
}

TEST(Limits, SilentConnectionsAreClosedWithoutAWord) {
    ServerOptions options;
    options.limits.header_ms = 100;
    options.limits.idle_ms = 100;
    LoopbackServer server(describe, options);
    RawClient silent = server.connect();
    RawClient idle = server.connect();
    EXPECT_EQ(idle.ask(get("/")).status, 200);
    EXPECT_TRUE(silent.closed());
    EXPECT_TRUE(idle.closed());
    EXPECT_EQ(silent.rest() + idle.rest(), "");
}

TEST(Limits, AResponseNobodyTakesIsBrokenOff) {
    ServerOptions options;
    options.limits.write_ms = 100;
    LoopbackServer server(
        [](Request&) -> Reply<Response> { return text_response(std::string(50'000'000, 'x')); }, options);
    RawClient client = server.connect();
    client.send(get("/"));
    ASSERT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
    EXPECT_TRUE(eventually([&] { return server.server().stats().open == 0; }));
    EXPECT_FALSE(client.answer().whole);
}

TEST(Limits, ASlowReaderGetsItAll) {
    ServerOptions options;
    options.limits.write_ms = 150;
    LoopbackServer server(
        [](Request&) -> Reply<Response> { return text_response(std::string(8'000'000, 'x')); }, options);
    RawClient client(server.port(), nullptr, 128 * 1024);
    client.send(get("/"));
    // So slow that the server's socket gets writable more rarely than the limit allows.
    std::size_t got = 0;
    char bytes[64 * 1024];
    while (got < 8'000'000) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        const ssize_t now = ::recv(client.descriptor(), bytes, sizeof bytes, 0);
        ASSERT_GT(now, 0) << "after " << got;
        got += static_cast<std::size_t>(now);
    }
}

TEST(Limits, ManySlowClientsDisturbNobody) {
    LoopbackServer server;
    std::vector<RawClient> slow;
    for (int i = 0; i < 300; ++i) {
        slow.push_back(server.connect());
        slow.back().send("GET /slow HTTP/1.1\r\nHo");
    }
    RawClient quick = server.connect();
    for (int round = 0; round < 20; ++round) {
        for (RawClient& client : slow) client.send("s");
        EXPECT_EQ(quick.ask(get("/quick")).body, "GET /quick ");
    }
    EXPECT_EQ(server.server().stats().open, 301U);
    slow.clear();
    EXPECT_TRUE(eventually([&] { return server.server().stats().open == 1; }));
}

TEST(Limits, RunningOutOfDescriptorsPausesAccepting) {
    LoopbackServer server;
    RawClient client = server.connect();
    EXPECT_EQ(client.ask(get("/")).status, 200);
    // The client's end is made while there are descriptors; then none is left for the server's.
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const int next = ::dup(client.descriptor());
    ::close(next);
    rlimit tight = limit;
    tight.rlim_cur = static_cast<rlim_t>(next) + 1;
    ::setrlimit(RLIMIT_NOFILE, &tight);
    RawClient waiting = server.connect();
    waiting.send(get("/later"));
    const bool answered_early = waiting.wait_for_bytes(250);
    const Answer meanwhile = client.ask(get("/"));
    ::setrlimit(RLIMIT_NOFILE, &limit);
    EXPECT_FALSE(answered_early);
    EXPECT_EQ(meanwhile.status, 200);
    EXPECT_EQ(waiting.answer().body, "GET /later ");
}

TEST(Limits, ResetsDoNoHarm) {
    LoopbackServer server([](Request& request) -> Reply<Response> {
        auto body = co_await request.body(1'000'000);
        co_return text_response(std::string(100'000, 'x'));
    });
    for (int i = 0; i < 100; ++i) {
        RawClient client = server.connect();
        const std::size_t size = 40 + static_cast<std::size_t>(i) % 30;
        client.send(i % 2 == 0 ? get("/") + get("/") : post("/", "hello").substr(0, size));
        client.reset();
    }
    ASSERT_TRUE(eventually([&] { return server.server().stats().accepted == 100; }));
    EXPECT_TRUE(eventually([&] { return server.server().stats().open == 0; }));
    EXPECT_EQ(server.connect().ask(get("/")).status, 200);
}

}  // namespace
}  // namespace credvault::http
