// The small parts that hold state or tables: counters, request ids, idempotency keys, statuses.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "api/fixture.h"
#include "api/idempotency.h"
#include "api/request_counters.h"
#include "api/request_id.h"
#include "api/status.h"

namespace credvault::api {
namespace {

std::size_t place_of_status(int status) {
    return static_cast<std::size_t>(std::find(counted_statuses.begin(), counted_statuses.end(), status) -
                                    counted_statuses.begin());
}

TEST(RequestCounters, AddUpOverThreads) {
    RequestCounters counters(2);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 100; ++k) counters.count(1, 200, 60'000);
        });
    }
    for (std::thread& thread : threads) thread.join();
    counters.count(1, 404, 6'000'000'000);
    counters.count(99, 599, 0);
    const auto all = counters.read();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].total_us, 0U);
    EXPECT_EQ(all[1].statuses[place_of_status(200)], 300U);
    EXPECT_EQ(all[1].statuses[place_of_status(404)], 1U);
    EXPECT_EQ(all[1].latency[1], 300U);
    EXPECT_EQ(all[1].latency.back(), 1U);
    EXPECT_EQ(all[1].total_us, 300U * 60 + 6'000'000);
    EXPECT_EQ(all[2].statuses.back(), 1U);
    EXPECT_EQ(all[2].latency[0], 1U);
}

TEST(RequestCounters, BucketsIncludeTheirBound) {
    RequestCounters counters(1);
    counters.count(0, 200, 50'999);  // Whole microseconds count: 50.
    counters.count(0, 200, 51'000);
    const auto counts = counters.read()[0];
    EXPECT_EQ(counts.latency[0], 1U);
    EXPECT_EQ(counts.latency[1], 1U);
}

TEST(RequestIds, AreUniqueAndWellFormed) {
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i) {
        RequestId id;
        id.generate();
        EXPECT_EQ(id.text().size(), 24U);
        EXPECT_TRUE(id.text().starts_with("req_"));
        seen.emplace(id.text());
    }
    EXPECT_EQ(seen.size(), 10'000U);
    std::string other;
    std::thread([&] {
        RequestId id;
        id.generate();
        other = id.text();
    }).join();
    EXPECT_FALSE(seen.contains(other));
}

TEST(RequestIds, OfClientsAreTakenIfSane) {
    RequestId id;
    EXPECT_TRUE(id.accept("abcdefgh"));
    EXPECT_TRUE(id.accept(std::string(64, 'x')));
    EXPECT_TRUE(id.accept("A-b_c.0123"));
    EXPECT_FALSE(id.accept("abcdefg"));
    EXPECT_FALSE(id.accept(std::string(65, 'x')));
    EXPECT_FALSE(id.accept("abcd efgh"));
    EXPECT_FALSE(id.accept("abcdefgh\"}"));
    EXPECT_EQ(id.text(), "A-b_c.0123");
}

TEST(IdempotencyRegistry, HoldsAKeyWhileItIsInFlight) {
    IdempotencyRegistry registry;
    {
        auto first = registry.begin("a");
        ASSERT_TRUE(first.ok());
        const auto second = registry.begin("a");
        ASSERT_FALSE(second.ok());
        EXPECT_EQ(second.error().code, ErrorCode::IDEMPOTENCY_KEY_IN_FLIGHT);
        EXPECT_TRUE(registry.begin("b").ok());
        const IdempotencyRegistry::Ticket moved = std::move(first).value();
        EXPECT_FALSE(registry.begin("a").ok());
    }
    EXPECT_TRUE(registry.begin("a").ok());
}

TEST(StoredAnswer, ReadsBack) {
    StoredAnswer answer{true, R"({"a":[1,"x\"y"]})", "/v1/é", "\"1.2\""};
    const auto read = StoredAnswer::parse(answer.text());
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->created, answer.created);
    EXPECT_EQ(read->data, answer.data);
    EXPECT_EQ(read->location, answer.location);
    EXPECT_EQ(read->etag, answer.etag);
    EXPECT_FALSE(StoredAnswer::parse("").ok());
    EXPECT_FALSE(StoredAnswer::parse("{}").ok());
}

TEST(Fingerprint, TellsRequestsApart) {
    Backend backend;
    const auto fingerprint = [&](http::Method method, std::string_view target, std::string_view body) {
        FakeRequest request(method, target);
        Call call;
        call.begin(backend.set.services, request);
        call.route.endpoint = &get_health;
        call.body = body;
        return call.context().fingerprint();
    };
    const std::string base = fingerprint(http::Method::Post, "/a?b=1", "{}");
    EXPECT_EQ(base, fingerprint(http::Method::Post, "/a?b=1", "{}"));
    std::set<std::string> all{
        base, fingerprint(http::Method::Put, "/a?b=1", "{}"), fingerprint(http::Method::Post, "/a?b=2", "{}"),
        fingerprint(http::Method::Post, "/a?b=1", "[]"), fingerprint(http::Method::Post, "/a?b=1{", "}")};
    EXPECT_EQ(all.size(), 5U);
}

TEST(Statuses, AreTheContracts) {
    const std::map<ErrorCode, int> known{{ErrorCode::MALFORMED_JSON, 400},
                                         {ErrorCode::UNKNOWN_PARAMETER, 400},
                                         {ErrorCode::UNAUTHENTICATED, 401},
                                         {ErrorCode::FORBIDDEN, 403},
                                         {ErrorCode::RECORD_NOT_FOUND, 404},
                                         {ErrorCode::METHOD_NOT_ALLOWED, 405},
                                         {ErrorCode::NOT_ACCEPTABLE, 406},
                                         {ErrorCode::REQUEST_TIMEOUT, 408},
                                         {ErrorCode::DUPLICATE_KEY, 409},
                                         {ErrorCode::IDEMPOTENCY_KEY_IN_FLIGHT, 409},
                                         {ErrorCode::PRECONDITION_FAILED, 412},
                                         {ErrorCode::PAYLOAD_TOO_LARGE, 413},
                                         {ErrorCode::UNSUPPORTED_MEDIA_TYPE, 415},
                                         {ErrorCode::QUERY_TIMEOUT, 422},
                                         {ErrorCode::IDEMPOTENCY_KEY_REUSED, 422},
                                         {ErrorCode::PRECONDITION_REQUIRED, 428},
                                         {ErrorCode::RATE_LIMITED, 429},
                                         {ErrorCode::HEADER_TOO_LARGE, 431},
                                         {ErrorCode::INTERNAL, 500},
                                         {ErrorCode::STORAGE_FULL, 503}};
    for (const auto& [code, status] : known)
        EXPECT_EQ(status_of(error_kind(code)), status) << error_name(code);
    for (const ErrorCode code : all_error_codes())
        EXPECT_GE(status_of(error_kind(code)), 400) << error_name(code);
}

TEST(ErrorResponses, CarryTheFieldsThatBelongToThem) {
    const auto seen = [](Error error) { return Seen(error_response(error, "req_x", "GET, HEAD")); };
    EXPECT_TRUE(seen(Error(ErrorCode::UNAUTHENTICATED)).fields["WWW-Authenticate"].starts_with("ApiKey"));
    EXPECT_EQ(seen(Error(ErrorCode::METHOD_NOT_ALLOWED)).fields["Allow"], "GET, HEAD");
    EXPECT_EQ(seen(Error(ErrorCode::OVERLOADED)).fields["Retry-After"], "1");
    Error later(ErrorCode::RATE_LIMITED);
    later.retry_after_seconds = 17;
    EXPECT_EQ(seen(later).fields["Retry-After"], "17");
    EXPECT_TRUE(seen(Error(ErrorCode::RECORD_NOT_FOUND)).fields.empty());
}

TEST(ErrorResponses, SayWhatIsWrongAndNotWhy) {
    const http::Response response = error_response(
        Error(ErrorCode::INVALID_PARAMETER, "It's \"wrong\"", "name", "SELECT secret"), "req_x");
    EXPECT_EQ(response.body, R"({"status":"error","code":"INVALID_PARAMETER","message":"It's \"wrong\"",)"
                             R"("field":"name","request_id":"req_x"})");
}

}  // namespace
}  // namespace credvault::api
