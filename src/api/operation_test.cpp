#include "api/operation.h"

#include <gtest/gtest.h>

#include "api/fixture.h"
#include "api/headers.h"

namespace credvault::api {

enum class Colour { Red, Green };

template <>
struct EnumNames<Colour> {
    static constexpr auto names =
        std::to_array<std::pair<std::string_view, Colour>>({{"red", Colour::Red}, {"green", Colour::Green}});
};

namespace {

struct Part {
    std::string name;
    std::int64_t count = 1;
    static Fields fields() {
        return {body(&Part::name, "name", {.description = "Its name.", .required = true}),
                body(&Part::count, "count", {.min = 1, .max = 9})};
    }
};

struct Paging {
    std::uint64_t limit = 20;
    std::vector<std::string> fields_wanted;
    static Fields fields() {
        return {query(&Paging::limit, "limit", {.description = "How many.", .min = 1, .max = 100}),
                query(&Paging::fields_wanted, "fields", {.max_length = 4, .max_items = 2})};
    }
};

struct MakeThing {
    std::string_view place;
    Paging paging;
    std::optional<bool> deep;
    std::optional<json::View> filter;
    std::string_view name;
    std::optional<std::vector<Part>> parts;
    std::optional<json::View> extra;
    std::optional<double> weight;
    Colour colour = Colour::Red;
    std::optional<IdempotencyKey> key;

    static Fields fields() {
        return {
            path(&MakeThing::place, "place", {.description = "Where.", .example = "here", .max_length = 8}),
            include(&MakeThing::paging),
            query(&MakeThing::deep, "deep", {}),
            query(&MakeThing::filter, "filter", {.json = JsonKind::Object}),
            body(&MakeThing::name, "name", {.required = true, .min_length = 1, .max_length = 8}),
            body(&MakeThing::parts, "parts", {.max_items = 2}),
            body(&MakeThing::extra, "extra", {.json = JsonKind::Object}),
            body(&MakeThing::weight, "weight", {}),
            body(&MakeThing::colour, "colour", {}),
            idempotency_key(&MakeThing::key)};
    }
};

/// Says back what was decoded.
struct Thing {
    std::string place, name;
    std::int64_t limit = 0;
    std::vector<std::string> fields_wanted;
    std::optional<bool> deep;
    std::optional<Raw<AnyJson>> filter, extra;
    std::vector<Part> parts;
    std::optional<double> weight;
    Colour colour = Colour::Red;
    std::optional<std::string> key;
    static constexpr std::string_view schema_name = "Thing";
    static Fields fields() {
        return {body(&Thing::place, "place", {}),   body(&Thing::name, "name", {.example = "n"}),
                body(&Thing::limit, "limit", {}),   body(&Thing::fields_wanted, "fields", {}),
                body(&Thing::deep, "deep", {}),     body(&Thing::filter, "filter", {}),
                body(&Thing::extra, "extra", {}),   body(&Thing::parts, "parts", {}),
                body(&Thing::weight, "weight", {}), body(&Thing::colour, "colour", {}),
                body(&Thing::key, "key", {})};
    }
};

std::optional<Raw<AnyJson>> raw(const std::optional<json::View>& view) {
    if (!view) return {};
    return Raw<AnyJson>{std::string(view->text())};
}

const Endpoint make_thing = Operation<MakeThing, Created<Thing>>{
    .id = "makeThing",
    .method = http::Method::Post,
    .path = "/v1/places/{place}/things",
    .tag = "Things",
    .summary = "Make a thing",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Standard,
    .run = [](Context&, const MakeThing& request) -> Reply<Created<Thing>> {
        Thing thing{std::string(request.place),
                    std::string(request.name),
                    static_cast<std::int64_t>(request.paging.limit),
                    request.paging.fields_wanted,
                    request.deep,
                    raw(request.filter),
                    raw(request.extra),
                    request.parts.value_or(std::vector<Part>()),
                    request.weight,
                    request.colour,
                    request.key ? std::optional<std::string>(request.key->text) : std::nullopt};
        return Created<Thing>{std::move(thing), "/v1/places/here/things/1", "\"1\""};
    }};

class Decoding : public testing::Test {
protected:
    Seen send(std::string_view target, std::string_view body) {
        return backend.call(http::Method::Post, target, body);
    }
    std::string details(const Seen& seen) {
        const json::Value* found = seen.body.find("details");
        std::string text;
        if (found == nullptr) return text;
        for (const json::Value& detail : found->as_array()) {
            text += detail.find("field")->as_string() + ":" + detail.find("code")->as_string() + " ";
        }
        return text;
    }
    Backend backend{{&make_thing}};
};

TEST_F(Decoding, FillsEveryKindOfField) {
    FakeRequest request(http::Method::Post,
                        "/v1/places/h%C3%A9re/things?limit=7&fields=a,b&deep=true&filter=%7B%22a%22:+1%7D");
    request.with("Authorization", test_authorization).with("idempotency-key", "\"k 1\"");
    request.with_body(R"({"colour":"green","name":"n\u0061\"me","parts":[{"name":"p"},{"count":9,"name":"q"}],
                          "extra":{"x": [1, 2.50]},"weight":1})");
    const Seen seen = backend.send(request);
    EXPECT_EQ(seen.status(), 201) << seen.response.body;
    EXPECT_EQ(seen.data(), R"({"place":"hére","name":"na\"me","limit":7,"fields":["a","b"],"deep":true,)"
                           R"("filter":{"a":1},"extra":{"x":[1,2.5]},"parts":[{"name":"p","count":1},)"
                           R"({"name":"q","count":9}],"weight":1.0,"colour":"green","key":"k 1"})");
    EXPECT_EQ(seen.fields.at("Location"), "/v1/places/here/things/1");
    EXPECT_EQ(seen.fields.at("ETag"), "\"1\"");
}

TEST_F(Decoding, LeavesOutWhatIsOptional) {
    const Seen seen = send("/v1/places/here/things", R"({"name":"n","parts":null})");
    EXPECT_EQ(seen.data(), R"({"place":"here","name":"n","limit":20,"fields":[],"parts":[],"colour":"red"})");
}

TEST_F(Decoding, NamesWhatIsMissing) {
    const Seen seen = send("/v1/places/here/things", "{}");
    EXPECT_EQ(seen.status(), 400);
    EXPECT_EQ(seen.code(), "MISSING_PARAMETER");
    EXPECT_EQ(seen.text("message"), "Required parameter 'name' is missing from request");
    EXPECT_EQ(seen.text("field"), "name");
    EXPECT_EQ(seen.body.find("details"), nullptr);
}

TEST_F(Decoding, ABodyThatIsNotThereMissesItsFields) {
    EXPECT_EQ(send("/v1/places/here/things", "").text("field"), "name");
}

TEST_F(Decoding, TellsEverythingThatIsWrongAtOnce) {
    const Seen seen =
        send("/v1/places/here/things?limit=101&nonsense=1&deep=yes",
             R"({"colour":"blue","parts":[{"name":"p","size":3},{"count":0,"name":"q"}],"other":1})");
    EXPECT_EQ(seen.status(), 400);
    EXPECT_EQ(seen.code(), "INVALID_PARAMETER");
    EXPECT_EQ(seen.text("field"), "limit");
    EXPECT_EQ(seen.text("message"), "Parameter 'limit' must be an integer from 1 to 100");
    EXPECT_EQ(
        details(seen),
        "limit:INVALID_PARAMETER nonsense:UNKNOWN_PARAMETER deep:INVALID_PARAMETER colour:INVALID_PARAMETER "
        "parts.0.size:UNKNOWN_PARAMETER parts.1.count:INVALID_PARAMETER other:UNKNOWN_PARAMETER "
        "name:MISSING_PARAMETER ");
}

TEST_F(Decoding, AnUnknownNameIsToldWithTheKnownOnes) {
    const Seen seen = send("/v1/places/here/things", R"({"name":"n","colr":"red"})");
    EXPECT_EQ(seen.code(), "UNKNOWN_PARAMETER");
    EXPECT_EQ(seen.text("field"), "colr");
    EXPECT_EQ(seen.text("message"),
              "Parameter 'colr' is not known; known here: name, parts, extra, weight, colour");
}

struct Wrong {
    std::string_view target, body, field, message;
};

class WrongValue : public Decoding, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongValue, IsNamed) {
    const Seen seen = send(GetParam().target, GetParam().body);
    EXPECT_EQ(seen.status(), 400) << seen.response.body;
    EXPECT_EQ(seen.text("field"), GetParam().field);
    EXPECT_EQ(seen.text("message"), GetParam().message);
}

constexpr std::string_view here = "/v1/places/here/things";
constexpr std::string_view good = R"({"name":"n"})";
constexpr std::string_view limit_wanted = "Parameter 'limit' must be an integer from 1 to 100";

INSTANTIATE_TEST_SUITE_P(
    All, WrongValue,
    testing::Values(
        Wrong{"/v1/places/here/things?limit=0", good, "limit", limit_wanted},
        Wrong{"/v1/places/here/things?limit=-1", good, "limit", limit_wanted},
        Wrong{"/v1/places/here/things?limit=1.5", good, "limit", limit_wanted},
        Wrong{"/v1/places/here/things?limit=", good, "limit", limit_wanted},
        Wrong{"/v1/places/here/things?limit=99999999999999999999", good, "limit", limit_wanted},
        Wrong{"/v1/places/here/things?limit=1&limit=2", good, "limit", "Parameter 'limit' is given twice"},
        Wrong{"/v1/places/here/things?deep=1", good, "deep", "Parameter 'deep' must be true or false"},
        Wrong{"/v1/places/here/things?fields=a,b,c", good, "fields",
              "Parameter 'fields' must be an array of at most 2 elements"},
        Wrong{"/v1/places/here/things?fields=abcde", good, "fields",
              "Parameter 'fields' must be at most 4 bytes long"},
        Wrong{"/v1/places/here/things?filter=[]", good, "filter", "Parameter 'filter' must be a JSON object"},
        Wrong{"/v1/places/here/things?deep=%ff", good, "deep",
              "Parameter 'deep' must be UTF-8, percent-encoded"},
        Wrong{"/v1/places/much-too-long/things", good, "place",
              "Parameter 'place' must be at most 8 bytes long"},
        Wrong{here, R"({"name":""})", "name", "Parameter 'name' must be 1 to 8 bytes long"},
        Wrong{here, R"({"name":"123456789"})", "name", "Parameter 'name' must be 1 to 8 bytes long"},
        Wrong{here, R"({"name":1})", "name", "Parameter 'name' must be a string"},
        Wrong{here, R"({"name":"n","weight":"1"})", "weight", "Parameter 'weight' must be a number"},
        Wrong{here, R"({"name":"n","extra":[]})", "extra", "Parameter 'extra' must be a JSON object"},
        Wrong{here, R"({"name":"n","parts":{}})", "parts", "Parameter 'parts' must be an array"},
        Wrong{here, R"({"name":"n","parts":[1]})", "parts.0", "Parameter 'parts.0' must be a JSON object"},
        Wrong{here, R"({"name":"n","parts":[{"name":"a","count":1.0}]})", "parts.0.count",
              "Parameter 'parts.0.count' must be an integer from 1 to 9"},
        Wrong{here, R"({"name":"n","parts":[{}]})", "parts.0.name",
              "Required parameter 'parts.0.name' is missing from request"},
        Wrong{here, R"({"name":"n","colour":"RED"})", "colour",
              "Parameter 'colour' must be one of red, green"},
        Wrong{here, "[]", "body", "The body must be a JSON object"}));

TEST_F(Decoding, BadEscapesAreRefused) {
    EXPECT_EQ(send("/v1/places/he%zzre/things", good).status(), 400);
    EXPECT_EQ(send("/v1/places/here/things?deep=%0", good).status(), 400);
    EXPECT_EQ(send("/v1/places/he%00re/things", good).status(), 400);
}

TEST_F(Decoding, BoundsAreInclusive) {
    EXPECT_EQ(send("/v1/places/here/things?limit=1", R"({"name":"1"})").status(), 201);
    EXPECT_EQ(send("/v1/places/12345678/things?limit=100&fields=a,b", R"({"name":"12345678"})").status(),
              201);
}

TEST_F(Decoding, MalformedJsonSaysWhere) {
    const Seen seen = send(here, "{\"name\":\n nope}");
    EXPECT_EQ(seen.status(), 400);
    EXPECT_EQ(seen.code(), "MALFORMED_JSON");
    EXPECT_NE(seen.text("message").find("line 2"), std::string::npos) << seen.text("message");
}

}  // namespace
}  // namespace credvault::api
