#include "api/rate_limits.h"

#include <gtest/gtest.h>

#include "api/fixture.h"

namespace credvault::api {
namespace {

using http::Method;

class NoSource final : public http::BodySource {
public:
    Reply<std::string> next() override { return std::string(); }
};

/// A call as the limiter sees it; ends with the object.
class Caller {
public:
    Caller(Backend& backend, std::string key, std::int64_t now_ns) : request_(Method::Get, "/v1/databases") {
        request_.started_ns = now_ns;
        call.begin(backend.set.services, request_);
        if (key.empty()) return;
        call.principal = std::make_shared<const access::Principal>(
            access::Principal{std::move(key), backend.set.workspace, access::ScopeSet::all()});
    }
    ~Caller() { call.end(); }

    Call call;

private:
    FakeRequest request_;
};

class Limits : public testing::Test {
protected:
    void in_tier(const std::string& tier) {
        ASSERT_TRUE(
            backend.loop.wait(backend.set.allotments.change_tier(backend.set.workspace, tier, "test")).ok());
    }
    /// How many of so many calls pass at once.
    int passing(const std::string& key, int calls, RateClass rate = RateClass::Standard) {
        int passed = 0;
        for (int i = 0; i < calls; ++i) passed += admitted(key, rate) ? 1 : 0;
        return passed;
    }
    bool admitted(const std::string& key, RateClass rate = RateClass::Standard) {
        Caller caller(backend, key, now_ns);
        return (key.empty() ? limits.admit_address(caller.call, rate)
                            : limits.admit_principal(caller.call, rate))
            .ok();
    }
    Seen send(std::string_view target, std::string_view authorization = test_authorization) {
        FakeRequest request(Method::Get, target);
        request.started_ns = now_ns;
        request.with("Authorization", authorization);
        auto response = backend.loop.wait(pipeline.handle(request));
        return Seen(std::move(response).value());
    }
    std::int64_t now_ns = 1'000'000'000'000;
    Backend backend;
    RateLimits limits{backend.set.meters, {60, 60, 5, 1'000}};
    Pipeline pipeline{endpoints(), {backend.set.services, limits, backend.counters, nullptr, nullptr}, {}};
};

TEST_F(Limits, WithoutLimitsNothingIsSaidOfThem) {
    const Seen seen = send("/v1/databases");
    EXPECT_EQ(seen.status(), 200);
    EXPECT_FALSE(seen.fields.contains("RateLimit"));
    EXPECT_FALSE(seen.fields.contains("X-RateLimit-Limit"));
    EXPECT_EQ(passing("key_1", 5'000), 5'000);
}

TEST_F(Limits, EveryAnswerTellsWhatIsLeft) {
    in_tier("free");
    Seen seen = send("/v1/databases");
    EXPECT_EQ(seen.status(), 200);
    EXPECT_EQ(seen.fields["RateLimit-Policy"], R"("default";q=600;w=60, "workspace";q=1200;w=60)");
    EXPECT_EQ(seen.fields["RateLimit"], R"("default";r=599;t=1, "workspace";r=1199;t=1)");
    EXPECT_EQ(seen.fields["X-RateLimit-Limit"], "600");
    EXPECT_EQ(seen.fields["X-RateLimit-Remaining"], "599");
    EXPECT_NEAR(static_cast<double>(std::stoll(seen.fields["X-RateLimit-Reset"])),
                static_cast<double>(now_ms()) / 1000.0, 5);
    seen = send("/v1/databases/none");
    EXPECT_EQ(seen.status(), 404);
    EXPECT_EQ(seen.fields["X-RateLimit-Remaining"], "598");
    EXPECT_FALSE(send("/healthz").fields.contains("RateLimit"));
}

TEST_F(Limits, AKeyHasItsEdge) {
    in_tier("free");
    for (int i = 0; i < 599; ++i) send("/v1/databases");
    EXPECT_EQ(send("/v1/databases").fields["X-RateLimit-Remaining"], "0");
    Seen refused = send("/v1/databases");
    EXPECT_EQ(refused.status(), 429);
    EXPECT_EQ(refused.code(), "RATE_LIMITED");
    EXPECT_EQ(refused.fields["Retry-After"], "1");
    EXPECT_EQ(refused.fields["RateLimit"], R"("default";r=0;t=60, "workspace";r=600;t=30)");
    EXPECT_TRUE(admitted("key_other"));
    now_ns += 99'000'000;
    EXPECT_EQ(send("/v1/databases").status(), 429);
    now_ns += 1'000'000;
    EXPECT_EQ(send("/v1/databases").status(), 200);
    EXPECT_EQ(send("/v1/databases").status(), 429);
    EXPECT_EQ(limits.refused(LimitScope::Key), 3U);
    EXPECT_EQ(limits.refused(LimitScope::Workspace), 0U);
}

TEST_F(Limits, AWorkspaceHasItsEdge) {
    in_tier("free");
    EXPECT_EQ(passing("key_1", 700), 600);
    EXPECT_EQ(passing("key_2", 550), 550);
    EXPECT_EQ(passing("key_3", 100), 50);
    EXPECT_EQ(limits.refused(LimitScope::Workspace), 50U);
    // Of its own budget the third key has only used what passed.
    const auto meter = backend.set.allotments.meter(backend.set.workspace, "key_3");
    const access::Budget& budget = meter->allotment->tier().key(access::CallClass::Standard);
    EXPECT_EQ(access::look(meter->word(access::CallClass::Standard), budget, now_ns).remaining, 550);
}

TEST_F(Limits, ClassesHaveBudgetsOfTheirOwn) {
    in_tier("free");
    EXPECT_EQ(passing("key_1", 1'000, RateClass::Scan), 300);
    EXPECT_EQ(passing("key_1", 1'000, RateClass::Training), 5);
    EXPECT_EQ(passing("key_1", 1'000, RateClass::Standard), 600);
    EXPECT_EQ(passing("key_1", 1'000, RateClass::Exempt), 1'000);
}

TEST_F(Limits, SoManyCallsAreInFlight) {
    in_tier("free");
    std::vector<std::unique_ptr<Caller>> calls;
    const auto begin = [&] {
        calls.push_back(std::make_unique<Caller>(backend, "key_" + std::to_string(calls.size()), now_ns));
        return limits.admit_principal(calls.back()->call, RateClass::Standard);
    };
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(begin().ok());
    const Status refused = begin();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::RATE_LIMITED);
    EXPECT_EQ(refused.error().retry_after_seconds, 1);
    calls.pop_back();
    EXPECT_FALSE(begin().ok()) << "a refused call was not in flight";
    calls.pop_back();
    calls.pop_back();
    EXPECT_TRUE(begin().ok());
    calls.clear();
    EXPECT_EQ(backend.set.allotments.of(backend.set.workspace)->in_flight(), 0);
    EXPECT_EQ(limits.refused(LimitScope::Concurrency), 2U);
}

TEST_F(Limits, AStreamIsInFlightUntilItEnds) {
    in_tier("free");
    const std::shared_ptr<access::Allotment> allotment = backend.set.allotments.of(backend.set.workspace);
    http::Response response;
    {
        Caller caller(backend, "key_1", now_ns);
        ASSERT_TRUE(limits.admit_principal(caller.call, RateClass::Scan).ok());
        response.stream = std::make_unique<NoSource>();
        limits.settle(caller.call, response);
    }
    EXPECT_EQ(allotment->in_flight(), 1);
    response.stream.reset();
    EXPECT_EQ(allotment->in_flight(), 0);
}

TEST_F(Limits, CallsThatAreAnsweredAreNotInFlight) {
    in_tier("free");
    for (int i = 0; i < 50; ++i) send(i % 2 == 0 ? "/v1/databases" : "/v1/databases/none");
    EXPECT_EQ(backend.set.allotments.of(backend.set.workspace)->in_flight(), 0);
}

TEST_F(Limits, AnAddressWithoutAValidCredentialHasItsEdge) {
    for (int i = 0; i < 5; ++i) {
        Seen seen = send("/v1/databases", "ApiKey wrong-key-0123456789");
        EXPECT_EQ(seen.status(), 401);
        EXPECT_EQ(seen.fields["RateLimit-Policy"], R"("address";q=60;w=60)");
        EXPECT_EQ(seen.fields["X-RateLimit-Remaining"], std::to_string(4 - i));
    }
    Seen refused = send("/v1/databases", "ApiKey wrong-key-0123456789");
    EXPECT_EQ(refused.status(), 429);
    EXPECT_EQ(refused.fields["RateLimit"], R"("address";r=0;t=5)");
    EXPECT_EQ(send("/v1/databases").status(), 200);
    EXPECT_EQ(send("/healthz", "ApiKey wrong-key-0123456789").status(), 200);
    EXPECT_EQ(limits.refused(LimitScope::Address), 1U);
}

TEST_F(Limits, CallsWithoutTheScopeCountToo) {
    in_tier("free");
    Caller caller(backend, "key_1", now_ns);
    ASSERT_TRUE(limits.admit_principal(caller.call, RateClass::Standard).ok());
    http::Response response;
    response.status = 403;
    limits.settle(caller.call, response);
    EXPECT_EQ(passing("key_2", 700), 600);
    access::CallCounts of_first;
    for (const access::MeterCounts& counts : backend.set.meters.take()) {
        if (counts.meter->subject == "key_1") of_first += counts.counts[0];
    }
    EXPECT_EQ(of_first, (access::CallCounts{1, 0, 1}));
}

}  // namespace
}  // namespace credvault::api
