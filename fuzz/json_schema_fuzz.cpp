// A schema on the first line, a value behind it: any schema is taken or refused, an evaluation ends, the two ways to
// evaluate agree, and violations point into the value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/json_schema.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const json::View& schema, const json::View& value, query::SchemaDialect dialect) {
    const auto parsed = query::JsonSchema::parse(schema, dialect, "schema");
    if (!parsed.ok()) {
        require(parsed.error().code == (dialect == query::SchemaDialect::Filter ? ErrorCode::INVALID_FILTER
                                                                                : ErrorCode::INVALID_SCHEMA));
        require(parsed.error().field.starts_with("schema") && !parsed.error().message.empty());
        return;
    }
    const bool matches = parsed->matches(value);
    const auto found = parsed->violations(value, 3);
    require(matches == found.empty() && found.size() <= 3);
    for (const query::SchemaViolation& one : found) {
        require(one.pointer.empty() || one.pointer.front() == '/');
        require(!one.message.empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto schema = json::canonicalize(text.substr(0, line));
    const auto value = json::canonicalize(text.substr(line + 1));
    if (!schema.ok() || !value.ok()) return 0;
    check(json::View(*schema), json::View(*value), query::SchemaDialect::Standard);
    check(json::View(*schema), json::View(*value), query::SchemaDialect::Filter);
    return 0;
}
