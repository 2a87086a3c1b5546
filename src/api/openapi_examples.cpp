#include "api/openapi_examples.h"

#include <cstdlib>

#include "base/result.h"
#include "json/canonical.h"
#include "json/value.h"

// Put there by openapi_examples.s (cmake/Modules.cmake).
extern "C" const char credvault_openapi_examples[];
extern "C" const char credvault_openapi_examples_end[];

namespace credvault::api {
namespace {

const json::Value& member(const json::Value& of, std::string_view name) {
    const json::Value* found = of.is_object() ? of.find(name) : nullptr;
    if (found == nullptr || !found->is_object()) std::abort();
    return *found;
}

}  // namespace

OpenApiExamples::OpenApiExamples(std::string_view text) {
    const Result<json::Value> parsed = json::parse(text);
    if (!parsed.ok()) std::abort();
    for (const auto& [operation, request] : member(*parsed, "requests").as_object())
        requests_[operation] = request.text();
    for (const auto& [operation, answers] : member(*parsed, "answers").as_object()) {
        for (const auto& [status, answer] : answers.as_object())
            answers_[operation + " " + status] = answer.text();
    }
    for (const auto& [code, error] : member(*parsed, "errors").as_object()) errors_[code] = error.text();
}

std::string_view OpenApiExamples::in(const ByName& texts, std::string_view name) {
    const auto found = texts.find(name);
    return found == texts.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view OpenApiExamples::request(std::string_view operation) const {
    return in(requests_, operation);
}

std::string_view OpenApiExamples::answer(std::string_view operation, int status) const {
    return in(answers_, std::string(operation) + " " + std::to_string(status));
}

std::string_view OpenApiExamples::error(std::string_view code) const { return in(errors_, code); }

const OpenApiExamples& openapi_examples() {
    static const OpenApiExamples examples(
        std::string_view(credvault_openapi_examples, credvault_openapi_examples_end));
    return examples;
}

}  // namespace credvault::api
