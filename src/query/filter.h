// The filter language: MongoDB's meaning on JSON values (API.md, "Filters"). parse_filter checks everything that can be
// checked without a record; a Filter is immutable, cheap to copy and evaluated by any number of threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "json/view.h"
#include "query/expression/scope.h"
#include "query/path.h"

namespace credvault::query {

class FilterExpression;  // $expr (filter_expression.h)
class GeoNear;           // geo/near.h
class GeoShape;          // geo/shape.h
class Item;              // a computed value (expression/item.h)
class JsonSchema;        // json_schema.h
class Pattern;           // a compiled regular expression (pattern.h)
class TextQuery;         // text/text_query.h
class TextSource;        // text/text_source.h

enum class FilterOp : std::uint8_t {
    And,  ///< All children; without children: matches everything.
    Or,
    Nor,
    Not,  ///< One child, a predicate on the same path.
    Eq,   ///< One operand. `$ne` is Not(Eq), `$nin` is Not(In).
    Gt,
    Gte,
    Lt,
    Lte,
    In,      ///< Any number of operands; patterns where regular expressions were listed.
    Exists,  ///< operands[0] is the boolean.
    Type,    ///< type_mask, made of type_bit().
    Regex,   ///< patterns[0].
    Size,    ///< operands[0] is the integer.
    All,     ///< Children: one predicate (Eq or ElemMatch…) per required element, on the same path.
    ElemMatchObject,  ///< children[0] is a filter on the element.
    ElemMatchValue,   ///< Children are predicates with an empty path (no parts), on the element itself.
    Mod,              ///< operands: divisor, remainder.
    BitsAllSet,       ///< operands[0] is the mask as an array of bit positions, 0 to 63 (63 for all beyond).
    BitsAllClear,
    BitsAnySet,
    BitsAnyClear,
    Expr,        ///< `expression` is true of the record.
    JsonSchema,  ///< schema, on the whole document.
    Text,        ///< text; at document level, once in a filter.
    GeoWithin,   ///< shape; also $geoIntersects, since records hold points.
    Near,        ///< near; a conjunct of the root, once in a filter.
    Never,       ///< Matches nothing.
};

/// The bit of a BSON type code in a type_mask: 1 double, 2 string, 3 object, 4 array, 8 bool, 10 null, 16 int, 18 long.
/// Codes of types that JSON lacks have a bit too; it matches nothing.
constexpr std::uint32_t type_bit(int code) { return code > 0 && code < 32 ? 1U << code : 1U; }

/// A node of the checked filter. The planner reads it; only the evaluator interprets it. A filter's root is an And that
/// holds no And itself: those are merged into it. `path` is set on every node but And, Or, Nor at document
/// level and those that look at the whole document.
struct FilterNode {
    FilterOp op = FilterOp::And;
    Path path;
    std::vector<FilterNode> children;
    std::vector<json::Value> operands;
    std::vector<std::shared_ptr<const Pattern>> patterns;
    std::shared_ptr<const FilterExpression> expression;
    std::uint32_t type_mask = 0;
    std::shared_ptr<const JsonSchema> schema;
    std::shared_ptr<const TextQuery> text;
    std::shared_ptr<const GeoShape> shape;
    std::shared_ptr<const GeoNear> near;
};

struct FilterLimits {
    std::size_t max_depth = 100;       ///< Nested operators.
    std::size_t max_nodes = 10'000;    ///< Predicates in all; the values of $in and $all are no predicates.
    std::size_t max_values = 100'000;  ///< Listed in $in, $nin and $all, in all.
    std::size_t max_patterns = 64;     ///< Regular expressions.
    std::size_t max_pattern_program =
        200'000;                      ///< Instructions of all of them: time to compile, memory to run.
    std::size_t max_bytes = 4 << 20;  ///< Of the document's text.
    /// Why there can be no $text and $near, where there can't be any: a sentence for errors.
    std::string_view no_search = {};
};

class Filter {
public:
    /// Matches every record.
    Filter();
    /// Precondition: a tree such as parse_filter makes.
    explicit Filter(FilterNode root);

    /// Whether the record (canonical text of an object) matches. Where `element` is given and an array element decided
    /// the match, it receives that element's position, for the positional projection and update.
    /// An expression ($expr) that fails makes this false: where that matters, use test().
    bool matches(const json::View& record, std::optional<std::uint32_t>* element = nullptr) const;
    /// The same, but fails where an expression does: with INVALID_EXPRESSION, QUERY_TOO_LARGE.
    Result<bool> test(const json::View& record, std::optional<std::uint32_t>* element = nullptr) const {
        if (!has_expressions_) [[likely]]
            return matches(record, element);
        return test_expressions(record, element);
    }
    /// Whether test() can fail and bind() makes a difference.
    bool has_expressions() const { return has_expressions_; }
    /// The filter with these values for the variables of the scope it was parsed with, by slot, and this time for
    /// `$$NOW`. Keeps copies of them. Comparisons with variables can then use indexes.
    Filter bind(std::span<const Item> variables, std::int64_t now_ms) const;
    const FilterNode& root() const { return *root_; }
    bool matches_everything() const;
    /// Its $text, wherever it stands; null where there is none.
    const TextQuery* text() const { return text_; }
    /// Its $near or $nearSphere.
    const FilterNode* near() const { return near_; }

private:
    Result<bool> test_expressions(const json::View& record, std::optional<std::uint32_t>* element) const;

    std::shared_ptr<const FilterNode> root_;
    std::shared_ptr<const class CompiledFilter> compiled_;
    bool has_expressions_ = false;
    const TextQuery* text_ = nullptr;
    const FilterNode* near_ = nullptr;
};

/// Parses a filter document. Fails with INVALID_FILTER, UNSUPPORTED_OPERATOR or, in `$expr`, INVALID_EXPRESSION;
/// `field` is the path or the operator that is wrong (for instance "age.$gt") and the message says what would be right.
/// The scope has the variables that `$expr` may name; bind() gives them values. `text` is what the collection's text
/// index indexes: a $text needs one.
Result<Filter> parse_filter(const json::View& document, const FilterLimits& limits = {},
                            const Scope& scope = {}, std::shared_ptr<const TextSource> text = nullptr);
/// Both filters at once.
Filter both(const Filter& a, const Filter& b);

}  // namespace credvault::query
