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
        const std::string prefix = path.starts_with("#/components/headers/") ? "headers" : "schemas";
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

}  // namespace
}  // namespace credvault::api
