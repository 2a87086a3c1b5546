#include "query/json_schema.h"

#include <algorithm>
#include <utility>

#include "query/json_schema_check.h"
#include "query/json_schema_parser.h"

namespace credvault::query {
namespace {

/// How much may be looked at in one evaluation: a few times what there is. Filters have no references, whose work could
/// grow without end.
std::uint64_t work_of(SchemaDialect dialect, const json::View& value) {
    return dialect == SchemaDialect::Standard ? 1'000'000 + 2 * std::uint64_t{value.text().size()} : 0;
}

/// The platform's fields that the schema does not name, where it matters: some words see fields that are not named.
std::vector<std::string_view> hidden_fields(std::string_view schema) {
    const auto has = [schema](std::string_view word) {
        return schema.find("\"" + std::string(word) + "\"") != std::string_view::npos;
    };
    constexpr std::string_view words[] = {"additionalProperties", "patternProperties", "propertyNames",
                                          "minProperties", "maxProperties"};
    std::vector<std::string_view> hidden;
    if (std::ranges::none_of(words, has)) return hidden;
    for (const std::string_view field : {"id", "created_at", "updated_at", "_version"}) {
        if (!has(field)) hidden.push_back(field);
    }
    return hidden;
}

}  // namespace

Result<JsonSchema> JsonSchema::parse(const json::View& text, SchemaDialect dialect, std::string_view name,
                                     const SchemaLimits& limits) {
    TRY(Nodes nodes, SchemaParser(dialect, name, limits).parse(text));
    JsonSchema schema(std::make_shared<const Nodes>(std::move(nodes)), dialect);
    schema.hidden_ = hidden_fields(text.text());
    return schema;
}

std::string_view JsonSchema::shown(const json::View& record, std::string& scratch) const {
    if ((hidden_.empty() && denied_.empty()) || !record.is_object()) return record.text();
    scratch = "{";
    for (const json::Member& member : record.members()) {
        if (std::ranges::find(hidden_, member.name) != hidden_.end()) continue;
        if (std::ranges::find(denied_, member.name) != denied_.end()) continue;
        if (scratch.size() > 1) scratch += ',';
        // From the quote before the name to the value's end.
        const std::string_view value = member.value.text();
        scratch.append(member.name.data() - 1, value.data() + value.size());
    }
    scratch += '}';
    return scratch;
}

JsonSchema JsonSchema::without(const std::vector<std::string>& fields) const {
    JsonSchema copy = *this;
    copy.denied_.insert(copy.denied_.end(), fields.begin(), fields.end());
    return copy;
}

bool JsonSchema::matches_record(const json::View& record) const {
    std::string scratch;
    return matches(json::View(shown(record, scratch)));
}

std::vector<SchemaViolation> JsonSchema::record_violations(const json::View& record, std::size_t most) const {
    std::string scratch;
    return violations(json::View(shown(record, scratch)), most);
}

bool JsonSchema::matches(const json::View& value) const {
    return SchemaCheck(*nodes_, work_of(dialect_, value), 0).run(value);
}

std::vector<SchemaViolation> JsonSchema::violations(const json::View& value, std::size_t most) const {
    SchemaCheck check(*nodes_, work_of(dialect_, value), most);
    if (check.run(value)) return {};
    return check.take();
}

}  // namespace credvault::query
