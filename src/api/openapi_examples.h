// Examples of the OpenAPI document: requests that were made and what they were answered with, as tests/examples.py
// recorded them in openapi_examples.json. Immutable; thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace credvault::api {

class OpenApiExamples {
public:
    /// From the text of the file, an object: `requests` by operation, `answers` by operation and status, `errors` by
    /// code. Aborts where it is another: it is compiled in.
    explicit OpenApiExamples(std::string_view text);

    /// Canonical JSON; empty where there is none.
    std::string_view request(std::string_view operation) const;
    std::string_view answer(std::string_view operation, int status) const;
    std::string_view error(std::string_view code) const;

private:
    using ByName = std::map<std::string, std::string, std::less<>>;
    static std::string_view in(const ByName& texts, std::string_view name);

    ByName requests_, answers_, errors_;
};

/// Those that are compiled in.
const OpenApiExamples& openapi_examples();

}  // namespace credvault::api
