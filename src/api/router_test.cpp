#include "api/router.h"

#include <gtest/gtest.h>

#include "api/endpoints.h"

namespace credvault::api {
namespace {

using http::Method;

struct Nothing {
    std::string_view a, b;
    static Fields fields() { return {path(&Nothing::a, "a", {}), path(&Nothing::b, "b", {})}; }
};

Endpoint endpoint(Method method, std::string_view path) {
    return Operation<Nothing, NoContent>{
        .id = path,
        .method = method,
        .path = path,
        .tag = "",
        .summary = "",
        .scope = Requirement::none(),
        .rate = RateClass::Exempt,
        .run = [](Context&, const Nothing&) -> Reply<NoContent> { return NoContent(); }};
}

class Routes : public testing::Test {
protected:
    std::string find(Method method, std::string_view path) {
        route = {};
        const Status found = router.find(method, path, route);
        return found.ok() ? std::string(route.endpoint->info().path)
                          : std::string(error_name(found.error().code));
    }

    const Endpoint things = endpoint(Method::Get, "/v1/things");
    const Endpoint make = endpoint(Method::Post, "/v1/things");
    const Endpoint thing = endpoint(Method::Get, "/v1/things/{a}");
    const Endpoint remove = endpoint(Method::Delete, "/v1/things/{a}");
    const Endpoint parts = endpoint(Method::Get, "/v1/things/{a}/parts/{b}");
    const Endpoint count = endpoint(Method::Post, "/v1/things/count");
    const Router router{{&things, &make, &thing, &remove, &parts, &count}};
    Route route;
};

TEST_F(Routes, LeadToTheEndpoint) {
    EXPECT_EQ(find(Method::Get, "/v1/things"), "/v1/things");
    EXPECT_EQ(route.endpoint, &things);
    EXPECT_EQ(route.number, 0U);
    EXPECT_EQ(find(Method::Post, "/v1/things"), "/v1/things");
    EXPECT_EQ(route.endpoint, &make);
    EXPECT_EQ(find(Method::Get, "/v1/things/x"), "/v1/things/{a}");
    EXPECT_EQ(route.values[0], "x");
    EXPECT_EQ(find(Method::Get, "/v1/things/x%2Fy/parts/%20"), "/v1/things/{a}/parts/{b}");
    EXPECT_EQ(route.values[0], "x%2Fy");
    EXPECT_EQ(route.values[1], "%20");
    EXPECT_EQ(route.number, 4U);
}

TEST_F(Routes, HeadGoesWhereGetDoes) {
    EXPECT_EQ(find(Method::Head, "/v1/things/x"), "/v1/things/{a}");
    EXPECT_EQ(route.endpoint, &thing);
}

TEST_F(Routes, LiteralSegmentsGoBeforeFields) {
    EXPECT_EQ(find(Method::Post, "/v1/things/count"), "/v1/things/count");
    EXPECT_EQ(find(Method::Get, "/v1/things/counts"), "/v1/things/{a}");
}

TEST_F(Routes, OtherPathsAreNotFound) {
    for (const std::string_view path :
         {"", "/", "*", "/v1", "/v1/", "/v1/things/", "/v1/things//parts/b", "/v1/things/x/parts",
          "/v1/things/x/parts/", "/v1/things/x/parts/b/c", "/V1/things", "v1/things", "//v1/things",
          "/v1//things", "/v1/thing"}) {
        EXPECT_EQ(find(Method::Get, path), "NOT_FOUND") << path;
    }
}

TEST_F(Routes, OtherMethodsAreToldWhichDo) {
    EXPECT_EQ(find(Method::Put, "/v1/things/x"), "METHOD_NOT_ALLOWED");
    EXPECT_EQ(route.allow, "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(find(Method::Other, "/v1/things"), "METHOD_NOT_ALLOWED");
    EXPECT_EQ(route.allow, "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(router.allow("/v1/things/count"), "POST, OPTIONS");
    EXPECT_EQ(router.allow("/v1/none"), "");
    EXPECT_NE(router.allow("*"), "");
}

TEST(Router, FindsEveryEndpoint) {
    const Router router(endpoints());
    std::size_t number = 0;
    for (const Endpoint* declared : endpoints()) {
        Route route;
        ASSERT_TRUE(router.find(declared->info().method, declared->info().path, route).ok())
            << declared->info().id;
        EXPECT_EQ(route.endpoint, declared) << declared->info().id;
        EXPECT_EQ(route.number, number++);
    }
}

}  // namespace
}  // namespace credvault::api
