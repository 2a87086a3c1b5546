// Stopping: what is in flight is finished within the limit, everything else ends at once.
#include <gtest/gtest.h>

#include "http/loopback_fixture.h"

namespace credvault::http {
namespace {

using Clock = std::chrono::steady_clock;

TEST(Shutdown, ClosesIdleConnectionsAndTheListener) {
    LoopbackServer server;
    RawClient idle = server.connect();
    EXPECT_EQ(idle.ask(get("/")).status, 200);
    RawClient fresh = server.connect();
    ASSERT_TRUE(eventually([&] { return server.server().stats().open == 2; }));
    server.server().stop();
    EXPECT_TRUE(idle.closed());
    EXPECT_TRUE(fresh.closed());
    EXPECT_FALSE(server.connect().connected());
    server.server().stop();
}

TEST(Shutdown, FinishesWhatIsInFlight) {
    std::optional<Completer<Response>> waiting;
    std::atomic<bool> asked = false;
    LoopbackServer server([&](Request&) -> Reply<Response> {
        waiting.emplace();
        asked = true;
        return waiting->reply();
    });
    RawClient client = server.connect();
    client.send(get("/") + get("/too-late"));
    ASSERT_TRUE(eventually([&] { return asked.load(); }));
    std::thread stopper([&] { server.server().stop(); });
    ASSERT_TRUE(eventually([&] { return !server.connect().connected(); }));
    waiting->complete(text_response("finished"));
    const Answer answer = client.answer();
    EXPECT_EQ(answer.body, "finished");
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(client.closed());
    client.close();
    stopper.join();
    EXPECT_EQ(server.server().stats().requests, 1U);
}

TEST(Shutdown, FinishesReadingABody) {
    LoopbackServer server;
    RawClient client = server.connect();
    const std::string text = post("/", "hello");
    client.send(std::string_view(text).substr(0, text.size() - 2));
    ASSERT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
    std::thread stopper([&] { server.server().stop(); });
    ASSERT_TRUE(eventually([&] { return !server.connect().connected(); }));
    client.send("lo");
    EXPECT_EQ(client.answer().body, "POST / hello");
    stopper.join();
}

TEST(Shutdown, BreaksOffWhatTakesTooLong) {
    ServerOptions options;
    options.limits.shutdown_ms = 100;
    LoopbackServer server(
        [](Request&) -> Reply<Response> { return text_response(std::string(50'000'000, 'x')); }, options);
    RawClient reader = server.connect();
    reader.send(get("/"));
    RawClient writer = server.connect();
    writer.send("GET / HT");
    ASSERT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
    ASSERT_TRUE(eventually([&] { return server.server().stats().open == 2; }));
    server.server().stop();
    EXPECT_EQ(server.server().stats().open, 0U);
    EXPECT_TRUE(writer.closed());
    EXPECT_FALSE(reader.answer().whole);
}

TEST(Shutdown, WaitsForAHandlerThatAnswersAfterTheLimit) {
    ServerOptions options;
    options.limits.shutdown_ms = 50;
    std::thread worker;
    LoopbackServer server(
        [&](Request& request) -> Reply<Response> {
            Completer<Response> completer;
            worker = std::thread([completer, &request] {
                // The request must stay although its connection is broken off meanwhile.
                eventually([&] { return request.disconnected(); });
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
                completer.complete(text_response(std::string(request.path)));
            });
            return completer.reply();
        },
        options);
    RawClient client = server.connect();
    client.send(get("/"));
    ASSERT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
    server.server().stop();
    EXPECT_EQ(server.server().stats().open, 0U);
    worker.join();
}

TEST(Shutdown, LeavesBehindAHandlerThatNeverAnswers) {
    ServerOptions options;
    options.limits.shutdown_ms = 50;
    // Static, as what is left behind must be: the answer may come at any time.
    static std::optional<Completer<Response>> waiting;
    std::atomic<bool> asked = false;
    {
        LoopbackServer server(
            [&](Request&) -> Reply<Response> {
                waiting.emplace();
                asked = true;
                return waiting->reply();
            },
            options);
        RawClient client = server.connect();
        client.send(get("/"));
        ASSERT_TRUE(eventually([&] { return asked.load(); }));
        server.server().stop();
        EXPECT_TRUE(client.closed());
    }
    waiting->complete(text_response("nobody is there"));
}

TEST(Shutdown, UnderLoadAnswersWholeOrNotAtAll) {
    ServerOptions options;
    options.threads = 2;
    LoopbackServer server([](Request&) -> Reply<Response> { return text_response(std::string(20'000, 'x')); },
                          options);
    std::vector<std::thread> clients;
    std::atomic<int> torn = 0;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 8; ++i) {
        clients.emplace_back([&] {
            while (true) {
                RawClient client = server.connect();
                if (!client.connected()) return;
                for (int n = 0; n < 50; ++n) {
                    const Answer answer = client.ask(get("/"));
                    if (answer.status == 0) break;
                    answered += 1;
                    torn += answer.whole && answer.body.size() == 20'000 ? 0 : 1;
                }
            }
        });
    }
    ASSERT_TRUE(eventually([&] { return answered > 500; }));
    server.server().stop();
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace credvault::http
