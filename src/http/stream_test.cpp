// Responses made piece by piece, server-sent events, back-pressure, and content codings.
#include <gtest/gtest.h>

#include <mutex>

#include "http/decode_fixture.h"
#include "http/loopback_fixture.h"

namespace credvault::http {
namespace {

/// Gives pieces of the same size, counting how many were asked for; fails after `fail_after` of them.
class CountedSource final : public BodySource {
public:
    CountedSource(std::size_t pieces, std::size_t size, std::atomic<int>& asked,
                  std::size_t fail_after = SIZE_MAX)
        : pieces_(pieces), size_(size), asked_(asked), fail_after_(fail_after) {}
    Reply<std::string> next() override {
        ++asked_;
        if (fail_after_-- == 0) return Error(ErrorCode::INTERNAL);
        if (pieces_ == 0) return std::string();
        --pieces_;
        return std::string(size_, static_cast<char>('a' + pieces_ % 26));
    }

private:
    std::size_t pieces_;
    std::size_t size_;
    std::atomic<int>& asked_;
    std::size_t fail_after_;
};

Response stream_response(std::unique_ptr<BodySource> source, std::string_view type = "text/plain") {
    Response response;
    response.content_type = type;
    response.stream = std::move(source);
    return response;
}

std::string expected(std::size_t pieces, std::size_t size) {
    std::string all;
    while (pieces-- > 0) all.append(size, static_cast<char>('a' + pieces % 26));
    return all;
}

TEST(Stream, IsSentChunked) {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](Request& request) -> Reply<Response> {
        const std::size_t size = request.path == "/large" ? 100'000 : 10;
        return stream_response(std::make_unique<CountedSource>(50, size, asked));
    });
    RawClient client = server.connect();
    for (const auto& [path, size] : {std::pair("/small", 10UL), std::pair("/large", 100'000UL)}) {
        const Answer answer = client.ask(get(path));
        EXPECT_EQ(answer.field("transfer-encoding"), "chunked");
        EXPECT_EQ(answer.field("content-length"), "");
        EXPECT_TRUE(answer.whole);
        EXPECT_TRUE(answer.body == expected(50, size));
    }
}

TEST(Stream, EndsWithTheConnectionForHttp10) {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](Request&) -> Reply<Response> {
        return stream_response(std::make_unique<CountedSource>(50, 1000, asked));
    });
    RawClient client = server.connect();
    const Answer answer = client.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(answer.field("transfer-encoding"), "");
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(answer.whole);
    EXPECT_TRUE(answer.body == expected(50, 1000));
}

TEST(Stream, IsNotMadeForHead) {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](Request&) -> Reply<Response> {
        return stream_response(std::make_unique<CountedSource>(5, 10, asked));
    });
    RawClient client = server.connect();
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.answer(true).field("transfer-encoding"), "chunked");
    EXPECT_EQ(asked, 0);
    EXPECT_EQ(client.ask(get("/")).body, expected(5, 10));
}

TEST(Stream, BrokenOffIsNotTakenForWhole) {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](Request&) -> Reply<Response> {
        return stream_response(std::make_unique<CountedSource>(50, 100'000, asked, 3));
    });
    EXPECT_FALSE(server.connect().ask(get("/")).whole);
    // Without chunks the end must be a reset.
    RawClient old = server.connect();
    old.send("GET / HTTP/1.0\r\n\r\n");
    char bytes[4096];
    ssize_t got = 0;
    while ((got = ::recv(old.descriptor(), bytes, sizeof bytes, 0)) > 0) {
    }
    EXPECT_EQ(got, -1);
    EXPECT_EQ(errno, ECONNRESET);
}

TEST(Stream, IsMadeNoFasterThanItIsTaken) {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](Request&) -> Reply<Response> {
        return stream_response(std::make_unique<CountedSource>(1000, 100'000, asked));
    });
    RawClient client = server.connect();
    client.send(get("/"));
    // 100 MB do not fit the socket buffers: the source is left alone once they are full.
    ASSERT_TRUE(eventually([&] { return asked > 0; }));
    int before = -1;
    ASSERT_TRUE(eventually([&] {
        const int now = asked;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return std::exchange(before, now) == now;
    }));
    EXPECT_LT(asked, 500);
    EXPECT_TRUE(client.answer().body == expected(1000, 100'000));
}

TEST(Stream, LetsOthersHaveTheirTurn) {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](Request& request) -> Reply<Response> {
        if (request.path == "/quick") return text_response("quick");
        return stream_response(std::make_unique<CountedSource>(100'000'000, 40'000, asked));
    });
    RawClient endless = server.connect();
    endless.send(get("/endless"));
    std::atomic<bool> over = false;
    std::thread reader([&] {
        char bytes[65536];
        while (!over && ::recv(endless.descriptor(), bytes, sizeof bytes, 0) > 0) {
        }
        endless.close();
    });
    ASSERT_TRUE(eventually([&] { return asked > 10; }));
    RawClient quick = server.connect();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(quick.ask(get("/quick")).body, "quick");
    over = true;
    reader.join();
}

/// Events as a test gives them, from its own thread.
class EventSource final : public BodySource {
public:
    struct Shared {
        std::mutex mutex;
        std::optional<Completer<std::string>> waiting;
        std::atomic<bool> abandoned = false;
        std::atomic<bool> destroyed = false;

        bool waits() {
            const std::lock_guard lock(mutex);
            return waiting.has_value();
        }
        bool give(std::string event) {
            const std::lock_guard lock(mutex);
            if (!waiting) return false;
            waiting->complete(std::move(event));
            waiting.reset();
            return true;
        }
    };
    explicit EventSource(Shared& shared) : shared_(shared) {}
    ~EventSource() override { shared_.destroyed = true; }
    Reply<std::string> next() override {
        const std::lock_guard lock(shared_.mutex);
        if (shared_.abandoned) return std::string();
        return shared_.waiting.emplace().reply();
    }
    void abandon() override {
        shared_.abandoned = true;
        shared_.give("");
    }

private:
    Shared& shared_;
};

LoopbackServer event_server(EventSource::Shared& shared) {
    return LoopbackServer([&shared](Request&) -> Reply<Response> {
        Response response = stream_response(std::make_unique<EventSource>(shared), "text/event-stream");
        response.flush_each = true;
        return response;
    });
}

const std::string events_request = "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n";

TEST(Events, ArriveEachAtOnceAndUncompressed) {
    EventSource::Shared shared;
    LoopbackServer server = event_server(shared);
    RawClient client = server.connect();
    client.send(events_request);
    ASSERT_TRUE(eventually([&] { return shared.give("data: 1\n\n"); }));
    const Answer answer = client.answer_head();
    EXPECT_EQ(answer.field("content-type"), "text/event-stream");
    EXPECT_EQ(answer.field("content-encoding"), "");
    EXPECT_EQ(client.chunk(), "data: 1\n\n");
    for (int i = 2; i < 5; ++i) {
        const std::string event = "data: " + std::to_string(i) + "\n\n";
        ASSERT_TRUE(eventually([&] { return shared.give(event); }));
        EXPECT_EQ(client.chunk(), event);
    }
    ASSERT_TRUE(eventually([&] { return shared.give(""); }));
    EXPECT_EQ(client.chunk(), "");
    EXPECT_TRUE(eventually([&] { return shared.destroyed.load(); }));
    // The connection is as good as new.
    client.send(events_request);
    EXPECT_TRUE(eventually([&] { return shared.give("x"); }));
}

TEST(Events, EndWhenTheClientGoes) {
    EventSource::Shared shared;
    LoopbackServer server = event_server(shared);
    {
        RawClient client = server.connect();
        client.send(events_request);
        ASSERT_TRUE(eventually([&] { return shared.give("data: 1\n\n"); }));
        client.answer_head();
        EXPECT_EQ(client.chunk(), "data: 1\n\n");
        ASSERT_TRUE(eventually([&] { return shared.waits(); }));
    }
    EXPECT_TRUE(eventually([&] { return shared.destroyed.load(); }));
    EXPECT_TRUE(shared.abandoned);
    EXPECT_TRUE(eventually([&] { return server.server().stats().open == 0; }));
}

TEST(Events, EndWhenTheServerStops) {
    EventSource::Shared shared;
    LoopbackServer server = event_server(shared);
    RawClient client = server.connect();
    client.send(events_request);
    ASSERT_TRUE(eventually([&] { return shared.give("data: 1\n\n"); }));
    server.server().stop();
    EXPECT_TRUE(shared.destroyed);
    EXPECT_EQ(client.answer().body, "data: 1\n\n");
    EXPECT_TRUE(client.closed());
}

TEST(Stream, IsSentWholeToAClientThatHasFinishedSending) {
    EventSource::Shared shared;
    LoopbackServer server(
        [&](Request&) -> Reply<Response> { return stream_response(std::make_unique<EventSource>(shared)); });
    RawClient client = server.connect();
    client.send(get("/"));
    client.shutdown_send();
    for (const std::string piece : {"one", "two", ""}) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ASSERT_TRUE(eventually([&] { return shared.give(piece); }));
    }
    const Answer answer = client.answer();
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.body, "onetwo");
    EXPECT_FALSE(shared.abandoned);
}

TEST(Stream, IsAbandonedWhenTheConnectionBreaks) {
    EventSource::Shared shared;
    LoopbackServer server(
        [&](Request&) -> Reply<Response> { return stream_response(std::make_unique<EventSource>(shared)); });
    RawClient client = server.connect();
    client.send(get("/"));
    ASSERT_TRUE(eventually([&] { return shared.waits(); }));
    client.reset();
    EXPECT_TRUE(eventually([&] { return shared.destroyed.load(); }));
    EXPECT_TRUE(shared.abandoned);
}

std::string json_text(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += "{\"n\":" + std::to_string(i * 7919) + "}\n";
    text.resize(size);
    return text;
}

std::string get_accepting(const std::string& path, const std::string& codings,
                          const std::string& method = "GET") {
    return method + " " + path + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + codings + "\r\n\r\n";
}

Reply<Response> sized(Request& request) {
    Response response;
    response.body = json_text(std::stoul(std::string(request.path.substr(1))));
    if (request.query == "png") response.content_type = "image/png";
    if (request.query == "encoded") response.fields.add("Content-Encoding", "br");
    return response;
}

TEST(Coding, RoundTrips) {
    LoopbackServer server(sized);
    RawClient client = server.connect();
    for (const std::string coding : {"gzip", "zstd"}) {
        for (const std::size_t size : {1024UL, 50'000UL, 262'144UL, 262'145UL, 3'000'000UL}) {
            const Answer answer = client.ask(get_accepting("/" + std::to_string(size), coding));
            EXPECT_EQ(answer.field("content-encoding"), coding);
            EXPECT_EQ(answer.field("vary"), "Accept-Encoding");
            EXPECT_LT(answer.body.size(), size);
            EXPECT_TRUE(decode_body(coding, answer.body) == json_text(size)) << coding << size;
        }
    }
}

TEST(Coding, OfStreamsRoundTrips) {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](Request&) -> Reply<Response> {
        return stream_response(std::make_unique<CountedSource>(30, 200'000, asked));
    });
    RawClient client = server.connect();
    for (const std::string coding : {"gzip", "zstd"}) {
        const Answer answer = client.ask(get_accepting("/", coding));
        EXPECT_EQ(answer.field("content-encoding"), coding);
        EXPECT_TRUE(decode_body(coding, answer.body) == expected(30, 200'000));
    }
}

TEST(Coding, IsUsedOnlyWhereItHelps) {
    LoopbackServer server(sized);
    RawClient client = server.connect();
    const Answer small = client.ask(get_accepting("/1023", "gzip"));
    EXPECT_EQ(small.field("content-encoding"), "");
    EXPECT_EQ(small.field("vary"), "");
    EXPECT_TRUE(small.body == json_text(1023));
    const Answer image = client.ask(get_accepting("/5000?png", "gzip"));
    EXPECT_EQ(image.field("content-encoding"), "");
    const Answer encoded = client.ask(get_accepting("/5000?encoded", "gzip"));
    EXPECT_EQ(encoded.field("content-encoding"), "br");
    EXPECT_TRUE(encoded.body == json_text(5000));
    const Answer unwanted = client.ask(get_accepting("/5000", "gzip;q=0, identity"));
    EXPECT_EQ(unwanted.field("content-encoding"), "");
    EXPECT_EQ(unwanted.field("vary"), "Accept-Encoding");
    const Answer silent = client.ask(get("/5000"));
    EXPECT_EQ(silent.field("vary"), "Accept-Encoding");
    EXPECT_TRUE(silent.body == json_text(5000));
}

TEST(Coding, HoldsForHeadAndOldClients) {
    LoopbackServer server(sized);
    RawClient client = server.connect();
    for (const std::string path : {"/5000", "/300000"}) {
        const Answer full = client.ask(get_accepting(path, "gzip"));
        client.send(get_accepting(path, "gzip", "HEAD"));
        EXPECT_EQ(client.answer(true).head, full.head);
    }
    RawClient old = server.connect();
    const Answer answer = old.ask("GET /300000 HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
    EXPECT_TRUE(answer.body == json_text(300'000));
}

}  // namespace
}  // namespace credvault::http
