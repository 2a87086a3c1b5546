// From a filter document to its checked tree. One parser parses one filter; it keeps the place it has come to, so that
// errors name it, and counts what the limits bound. Internal to query/.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/filter.h"

namespace credvault::query {

class FilterParser {
public:
    FilterParser(const FilterLimits& limits, const Scope& scope,
                 std::shared_ptr<const TextSource> text = nullptr)
        : limits_(limits), scope_(scope), text_source_(std::move(text)) {}

    /// The whole filter. Its root is an And.
    Result<FilterNode> parse(const json::View& document);

private:
    using Nodes = std::vector<FilterNode>;

    // Documents: {field: …, $and: […], …} (filter_parser.cpp).
    Status document(const json::View& object, Nodes& out);
    Status document_operator(std::string_view name, const json::View& value, Nodes& out);
    Status branches(FilterOp op, const json::View& value, Nodes& out);
    Status expression(const json::View& value, Nodes& out);
    Status sample_rate(const json::View& value, Nodes& out);
    Status add_expression(const json::View& spec, Nodes& out);
    Status json_schema(const json::View& value, Nodes& out);
    Status field(std::string_view name, const json::View& value, Nodes& out);

    /// Predicates on one path: {$gt: 1, $lt: 5} (filter_predicate.cpp).
    Status predicates(const Path& path, const json::View& operators, Nodes& out);
    Status predicate(const Path& path, std::string_view name, const json::View& value,
                     const json::View& siblings, Nodes& out);
    Status simple_predicate(const Path& path, std::string_view name, const json::View& value, Nodes& out);
    Result<FilterNode> negation(const Path& path, const json::View& value);
    Result<FilterNode> elem_match(const Path& path, const json::View& value);
    Result<FilterNode> all(const Path& path, const json::View& value);
    Result<FilterNode> in(const Path& path, const json::View& value);
    Result<FilterNode> regex(const Path& path, const json::View& siblings);

    // $text and places (filter_search.cpp).
    Status text(const json::View& value, Nodes& out);
    Status place(const Path& path, std::string_view name, const json::View& value, const json::View& siblings,
                 Nodes& out);
    Result<FilterNode> near(const Path& path, std::string_view name, const json::View& value,
                            const json::View& siblings);

    // Bookkeeping.
    Error wrong(std::string_view message) const;
    Error unsupported(std::string_view name) const;
    Status count_node();
    Status count_values(const json::View& array);
    /// Counts what so many nodes on this path take: a long path under many operators must not fill the memory.
    Status count_memory(const Path& path, std::size_t nodes);

    /// Extends the place that errors name while it lives, and counts the depth.
    class Inside {
    public:
        Inside(FilterParser& parser, std::string_view name);
        ~Inside();
        Inside(const Inside&) = delete;
        Inside& operator=(const Inside&) = delete;

    private:
        FilterParser& parser_;
        std::size_t length_;
    };
    Status check_depth() const;

    /// Counts what stands around while it lives.
    class Within {
    public:
        explicit Within(std::size_t& count) : count_(count) { ++count_; }
        ~Within() { --count_; }
        Within(const Within&) = delete;
        Within& operator=(const Within&) = delete;

    private:
        std::size_t& count_;
    };

    const FilterLimits limits_;
    const Scope scope_;
    const std::shared_ptr<const TextSource> text_source_;
    std::string place_;  ///< As in "$or.1.age.$gt".
    std::size_t depth_ = 0;
    std::size_t elements_ = 0;  ///< $elemMatch around it.
    std::size_t nodes_ = 0;
    std::size_t values_ = 0;
    std::size_t patterns_ = 0;
    std::size_t pattern_program_ = 0;
    std::size_t memory_ = 0;  ///< Bytes of the tree, roughly.
    std::size_t joins_ = 0;   ///< $or, $nor, $not and $elemMatch around it.
    std::size_t nors_ = 0;
    bool has_text_ = false;
    bool has_near_ = false;
};

/// A member's name without escapes.
std::string decoded_name(std::string_view escaped);
/// Whether this is {$operator: …}: an object whose first name begins with a dollar sign.
bool is_operator_document(const json::View& value);

/// Whether it is one of the operators on places.
bool is_place_operator(std::string_view name);

/// Whether a value counts as true: not false, null or 0.
bool is_truthy(const json::View& value);

/// Arguments of operators (filter_argument.cpp). They fail with INVALID_FILTER and leave `field` to the caller.
Result<std::uint32_t> type_argument(const json::View& value);
Result<std::int64_t> size_argument(const json::View& value);
/// Bit positions; 63 stands for all from there on.
Result<json::Value> bits_argument(const json::View& value);

struct ModArgument {
    std::int64_t divisor;  ///< Not 0.
    std::int64_t remainder;
};
Result<ModArgument> mod_argument(const json::View& value);

}  // namespace credvault::query
