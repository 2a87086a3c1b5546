// What holds of every declaration, and of the document that is made from them.
#include "api/endpoints.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "api/openapi.h"
#include "json/canonical.h"

namespace credvault::api {
namespace {

std::vector<std::string> path_names(std::string_view path) {
    std::vector<std::string> names;
    for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
        names.emplace_back(path.substr(open + 1, path.find('}', open) - open - 1));
    }
    return names;
}

class Declared : public testing::TestWithParam<const Endpoint*> {
protected:
    const OperationInfo& info() const { return GetParam()->info(); }
    const Fields& fields() const { return GetParam()->request().fields(); }
    std::size_t count(Source source) const {
        return static_cast<std::size_t>(std::count_if(
            fields().begin(), fields().end(), [&](const Field& field) { return field.source == source; }));
    }
};

INSTANTIATE_TEST_SUITE_P(Endpoints, Declared, testing::ValuesIn(endpoints()),
                         [](const auto& test) { return std::string(test.param->info().id); });

TEST_P(Declared, HasItsWords) {
    EXPECT_TRUE(std::regex_match(std::string(info().id), std::regex("[a-z][A-Za-z]+")));
    EXPECT_FALSE(info().tag.empty());
    EXPECT_FALSE(info().summary.empty());
    EXPECT_FALSE(info().summary.ends_with('.'));
    EXPECT_TRUE(info().path.starts_with('/') && !info().path.ends_with('/'));
}

TEST_P(Declared, ItsPathAndItsFieldsAgree) {
    std::multiset<std::string> declared;
    for (const Field& field : fields()) {
        if (field.source == Source::Path) declared.emplace(field.name);
    }
    const std::vector<std::string> names = path_names(info().path);
    EXPECT_EQ(declared, std::multiset<std::string>(names.begin(), names.end()));
    EXPECT_LE(names.size(), max_path_values);
}

TEST_P(Declared, ItsFieldsFitTheMachinery) {
    EXPECT_LE(fields().size(), 64U);
    EXPECT_LE(count(Source::Document), 1U);
    EXPECT_LE(count(Source::OtherQuery), 1U);
    EXPECT_TRUE(count(Source::Document) == 0 || count(Source::Body) == 0);
    std::set<std::pair<Source, std::string_view>> names;
    for (const Field& field : fields()) {
        EXPECT_TRUE(names.emplace(field.source, field.name).second) << field.name;
        if (field.source == Source::MediaType) continue;
        EXPECT_FALSE(field.rules.description.empty()) << field.name;
        EXPECT_FALSE(field.rules.required && field.type->optional) << field.name;
        if (field.type->quoted || field.rules.example.empty()) continue;
        EXPECT_TRUE(json::canonicalize(field.rules.example).ok())
            << field.name << ": " << field.rules.example;
    }
}

TEST_P(Declared, TakesAnIdempotencyKeyIfItSaysSo) {
    const bool has_field = std::any_of(fields().begin(), fields().end(),
                                       [](const Field& field) { return field.name == "Idempotency-Key"; });
    EXPECT_EQ(has_field, info().idempotency == Idempotency::Keyed);
    if (has_field) {
        EXPECT_EQ(info().method, http::Method::Post);
    }
}

TEST_P(Declared, ReadsHaveNoBody) {
    const bool safe = info().method == http::Method::Get || info().method == http::Method::Delete;
    if (safe) {
        EXPECT_FALSE(GetParam()->request().takes_body());
    }
}

TEST(Endpoints, AreUnique) {
    std::set<std::string_view> ids;
    std::set<std::pair<http::Method, std::string_view>> routes;
    for (const Endpoint* endpoint : endpoints()) {
        EXPECT_TRUE(ids.insert(endpoint->info().id).second) << endpoint->info().id;
        EXPECT_TRUE(routes.emplace(endpoint->info().method, endpoint->info().path).second)
            << endpoint->info().path;
    }
}

/// Calls `visit` with each object in a value.
void each_object(const json::Value& value, const std::function<void(const json::Value&)>& visit) {
    if (value.is_array()) {
        for (const json::Value& element : value.as_array()) each_object(element, visit);
    }
    if (!value.is_object()) return;
    visit(value);
    for (const auto& [name, member] : value.as_object()) each_object(member, visit);
}

class Document : public testing::Test {
protected:
    Document() : document(*json::parse(openapi_document(endpoints()))) {}
    const json::Value& at(std::initializer_list<std::string_view> names) {
        const json::Value* value = &document;
        for (const std::string_view name : names) {
            const json::Value* next = value->find(name);
            EXPECT_NE(next, nullptr) << name;
            if (next == nullptr) return document;
            value = next;
        }
        return *value;
    }
    json::Value document;
};

TEST_F(Document, HasEveryOperation) {
    std::size_t operations = 0;
    for (const auto& [path, item] : at({"paths"}).as_object()) operations += item.as_object().size();
    EXPECT_EQ(operations, endpoints().size());
    EXPECT_EQ(at({"openapi"}).as_string(), "3.1.0");
}

TEST_F(Document, ItsReferencesLeadSomewhere) {
    std::size_t references = 0;
    each_object(document, [&](const json::Value& object) {
        const json::Value* reference = object.find("$ref");
        if (reference == nullptr || !reference->is_string()) return;
        ++references;
        const std::string& path = reference->as_string();
        std::string prefix = "schemas";
        for (const char* other : {"headers", "responses"}) {
            if (path.starts_with("#/components/" + std::string(other) + "/")) prefix = other;
        }
        const std::string name = path.substr(std::min(path.rfind('/') + 1, path.size()));
        EXPECT_EQ(path, "#/components/" + prefix + "/" + name);
        EXPECT_NE(at({"components", prefix}).find(name), nullptr) << path;
    });
    EXPECT_GT(references, endpoints().size());
}

TEST_F(Document, ComponentsSayWhatIsAlwaysThere) {
    const json::Value& error = at({"components", "schemas", "Error"});
    EXPECT_EQ(error.find("required")->text(), R"(["status","code","message","request_id"])");
    EXPECT_EQ(error.find("additionalProperties"), nullptr) << "fields may be added to answers";
}

TEST_F(Document, CallsNameTheirScope) {
    EXPECT_EQ(at({"paths", "/metrics", "get", "security"}).text(),
              R"([{"ApiKey":["logs:read"]},{"Bearer":["logs:read"]},{"Cookie":["logs:read"]}])");
    EXPECT_EQ(at({"paths", "/v1/auth/me", "get", "security"}).text(), R"([{"Bearer":[]},{"Cookie":[]}])");
    EXPECT_EQ(at({"paths", "/v1/auth/login", "post", "security"}).text(), "[]");
    EXPECT_EQ(at({"paths", "/healthz", "get", "security"}).text(), "[]");
    EXPECT_EQ(at({"paths", "/healthz", "get", "responses"}).find("401"), nullptr);
    EXPECT_NE(at({"paths", "/metrics", "get", "responses"}).find("401"), nullptr);
}

TEST_F(Document, RecordsHaveConditionsAndFilters) {
    const std::string record = "/v1/databases/{database}/collections/{collection}/records/{id}";
    const auto& responses = at({"paths", record, "get", "responses"});
    EXPECT_NE(responses.find("304"), nullptr);
    EXPECT_NE(responses.find("412"), nullptr);
    EXPECT_NE(at({"paths", record, "get", "parameters"}).text().find("If-None-Match"), std::string::npos);
    const std::string records = "/v1/databases/{database}/collections/{collection}/records";
    EXPECT_NE(at({"paths", records, "get", "parameters"}).text().find(R"("name":"filters")"),
              std::string::npos);
}

/// Calls `visit` with each schema's properties and the way to them.
void each_property(const json::Value& value, const std::string& way,
                   const std::function<void(const std::string&, const json::Value&)>& visit) {
    if (value.is_array()) {
        for (const json::Value& element : value.as_array()) each_property(element, way, visit);
    }
    if (!value.is_object()) return;
    for (const auto& [name, member] : value.as_object()) {
        // What stands there is data, not a schema.
        if (name == "example" || name == "examples" || name == "default" || name == "links") continue;
        const std::string here = way + "/" + name;
        if (name != "properties" || !member.is_object()) {
            each_property(member, here, visit);
            continue;
        }
        for (const auto& [property, schema] : member.as_object()) {
            visit(here + "/" + property, schema);
            each_property(schema, here + "/" + property, visit);
        }
    }
}

bool describes(const json::Value& object) {
    const json::Value* text = object.find("description");
    // A sentence: it has more than one word and an end.
    return text != nullptr && text->as_string().find(' ') != std::string::npos &&
           std::string_view(".`)").find(text->as_string().back()) != std::string_view::npos;
}

TEST_F(Document, SaysWhatEverythingIsFor) {
    for (const json::Value& tag : at({"tags"}).as_array()) EXPECT_TRUE(describes(tag)) << tag.text();
    for (const auto& [path, item] : at({"paths"}).as_object()) {
        for (const auto& [method, operation] : item.as_object()) {
            EXPECT_TRUE(describes(operation)) << method << " " << path;
            for (const json::Value& parameter : operation.find("parameters")->as_array())
                EXPECT_TRUE(describes(parameter)) << method << " " << path << ": " << parameter.text();
        }
    }
    std::size_t properties = 0;
    each_property(document, "", [&](const std::string& way, const json::Value& schema) {
        ++properties;
        // The data of an answer is what the operation says, a reference says it elsewhere.
        const bool elsewhere = way.ends_with("/schema/properties/data") || schema.find("$ref") != nullptr;
        EXPECT_TRUE(elsewhere || describes(schema)) << way;
    });
    EXPECT_GT(properties, 500U);
}

TEST_F(Document, LinksLeadFromWhatIsMade) {
    const json::Value& links =
        at({"paths", "/v1/databases/{database}/collections", "post", "responses", "201", "links"});
    ASSERT_NE(links.find("insertRecords"), nullptr);
    EXPECT_EQ(links.find("insertRecords")->find("parameters")->text(),
              R"({"database":"$request.path.database","collection":"$response.body#/data/name"})");
    EXPECT_EQ(links.find("getRecord"), nullptr) << "it needs an id besides";
    EXPECT_NE(at({"paths", "/v1/api-keys", "post", "responses", "201", "links"}).find("rotateApiKey"),
              nullptr);
}

TEST_F(Document, NamesTheServersOfTheConfiguration) {
    EXPECT_EQ(at({"servers"}).as_array().size(), 1U);
    EXPECT_EQ(at({"servers"}).as_array()[0].find("url")->as_string(), "/");
    set_api_servers({"https://eu.example.com", "https://us.example.com"});
    const json::Value other = *json::parse(openapi_document(endpoints()));
    set_api_servers({});
    EXPECT_EQ(other.find("servers")->as_array()[1].find("url")->as_string(), "https://us.example.com");
}

}  // namespace
}  // namespace credvault::api
