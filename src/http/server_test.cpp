// Requests and responses over a real socket: keep-alive, pipelining, methods, versions and what the server adds.
#include "http/server.h"

#include <gtest/gtest.h>

#include "base/reply.h"
#include "http/loopback_fixture.h"

namespace credvault::http {
namespace {

TEST(Server, AnswersAndKeepsTheConnection) {
    LoopbackServer server;
    RawClient client = server.connect();
    for (int i = 0; i < 3; ++i) {
        const Answer answer = client.ask(get("/a?b=" + std::to_string(i)));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "GET /a?b=" + std::to_string(i) + " ");
        EXPECT_EQ(answer.field("content-type"), "text/plain");
        EXPECT_EQ(answer.field("content-length"), std::to_string(answer.body.size()));
        EXPECT_EQ(answer.field("connection"), "");
        EXPECT_TRUE(answer.field("date").ends_with(" GMT"));
    }
    EXPECT_EQ(server.server().stats().requests, 3U);
    EXPECT_EQ(server.server().stats().accepted, 1U);
    EXPECT_EQ(server.server().stats().open, 1U);
}

TEST(Server, TellsTheHandlerWhoAsks) {
    LoopbackServer server([](Request& request) -> Reply<Response> {
        return text_response(std::string(request.remote_address) + (request.secure ? " secure" : " plain"));
    });
    EXPECT_EQ(server.connect().ask(get("/")).body, "127.0.0.1 plain");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    LoopbackServer server;
    RawClient client = server.connect();
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += i % 3 == 0 ? post("/p", std::to_string(i)) : get("/g" + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 100; ++i) {
        const std::string number = std::to_string(i);
        EXPECT_EQ(client.answer().body, i % 3 == 0 ? "POST /p " + number : "GET /g" + number + " ");
    }
}

TEST(Server, TakesRequestsCutAnywhere) {
    LoopbackServer server;
    RawClient client = server.connect();
    const std::string two = post("/first", "hello") + get("/second");
    client.send_bytewise(two);
    EXPECT_EQ(client.answer().body, "POST /first hello");
    EXPECT_EQ(client.answer().body, "GET /second ");
    for (std::size_t cut = 1; cut < two.size(); ++cut) {
        client.send(std::string_view(two).substr(0, cut));
        std::this_thread::sleep_for(std::chrono::microseconds(300));
        client.send(std::string_view(two).substr(cut));
        EXPECT_EQ(client.answer().body, "POST /first hello") << cut;
        EXPECT_EQ(client.answer().body, "GET /second ") << cut;
    }
}

TEST(Server, AnswersTenThousandPipelinedRequests) {
    LoopbackServer server;
    RawClient client = server.connect();
    std::thread sender([&] {
        for (int i = 0; i < 10'000; ++i) client.send(get("/" + std::to_string(i)));
    });
    int right = 0;
    for (int i = 0; i < 10'000; ++i) right += client.answer().body == "GET /" + std::to_string(i) + " ";
    sender.join();
    EXPECT_EQ(right, 10'000);
}

TEST(Server, AnswersHeadAsGetWithoutTheBody) {
    LoopbackServer server([](Request& request) -> Reply<Response> {
        return text_response(request.path == "/large" ? std::string(100'000, 'x') : "hello");
    });
    RawClient client = server.connect();
    for (const std::string path : {"/", "/large"}) {
        const Answer full = client.ask(get(path));
        client.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        const Answer head = client.answer(true);
        EXPECT_EQ(head.head, full.head);
    }
    EXPECT_EQ(client.ask(get("/")).body, "hello");
}

TEST(Server, PassesOptionsAndUnknownMethods) {
    LoopbackServer server;
    RawClient client = server.connect();
    EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").body, "OPTIONS * ");
    EXPECT_EQ(client.ask("OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n").body, "OPTIONS /x ");
    EXPECT_EQ(client.ask("BREW /x HTTP/1.1\r\nHost: a\r\n\r\n").body, "BREW /x ");
}

TEST(Server, ClosesForHttp10UnlessAskedNotTo) {
    LoopbackServer server;
    RawClient client = server.connect();
    const Answer kept = client.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.body, "GET / ");
    EXPECT_EQ(kept.field("connection"), "keep-alive");
    const Answer closed = client.ask("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(closed.body, "GET / ");
    EXPECT_EQ(closed.field("connection"), "close");
    EXPECT_TRUE(client.closed());
}

TEST(Server, ClosesWhenEitherSideWants) {
    LoopbackServer server([](Request& request) -> Reply<Response> {
        Response response = text_response("x");
        response.close = request.path == "/close";
        return response;
    });
    for (const std::string& text :
         {get("/close") + get("/"),
          std::string("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") + get("/")}) {
        RawClient client = server.connect();
        EXPECT_EQ(client.ask(text).field("connection"), "close");
        EXPECT_TRUE(client.closed());
        EXPECT_EQ(client.rest(), "");
    }
}

TEST(Server, AnswersAClientThatHasFinishedSending) {
    LoopbackServer server;
    RawClient client = server.connect();
    client.send(get("/a") + get("/b"));
    client.shutdown_send();
    EXPECT_EQ(client.answer().body, "GET /a ");
    EXPECT_EQ(client.answer().body, "GET /b ");
    EXPECT_TRUE(client.closed());
}

TEST(Server, SendsNoBodyWhereTheStatusHasNone) {
    LoopbackServer server([](Request& request) -> Reply<Response> {
        return text_response("ignored", request.path == "/204" ? 204 : 304);
    });
    RawClient client = server.connect();
    for (const std::string path : {"/204", "/304"}) {
        const Answer answer = client.ask(get(path));
        EXPECT_EQ(answer.status, std::stoi(path.substr(1)));
        EXPECT_EQ(answer.field("content-length"), "");
    }
    EXPECT_EQ(client.rest(), "");
}

TEST(Server, LetsNoFieldBeInjected) {
    LoopbackServer server([](Request&) -> Reply<Response> {
        Response response = text_response("body");
        response.fields.add("X-Good", "value");
        response.fields.add("X-Bad", std::string("a\r\nSet-Cookie: evil\0", 20));
        EXPECT_EQ(response.fields.find("x-GOOD"), "value");
        EXPECT_EQ(response.fields.find("X-Bad"), "a  Set-Cookie: evil ");
        EXPECT_EQ(response.fields.find("Set-Cookie"), std::nullopt);
        return response;
    });
    RawClient client = server.connect();
    const Answer answer = client.ask(get("/"));
    EXPECT_EQ(answer.body, "body");
    EXPECT_EQ(answer.field("x-good"), "value");
    EXPECT_EQ(answer.field("x-bad"), "a  Set-Cookie: evil ");
    EXPECT_EQ(answer.fields.count("set-cookie"), 0U);
}

TEST(Server, AnswersFailuresAndExceptionsOfTheHandler) {
    LoopbackServer server([](Request& request) -> Reply<Response> {
        if (request.path == "/throw") throw std::runtime_error("boom");
        if (request.path == "/fail") return Error(ErrorCode::STORAGE_FULL);
        return text_response("fine");
    });
    RawClient client = server.connect();
    EXPECT_EQ(client.ask(get("/throw")).status, 500);
    EXPECT_EQ(client.ask(get("/fail")).status, 503);
    EXPECT_EQ(client.ask(get("/")).body, "fine");
}

TEST(Server, RefusesMalformedRequestsAndCloses) {
    LoopbackServer server;
    const std::pair<const char*, int> cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: a\n\n", 400},
        {"\x16\x03\x01", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417},
        {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
    };
    for (const auto& [text, status] : cases) {
        RawClient client = server.connect();
        // What follows must never be taken for a request.
        const Answer answer = client.ask(text + get("/smuggled"));
        EXPECT_EQ(answer.status, status) << text;
        EXPECT_EQ(answer.field("connection"), "close");
        EXPECT_TRUE(client.closed());
        EXPECT_EQ(client.rest(), "");
    }
    EXPECT_EQ(server.server().stats().requests, 0U);
    EXPECT_EQ(server.server().stats().rejected, std::size(cases));
}

TEST(Server, WaitsForAnswersFromOtherThreads) {
    std::vector<std::thread> threads;
    std::mutex mutex;
    LoopbackServer server([&](Request& request) -> Reply<Response> {
        if (request.path == "/now") return text_response("now");
        Completer<Response> completer;
        const std::lock_guard lock(mutex);
        threads.emplace_back([completer, path = std::string(request.path)] {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            completer.complete(text_response("later " + path));
        });
        return completer.reply();
    });
    RawClient client = server.connect();
    client.send(get("/now") + get("/a") + get("/now") + get("/b"));
    EXPECT_EQ(client.answer().body, "now");
    EXPECT_EQ(client.answer().body, "later /a");
    EXPECT_EQ(client.answer().body, "now");
    EXPECT_EQ(client.answer().body, "later /b");
    for (std::thread& thread : threads) thread.join();
}

TEST(Server, SendsWhatIsReadyBeforeItWaits) {
    std::optional<Completer<Response>> waiting;
    LoopbackServer server([&](Request& request) -> Reply<Response> {
        if (request.path == "/now") return text_response("now");
        waiting.emplace();
        return waiting->reply();
    });
    RawClient client = server.connect();
    client.send(get("/now") + get("/later"));
    // Comes although the second answer does not.
    EXPECT_EQ(client.answer().body, "now");
    ASSERT_TRUE(eventually([&] { return server.server().stats().requests == 2; }));
    waiting->complete(text_response("later"));
    EXPECT_EQ(client.answer().body, "later");
}

TEST(Server, TellsTheHandlerThatTheClientHasGone) {
    std::atomic<bool> noticed = false;
    std::atomic<bool> asked = false;
    std::thread worker;
    LoopbackServer server([&](Request& request) -> Reply<Response> {
        Completer<Response> completer;
        worker = std::thread([&noticed, &request, completer] {
            noticed = eventually([&] { return request.disconnected(); });
            completer.complete(text_response("nobody reads this"));
        });
        asked = true;
        return completer.reply();
    });
    {
        RawClient client = server.connect();
        client.send(get("/"));
        ASSERT_TRUE(eventually([&] { return asked.load(); }));
    }
    EXPECT_TRUE(eventually([&] { return server.server().stats().open == 0; }));
    worker.join();
    EXPECT_TRUE(noticed);
}

TEST(Server, ServesOnEveryThread) {
    std::mutex mutex;
    std::map<std::thread::id, int> threads;
    ServerOptions options;
    options.threads = 2;
    std::atomic<int> started = 0;
    std::atomic<int> stopped = 0;
    options.on_thread_start = [&](unsigned) { ++started; };
    options.on_thread_stop = [&](unsigned) { ++stopped; };
    {
        LoopbackServer server(
            [&](Request&) -> Reply<Response> {
                EXPECT_NE(Executor::current(), nullptr);
                const std::lock_guard lock(mutex);
                ++threads[std::this_thread::get_id()];
                return text_response("x");
            },
            options);
        for (int i = 0; i < 64; ++i) EXPECT_EQ(server.connect().ask(get("/")).status, 200);
    }
    EXPECT_EQ(threads.size(), 2U);
    EXPECT_EQ(started, 2);
    EXPECT_EQ(stopped, 2);
}

TEST(Server, SaysWhyItCanNotStart) {
    LoopbackServer first;
    FunctionHandler handler(describe);
    ServerOptions options;
    options.port = first.port();
    const Status taken = Server(options, handler).start();
    ASSERT_FALSE(taken.ok());
    EXPECT_NE(taken.error().message.find(std::to_string(first.port())), std::string::npos);
    options.address = "nowhere.example";
    EXPECT_FALSE(Server(options, handler).start().ok());
    options.address = "203.0.113.7";
    EXPECT_FALSE(Server(options, handler).start().ok());
}

}  // namespace
}  // namespace credvault::http
