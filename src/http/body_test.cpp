// Request bodies: whole and in pieces, announced and chunked, refused, slow and unread.
#include <gtest/gtest.h>

#include "http/loopback_fixture.h"

namespace credvault::http {
namespace {

const std::string chunked_head = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string pattern(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * 7 % 26 + i / 1000 % 3);
    return text;
}

std::string chunks(std::string_view body, std::size_t step) {
    std::string text;
    char size[24];
    while (!body.empty()) {
        const std::string_view piece = body.substr(0, step);
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        text.append(size).append(piece).append("\r\n");
        body.remove_prefix(piece.size());
    }
    return text + "0\r\n\r\n";
}

Reply<Response> echo(Request& request) {
    auto body = co_await request.body(8 * 1024 * 1024);
    if (!body.ok()) co_return std::move(body).error();
    co_return text_response(std::string(*body));
}

/// Reads in pieces; the target, looked at last, must still be there.
Reply<Response> echo_pieces(Request& request) {
    std::string all;
    while (true) {
        auto piece = co_await request.read_some();
        if (!piece.ok()) co_return std::move(piece).error();
        if (piece->empty()) break;
        all.append(*piece);
    }
    co_return text_response(std::string(request.target) + all);
}

Reply<Response> ignore(Request&) { return text_response("ignored"); }

TEST(Body, ArrivesWholeWhateverItsSize) {
    LoopbackServer server(echo);
    RawClient client = server.connect();
    for (const std::size_t size : {0UL, 1UL, 300UL, 16'000UL, 32'767UL, 32'768UL, 70'000UL, 5'000'000UL}) {
        const std::string body = pattern(size);
        EXPECT_TRUE(client.ask(post("/", body)).body == body) << size;
        EXPECT_TRUE(client.ask(chunked_head + chunks(body, 1 + size / 7)).body == body) << size;
    }
}

TEST(Body, ArrivesInPieces) {
    LoopbackServer server(echo_pieces);
    RawClient client = server.connect();
    for (const std::size_t size : {0UL, 1UL, 300UL, 16'000UL, 32'768UL, 500'000UL}) {
        const std::string body = pattern(size);
        EXPECT_TRUE(client.ask(post("/x", body)).body == "/x" + body) << size;
        EXPECT_TRUE(client.ask(chunked_head + chunks(body, 1 + size / 5)).body == "/c" + body) << size;
    }
}

TEST(Body, MayBeCutAtEveryOffset) {
    for (const auto& handler : {echo, echo_pieces}) {
        LoopbackServer server(handler);
        RawClient client = server.connect();
        const std::string text = chunked_head + "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: u\r\n\r\n";
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
            client.send(std::string_view(text).substr(0, cut));
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            client.send(std::string_view(text).substr(cut));
            EXPECT_TRUE(client.answer().body.ends_with("hello world")) << cut;
        }
        client.send_bytewise(text + text);
        EXPECT_TRUE(client.answer().body.ends_with("hello world"));
        EXPECT_TRUE(client.answer().body.ends_with("hello world"));
    }
}

TEST(Body, IsFollowedByThePipelinedRequest) {
    LoopbackServer server(echo);
    RawClient client = server.connect();
    // Heads and bodies of all sizes move through the read buffer, so that some begin near its end.
    std::string all;
    for (std::size_t i = 0; i < 200; ++i) {
        const std::string body = pattern(i * 97);
        all += i % 2 == 0 ? post("/", body) : chunked_head + chunks(body, 1000);
    }
    std::thread sender([&] { client.send(all); });
    for (std::size_t i = 0; i < 200; ++i) EXPECT_TRUE(client.answer().body == pattern(i * 97)) << i;
    sender.join();
}

TEST(Body, IsBounded) {
    ServerOptions options;
    options.limits.body_bytes = 1000;
    LoopbackServer server(echo, options);
    EXPECT_EQ(server.connect().ask(post("/", pattern(1000))).status, 200);
    EXPECT_EQ(server.connect().ask(chunked_head + chunks(pattern(1000), 100)).status, 200);
    // Refused by its announcement, before anything of it has come.
    RawClient client = server.connect();
    const Answer answer = client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(client.closed());
    RawClient chunked = server.connect();
    EXPECT_EQ(chunked.ask(chunked_head + chunks(pattern(1001), 100)).status, 413);
    EXPECT_TRUE(chunked.closed());
}

TEST(Body, OfAllConnectionsTogetherIsBounded) {
    ServerOptions options;
    options.limits.body_memory_bytes = 200'000;
    LoopbackServer server(echo, options);
    const std::string large = pattern(150'000);
    const std::string text = post("/", large);
    for (const std::string& second : {text, chunked_head + chunks(large, 10'000)}) {
        RawClient holder = server.connect();
        holder.send(std::string_view(text).substr(0, text.size() - 1));
        ASSERT_TRUE(eventually([&] { return server.server().stats().body_memory == large.size(); }));
        RawClient refused = server.connect();
        const Answer answer = refused.ask(second);
        EXPECT_EQ(answer.status, 503);
        EXPECT_EQ(answer.field("retry-after"), "1");
        EXPECT_TRUE(refused.closed());
        // Small ones pass, even where they come in two parts.
        RawClient small = server.connect();
        const std::string body = pattern(16 * 1024);
        const std::string two = post("/", body);
        small.send(std::string_view(two).substr(0, 100));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        small.send(std::string_view(two).substr(100));
        EXPECT_TRUE(small.answer().body == body);
        holder.send(std::string_view(text).substr(text.size() - 1));
        EXPECT_TRUE(holder.answer().body == large);
        ASSERT_TRUE(eventually([&] { return server.server().stats().body_memory == 0; }));
        EXPECT_TRUE(server.connect().ask(second).body == large);
    }
}

TEST(Body, ThatBreaksOffGivesItsMemoryBack) {
    LoopbackServer server(echo);
    {
        RawClient client = server.connect();
        const std::string text = post("/", pattern(1'000'000));
        client.send(std::string_view(text).substr(0, 900'000));
        ASSERT_TRUE(eventually([&] { return server.server().stats().body_memory >= 800'000; }));
        // A body that is only announced takes little.
        RawClient announcing = server.connect();
        announcing.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
        ASSERT_TRUE(eventually([&] { return server.server().stats().requests == 2; }));
        EXPECT_LE(server.server().stats().body_memory, 1'000'000U + 64 * 1024);
    }
    EXPECT_TRUE(eventually([&] { return server.server().stats().body_memory == 0; }));
}

TEST(Body, IsRefusedAlthoughItIsStillBeingSent) {
    LoopbackServer server(echo);
    RawClient client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 17000000\r\n\r\n");
    // The answer must get through although these bytes are never read by the handler.
    client.send(pattern(500'000));
    EXPECT_EQ(client.answer().status, 413);
}

TEST(Body, IsRefusedWhereItIsMalformed) {
    LoopbackServer server(echo);
    for (const char* body :
         {"x\r\n", "5\r\nhelloX", "5\nhello\r\n0\r\n\r\n", "ffffffffffffffffff\r\n", "0\r\nbad\r\n\r\n"}) {
        RawClient client = server.connect();
        EXPECT_EQ(client.ask(chunked_head + body).status, 400) << body;
        EXPECT_TRUE(client.closed());
    }
}

TEST(Body, IsRefusedWhereItBreaksOff) {
    LoopbackServer server(echo);
    for (const std::string& text :
         {std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello"),
          chunked_head + "5\r\nhel", chunked_head + "5\r\nhello\r\n"}) {
        RawClient client = server.connect();
        client.send(text);
        client.shutdown_send();
        EXPECT_EQ(client.answer().status, 400);
        EXPECT_TRUE(client.closed());
    }
}

TEST(Body, UnreadIsDroppedWhereItIsSmall) {
    LoopbackServer server(ignore);
    RawClient client = server.connect();
    client.send(post("/", pattern(100)) + chunked_head + chunks(pattern(50'000), 700) + get("/"));
    for (int i = 0; i < 3; ++i) {
        const Answer answer = client.answer();
        EXPECT_EQ(answer.body, "ignored");
        EXPECT_EQ(answer.field("connection"), "");
    }
}

TEST(Body, UnreadEndsTheConnectionWhereItIsLarge) {
    LoopbackServer server(ignore);
    RawClient client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + pattern(300'000));
    const Answer answer = client.answer();
    EXPECT_EQ(answer.body, "ignored");
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(client.closed());
    // Nothing tells how long a chunked one is.
    RawClient chunked = server.connect();
    std::thread sender([&] { chunked.send(chunked_head + chunks(pattern(2'000'000), 10'000)); });
    EXPECT_EQ(chunked.answer().body, "ignored");
    EXPECT_TRUE(chunked.closed());
    sender.join();
}

const std::string expecting =
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

TEST(Body, IsAskedForByContinue) {
    LoopbackServer server(echo);
    RawClient client = server.connect();
    EXPECT_EQ(client.ask(expecting).status, 100);
    EXPECT_EQ(client.ask("hello").body, "hello");
    // A client that does not wait needs no 100.
    EXPECT_EQ(client.ask(expecting + "again").body, "again");
}

TEST(Body, NotAskedForGetsTheFinalAnswerAtOnce) {
    LoopbackServer server(ignore);
    RawClient client = server.connect();
    const Answer answer = client.ask(expecting);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("connection"), "close");
    EXPECT_TRUE(client.closed());
    ServerOptions options;
    options.limits.body_bytes = 4;
    LoopbackServer strict(echo, options);
    EXPECT_EQ(strict.connect().ask(expecting).status, 413);
}

TEST(Body, MustNotTrickle) {
    ServerOptions options;
    options.limits.body_grace_ms = 100;
    options.limits.least_body_rate = 100'000;
    for (const auto& handler : {echo, echo_pieces, ignore}) {
        LoopbackServer server(handler, options);
        RawClient client = server.connect();
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
        std::atomic<bool> over = false;
        std::thread sender([&] {
            while (!over && client.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        });
        EXPECT_EQ(client.answer().status, handler == ignore ? 200 : 408);
        EXPECT_TRUE(client.closed());
        over = true;
        sender.join();
    }
}

TEST(Body, MayTakeLongWhileItKeepsTheRate) {
    ServerOptions options;
    options.limits.body_grace_ms = 50;
    options.limits.least_body_rate = 1000;
    LoopbackServer server(echo, options);
    RawClient client = server.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n");
    for (int i = 0; i < 8; ++i) {
        client.send(pattern(500));
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    EXPECT_EQ(client.answer().status, 200);
}

TEST(Body, TimeTheHandlerTakesIsNotTheClients) {
    ServerOptions options;
    options.limits.body_grace_ms = 60;
    LoopbackServer server(
        [](Request& request) -> Reply<Response> {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            return echo(request);
        },
        options);
    RawClient client = server.connect();
    const std::string body = pattern(100'000);
    EXPECT_TRUE(client.ask(post("/", body)).body == body);
}

}  // namespace
}  // namespace credvault::http
