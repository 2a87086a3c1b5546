// From a schema's text to its nodes. Walks the text by keywords, follows references within it, and refuses what could
// go in circles without coming to another value. One parser parses one schema. Internal to query/.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/json_schema.h"
#include "query/json_schema_node.h"

namespace credvault::query {

class SchemaParser {
public:
    SchemaParser(SchemaDialect dialect, std::string_view name, const SchemaLimits& limits)
        : dialect_(dialect), limits_(limits), place_(name) {}

    Result<std::vector<SchemaNode>> parse(const json::View& text);

private:
    using Keyword = Status (SchemaParser::*)(SchemaNode& node, const json::View& value);
    struct Row {
        std::string_view name;
        Keyword parse;
        bool standard;
        bool filter;
    };
    static const Row* find(std::string_view name);

    bool is_filter() const { return dialect_ == SchemaDialect::Filter; }

    // Schemas (json_schema_parser.cpp).
    Result<SchemaRef> schema(const json::View& value);
    Status members(SchemaNode& node, const json::View& object);
    Status keyword(SchemaNode& node, std::string_view name, const json::View& value);
    Status check_together(const json::View& object, SchemaNode& node);
    Result<SchemaRef> never();
    Result<SchemaRef> named(std::string_view name, const json::View& value);
    Result<std::vector<SchemaRef>> schema_list(const json::View& value);
    Status reference(SchemaNode& node, const json::View& value);
    Result<json::View> resolve(const std::string& fragment) const;
    Status find_anchors(const json::View& value, std::size_t depth);
    Status check_chains() const;

    // Keywords (json_schema_keywords.cpp).
    Status type(SchemaNode& node, const json::View& value);
    Status bson_type(SchemaNode& node, const json::View& value);
    Status enumeration(SchemaNode& node, const json::View& value);
    Status constant(SchemaNode& node, const json::View& value);
    Status minimum(SchemaNode& node, const json::View& value);
    Status maximum(SchemaNode& node, const json::View& value);
    Status exclusive_minimum(SchemaNode& node, const json::View& value);
    Status exclusive_maximum(SchemaNode& node, const json::View& value);
    Status multiple_of(SchemaNode& node, const json::View& value);
    Status min_length(SchemaNode& node, const json::View& value);
    Status max_length(SchemaNode& node, const json::View& value);
    Status pattern(SchemaNode& node, const json::View& value);
    Status format(SchemaNode& node, const json::View& value);
    Status min_items(SchemaNode& node, const json::View& value);
    Status max_items(SchemaNode& node, const json::View& value);
    Status unique_items(SchemaNode& node, const json::View& value);
    Status items(SchemaNode& node, const json::View& value);
    Status prefix_items(SchemaNode& node, const json::View& value);
    Status additional_items(SchemaNode& node, const json::View& value);
    Status contains(SchemaNode& node, const json::View& value);
    Status min_contains(SchemaNode& node, const json::View& value);
    Status max_contains(SchemaNode& node, const json::View& value);
    Status min_properties(SchemaNode& node, const json::View& value);
    Status max_properties(SchemaNode& node, const json::View& value);
    Status required(SchemaNode& node, const json::View& value);
    Status properties(SchemaNode& node, const json::View& value);
    Status pattern_properties(SchemaNode& node, const json::View& value);
    Status additional_properties(SchemaNode& node, const json::View& value);
    Status property_names(SchemaNode& node, const json::View& value);
    Status dependencies(SchemaNode& node, const json::View& value);
    Status dependent_required(SchemaNode& node, const json::View& value);
    Status dependent_schemas(SchemaNode& node, const json::View& value);
    Status all_of(SchemaNode& node, const json::View& value);
    Status any_of(SchemaNode& node, const json::View& value);
    Status one_of(SchemaNode& node, const json::View& value);
    Status negation(SchemaNode& node, const json::View& value);
    Status if_schema(SchemaNode& node, const json::View& value);
    Status then_schema(SchemaNode& node, const json::View& value);
    Status else_schema(SchemaNode& node, const json::View& value);
    Status definitions(SchemaNode& node, const json::View& value);
    Status annotation_text(SchemaNode& node, const json::View& value);
    Status annotation(SchemaNode& node, const json::View& value);
    Status dialect_name(SchemaNode& node, const json::View& value);

    // What keywords take.
    Error wrong(std::string_view message) const;
    Status limit(std::optional<std::int64_t>& to, const json::View& value) const;
    Status number(std::optional<json::Value>& to, const json::View& value) const;
    Status exclusive(std::optional<json::Value>& bound, bool& exclusive, const json::View& value) const;
    Result<std::vector<std::string>> names(const json::View& value) const;
    Result<std::shared_ptr<const Pattern>> compiled(std::string_view text);

    const SchemaDialect dialect_;
    const SchemaLimits limits_;
    std::string place_;  ///< As in "schema.properties.age.minimum".
    json::View root_;
    std::vector<SchemaNode> nodes_;
    std::map<const char*, SchemaRef> known_;  ///< By where their text begins.
    std::map<std::string, json::View> anchors_;
    std::optional<SchemaRef> never_;
    std::size_t depth_ = 0;
    std::size_t patterns_ = 0;
    std::size_t pattern_program_ = 0;
};

}  // namespace credvault::query
