#include "api/pipeline.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "access/system.h"
#include "api/fixture.h"

namespace credvault::api {
namespace {

using http::Method;

struct Ask {
    std::string_view how;
    static Fields fields() { return {path(&Ask::how, "how", {.description = "What to do."})}; }
};

struct Note {
    std::string text;
    static Fields fields() { return {body(&Note::text, "text", {})}; }
};

Reply<Versioned<Note>> later(std::string_view how) {
    Completer<int> completer;
    std::thread([completer] { completer.complete(1); }).detach();
    CO_TRY_VOID(co_await completer.reply());
    if (how == "throw-later") throw std::runtime_error("thrown later");
    co_return Versioned<Note>{{"later " + std::string(how)}, "\"l\""};
}

Reply<Versioned<Note>> answer(Context& context, const Ask& ask) {
    if (ask.how == "throw") throw std::runtime_error("thrown at once");
    if (ask.how == "internal") return Error(ErrorCode::INTERNAL, {}, {}, "SELECT * FROM secrets");
    if (ask.how.starts_with("later") || ask.how == "throw-later") return later(ask.how);
    return Versioned<Note>{{std::string(context.actor())}, "\"v1\""};
}

const Endpoint get_note = Operation<Ask, Versioned<Note>>{.id = "getNote",
                                                          .method = Method::Get,
                                                          .path = "/v1/notes/{how}",
                                                          .tag = "Notes",
                                                          .summary = "A note",
                                                          .scope = Scope::DatabaseRead,
                                                          .rate = RateClass::Standard,
                                                          .run = answer};

const Endpoint remove_note =
    Operation<Ask, NoContent>{.id = "removeNote",
                              .method = Method::Delete,
                              .path = "/v1/notes/{how}",
                              .tag = "Notes",
                              .summary = "No note",
                              .scope = Scope::BillingManage,
                              .rate = RateClass::Standard,
                              .run = [](Context&, const Ask&) -> Reply<NoContent> { return NoContent(); }};

struct Write {
    json::View note;
    static Fields fields() { return {document(&Write::note, {.description = "Anything."})}; }
};

const Endpoint write_note = Operation<Write, Created<Raw<AnyJson>>>{
    .id = "writeNote",
    .method = Method::Post,
    .path = "/v1/notes",
    .tag = "Notes",
    .summary = "Write a note",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Standard,
    .run = [](Context&, const Write& write) -> Reply<Created<Raw<AnyJson>>> {
        return Created<Raw<AnyJson>>{{std::string(write.note.text())}, "/v1/notes/1", ""};
    }};

class Pipe : public testing::Test {
protected:
    Seen get(std::string_view target, std::vector<http::Field> fields = {}, Method method = Method::Get) {
        FakeRequest request(method, target);
        request.with("Authorization", test_authorization);
        for (const http::Field& field : fields) request.with(field.name, field.value);
        return backend.send(request);
    }
    Seen post(std::string_view body, std::string_view type) {
        FakeRequest request(Method::Post, "/v1/notes");
        request.with("Authorization", test_authorization).with_body(body, type);
        return backend.send(request);
    }

    std::string logged;
    AccessLog log{[this](std::string_view lines) { logged.append(lines); }};
    Backend backend{{&get_note, &remove_note, &write_note, &get_health},
                    {.body_bytes = 1000, .cors_origins = {"https://app.example"}},
                    &log};
};

TEST_F(Pipe, AnswersInTheEnvelope) {
    const Seen seen = get("/v1/notes/now");
    EXPECT_EQ(seen.status(), 200);
    EXPECT_EQ(seen.response.body, R"({"status":"success","data":{"text":"key_environment"}})");
    EXPECT_EQ(seen.fields.at("ETag"), "\"v1\"");
    EXPECT_EQ(seen.fields.at("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(seen.fields.at("Cache-Control"), "private, no-cache");
    EXPECT_TRUE(seen.fields.at("X-Request-Id").starts_with("req_"));
}

TEST_F(Pipe, AnswersThatComeLaterAreTheSame) {
    EXPECT_EQ(get("/v1/notes/later1").data(), R"({"text":"later later1"})");
    EXPECT_EQ(get("/v1/notes/later2").data(), R"({"text":"later later2"})");
}

TEST_F(Pipe, TheClientsRequestIdIsKept) {
    EXPECT_EQ(get("/v1/notes/now", {{"X-Request-Id", "client-id-1"}}).fields.at("X-Request-Id"),
              "client-id-1");
    EXPECT_NE(get("/v1/notes/now", {{"X-Request-Id", "no good"}}).fields.at("X-Request-Id"), "no good");
}

TEST_F(Pipe, WithoutAValidCredentialItIs401) {
    for (const std::string_view authorization :
         {"", "ApiKey", "ApiKey wrong-key-0123456789-0123456789-abcd", "Basic dXNlcjpwYXNz",
          "ApiKey test-key-0123456789-0123456789-abcdeg"}) {
        FakeRequest request(Method::Get, "/v1/notes/now");
        if (!authorization.empty()) request.with("Authorization", authorization);
        const Seen seen = backend.send(request);
        EXPECT_EQ(seen.status(), 401) << authorization;
        EXPECT_EQ(seen.code(), "UNAUTHENTICATED");
        EXPECT_TRUE(seen.fields.contains("WWW-Authenticate"));
        EXPECT_EQ(seen.text("request_id"), seen.fields.at("X-Request-Id"));
    }
    FakeRequest bearer(Method::Get, "/v1/notes/now");
    EXPECT_EQ(
        backend.send(bearer.with("authorization", "bearer test-key-0123456789-0123456789-abcdef")).status(),
        200);
}

TEST_F(Pipe, PublicCallsNeedNoneAndMindNoWrongOne) {
    FakeRequest bare(Method::Get, "/healthz");
    EXPECT_EQ(backend.send(bare).data(), R"({"healthy":true})");
    FakeRequest wrong(Method::Get, "/healthz");
    EXPECT_EQ(backend.send(wrong.with("Authorization", "Basic x")).status(), 200);
}

TEST_F(Pipe, AMissingScopeIs403AndNamed) {
    storage::WriteBatch batch;
    batch.database = access::system_database;
    const std::string key =
        R"({"id":"key_reader","workspace":"w","status":"active","scopes":["database:read"],"hash":")" +
        access::hex_of(access::digest_of("reader-key-0123456789-0123456789-abcd")) + "\"}";
    batch.operations.push_back(storage::InsertRecord{access::api_keys_collection, key});
    ASSERT_TRUE(backend.loop.wait(backend.engine.write(batch)).ok());
    ASSERT_TRUE(backend.loop.wait(backend.set.keys.load()).ok());
    FakeRequest allowed(Method::Get, "/v1/notes/now");
    EXPECT_EQ(
        backend.send(allowed.with("Authorization", "ApiKey reader-key-0123456789-0123456789-abcd")).status(),
        200);
    FakeRequest refused(Method::Delete, "/v1/notes/now");
    const Seen seen =
        backend.send(refused.with("Authorization", "ApiKey reader-key-0123456789-0123456789-abcd"));
    EXPECT_EQ(seen.status(), 403);
    EXPECT_EQ(seen.code(), "FORBIDDEN");
    EXPECT_NE(seen.text("message").find("billing:manage"), std::string::npos);
}

TEST_F(Pipe, UnknownPathsAndMethods) {
    EXPECT_EQ(get("/v1/nowhere").code(), "NOT_FOUND");
    const Seen seen = get("/v1/notes/now", {}, Method::Put);
    EXPECT_EQ(seen.status(), 405);
    EXPECT_EQ(seen.fields.at("Allow"), "GET, HEAD, DELETE, OPTIONS");
}

TEST_F(Pipe, OptionsAndPreflight) {
    const Seen plain = get("/v1/notes/now", {}, Method::Options);
    EXPECT_EQ(plain.status(), 204);
    EXPECT_EQ(plain.fields.at("Allow"), "GET, HEAD, DELETE, OPTIONS");
    EXPECT_FALSE(plain.fields.contains("Access-Control-Allow-Methods"));
    EXPECT_EQ(get("*", {}, Method::Options).status(), 204);
    EXPECT_EQ(get("/v1/nowhere", {}, Method::Options).status(), 404);

    FakeRequest preflight(Method::Options, "/v1/notes/now");
    const Seen seen = backend.send(
        preflight.with("Origin", "https://app.example").with("Access-Control-Request-Method", "DELETE"));
    EXPECT_EQ(seen.status(), 204);
    EXPECT_EQ(seen.fields.at("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_NE(seen.fields.at("Access-Control-Allow-Headers").find("Authorization"), std::string::npos);
    FakeRequest stranger(Method::Options, "/v1/notes/now");
    const Seen refused = backend.send(
        stranger.with("Origin", "https://evil.example").with("Access-Control-Request-Method", "DELETE"));
    EXPECT_FALSE(refused.fields.contains("Access-Control-Allow-Origin"));
    EXPECT_FALSE(refused.fields.contains("Access-Control-Allow-Methods"));
}

TEST_F(Pipe, OriginsThatAreConfiguredMayRead) {
    const Seen seen = get("/v1/notes/now", {{"Origin", "https://app.example"}});
    EXPECT_EQ(seen.fields.at("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(seen.fields.at("Vary"), "Origin");
    EXPECT_FALSE(get("/v1/notes/now", {{"Origin", "https://app.example.evil"}})
                     .fields.contains("Access-Control-Allow-Origin"));
}

TEST_F(Pipe, BodiesNeedTheirType) {
    EXPECT_EQ(post("{}", "application/json").status(), 201);
    EXPECT_EQ(post("{}", "Application/JSON; charset=\"UTF-8\"").status(), 201);
    for (const std::string_view type : {"", "text/plain", "application/jsonp",
                                        "application/json; charset=latin1", "json", "application/x-ndjson"}) {
        const Seen seen = post("{}", type);
        EXPECT_EQ(seen.status(), 415) << type;
        EXPECT_EQ(seen.text("field"), "Content-Type");
    }
    FakeRequest coded(Method::Post, "/v1/notes");
    coded.with("Authorization", test_authorization).with("Content-Encoding", "gzip").with_body("{}");
    EXPECT_EQ(backend.send(coded).status(), 415);
}

TEST_F(Pipe, AContentTypeWithoutABodyIsNeverWrong) {
    EXPECT_EQ(get("/v1/notes/now", {{"Content-Type", "text/plain"}}).status(), 200);
    EXPECT_EQ(post("", "text/plain").code(), "MISSING_PARAMETER");
}

TEST_F(Pipe, ABodyWhereNoneIsTakenMustSayNothing) {
    FakeRequest empty(Method::Delete, "/v1/notes/now");
    EXPECT_EQ(backend.send(empty.with("Authorization", test_authorization).with_body(" {} ")).status(), 204);
    FakeRequest full(Method::Delete, "/v1/notes/now");
    const Seen seen =
        backend.send(full.with("Authorization", test_authorization).with_body(R"({"all":true})"));
    EXPECT_EQ(seen.status(), 400);
    EXPECT_EQ(seen.text("field"), "body");
}

TEST_F(Pipe, BodiesAreBounded) {
    EXPECT_EQ(post('"' + std::string(998, 'x') + '"', "application/json").status(), 201);
    EXPECT_EQ(post('"' + std::string(999, 'x') + '"', "application/json").status(), 413);
}

TEST_F(Pipe, LargeBodiesAreParsedOnThePool) {
    WorkerPool pool({.name = "bodies", .threads = 1});
    Pipeline pipeline({&write_note}, {backend.set.services, backend.limits, backend.counters, nullptr, &pool},
                      {.pool_body_bytes = 10});
    FakeRequest good(Method::Post, "/v1/notes");
    good.with("Authorization", test_authorization).with_body(R"([1, 2, 3, 4, 5, 6])");
    EXPECT_EQ(Seen(*backend.loop.wait(pipeline.handle(good))).data(), "[1,2,3,4,5,6]");
    FakeRequest bad(Method::Post, "/v1/notes");
    bad.with("Authorization", test_authorization).with_body(R"([1, 2, 3, 4, 5, 6)");
    EXPECT_EQ(Seen(*backend.loop.wait(pipeline.handle(bad))).code(), "MALFORMED_JSON");
}

TEST_F(Pipe, AcceptIsHeeded) {
    for (const std::string_view fine :
         {"*/*", "application/json", "application/*;q=0.5", "text/html, */*;q=0.1"}) {
        EXPECT_EQ(get("/v1/notes/now", {{"Accept", fine}}).status(), 200) << fine;
    }
    EXPECT_EQ(get("/v1/notes/now", {{"Accept", "text/html"}}).status(), 406);
    EXPECT_EQ(get("/v1/notes/now", {{"Accept", "application/json;q=0"}}).status(), 406);
}

TEST_F(Pipe, ReadsAreConditional) {
    const Seen same = get("/v1/notes/now", {{"If-None-Match", "\"x\", W/\"v1\""}});
    EXPECT_EQ(same.status(), 304);
    EXPECT_EQ(same.response.body, "");
    EXPECT_EQ(same.fields.at("ETag"), "\"v1\"");
    EXPECT_EQ(get("/v1/notes/now", {{"If-None-Match", "*"}}, Method::Head).status(), 304);
    EXPECT_EQ(get("/v1/notes/now", {{"If-None-Match", "\"x\""}}).status(), 200);
    EXPECT_EQ(get("/v1/notes/now", {{"If-Match", "\"v1\""}}).status(), 200);
    EXPECT_EQ(get("/v1/notes/now", {{"If-Match", "W/\"v1\""}}).status(), 412);
    EXPECT_EQ(get("/v1/notes/now", {{"If-Match", "\"x\""}}).text("field"), "If-Match");
    EXPECT_EQ(get("/v1/notes/now", {{"If-None-Match", "nonsense"}}).status(), 400);
}

TEST_F(Pipe, WhatIsThrownBecomes500AndStaysInside) {
    for (const std::string_view how : {"throw", "throw-later", "internal"}) {
        const Seen seen = get("/v1/notes/" + std::string(how));
        EXPECT_EQ(seen.status(), 500) << how;
        EXPECT_EQ(seen.code(), "INTERNAL");
        EXPECT_EQ(seen.response.body.find("thrown"), std::string::npos);
        EXPECT_EQ(seen.response.body.find("SELECT"), std::string::npos);
    }
}

TEST_F(Pipe, RejectedRequestsGetTheEnvelope) {
    const Seen seen(backend.pipeline.reject(Error(ErrorCode::HEADER_TOO_LARGE), "10.0.0.1"));
    EXPECT_EQ(seen.status(), 431);
    EXPECT_EQ(seen.code(), "HEADER_TOO_LARGE");
    EXPECT_EQ(seen.text("request_id"), seen.fields.at("X-Request-Id"));
}

TEST_F(Pipe, EveryRequestIsLoggedWithoutSecrets) {
    get("/v1/notes/now?secret=abc", {{"X-Request-Id", "client-id-2"}});
    get("/v1/notes/now");
    log.flush();
    EXPECT_EQ(std::count(logged.begin(), logged.end(), '\n'), 2);
    EXPECT_NE(
        logged.find(
            R"("request_id":"client-id-2","method":"GET","path":"/v1/notes/now","operation":"getNote","status":400)"),
        std::string::npos)
        << logged;
    EXPECT_NE(logged.find(R"("key":"key_environment","address":"127.0.0.1")"), std::string::npos);
    EXPECT_NE(logged.find(R"("code":"UNKNOWN_PARAMETER")"), std::string::npos);
    EXPECT_EQ(logged.find("abc"), std::string::npos);
    EXPECT_EQ(logged.find(test_key), std::string::npos);
}

TEST_F(Pipe, RequestsAreCounted) {
    get("/v1/notes/now");
    get("/v1/nowhere");
    const auto counts = backend.counters.read();
    EXPECT_EQ(counts[0].statuses[0], 1U);
    EXPECT_EQ(counts.back().statuses[8], 1U) << "404";
}

class Refusing final : public LimitPolicy {
public:
    Status admit_address(Call& call, RateClass) override {
        return call.http().remote_address == "10.0.0.1" ? Status(Error(ErrorCode::RATE_LIMITED)) : Status();
    }
    Status admit_principal(Call& call, RateClass) override {
        return call.principal ? Status(Error(ErrorCode::RATE_LIMITED)) : Status();
    }
    void describe(Call&, http::Response& response) override { response.fields.add("RateLimit", "r=0"); }
    void settle(Call&, http::Response&) override {}
};

TEST_F(Pipe, LimitsAreAskedBeforeAndAfterTheCredential) {
    Refusing limits;
    Pipeline pipeline({&get_note, &get_health}, {backend.set.services, limits, backend.counters}, {});
    FakeRequest other(Method::Get, "/healthz");
    EXPECT_EQ(Seen(*backend.loop.wait(pipeline.handle(other))).status(), 200);
    FakeRequest address(Method::Get, "/healthz");
    address.remote_address = "10.0.0.1";
    const Seen limited(*backend.loop.wait(pipeline.handle(address)));
    EXPECT_EQ(limited.status(), 429);
    EXPECT_EQ(limited.fields.at("RateLimit"), "r=0");
    EXPECT_EQ(limited.fields.at("Retry-After"), "1");
    FakeRequest keyed(Method::Get, "/v1/notes/now");
    keyed.with("Authorization", test_authorization);
    EXPECT_EQ(Seen(*backend.loop.wait(pipeline.handle(keyed))).status(), 429);
}

}  // namespace
}  // namespace credvault::api
