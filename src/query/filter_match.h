// The form of a filter that is evaluated. A scope is a filter on one document: the record, or an element under
// $elemMatch. It knows the names of all fields that its predicates begin with, so that one pass over the document's
// text finds them all and a conjunction stops at the first predicate that fails. Internal to query/. Immutable;
// thread-safe. Refers to the tree it was compiled from (FilterNode), which its owner keeps.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/view.h"
#include "query/filter.h"
#include "query/operand.h"
#include "query/path_walk.h"

namespace credvault::query {

class MatchScope;

/// The type_bit() of the value's type.
std::uint32_t bson_type_bit(const json::View& value);

/// The text of one field; null where the field is missing. Trivial, since many are made and few are used.
struct FieldText {
    const char* data;
    std::size_t size;
};

struct ExpressionRun;

/// A document, the fields of a scope in it, and what expressions need.
struct Slots {
    std::span<const FieldText> fields;
    const json::View& document;
    ExpressionRun* run = nullptr;  ///< Null where there are no expressions.

    const FieldText& operator[](std::size_t i) const { return fields[i]; }
};
/// The first parts of the paths of a scope's predicates, each once.
using ScopeNames = std::vector<const PathPart*>;

/// One node, ready to run.
class Predicate {
public:
    /// Adds the fields that it begins with to `names`, and keeps their places there.
    Predicate(const FilterNode& node, ScopeNames& names);

    /// Whether the document with these fields matches. Where one element of an array decides and `position` is given,
    /// it receives the element's position.
    bool matches(Slots slots, Position* position) const;
    /// The field that decides alone, or nothing where several do.
    std::optional<std::size_t> only_slot() const { return only_slot_; }

private:
    void compile_operands(const FilterNode& node);
    void compile_children(const FilterNode& node, ScopeNames& names);
    void find_only_slot();

    bool any_child_matches(Slots slots, Position* position) const;
    bool matches_path(const json::View* first, Position* position) const;
    bool holds_all_values(const json::View* first, Position* position) const;
    /// A value at the path's end, or an element of an array there; never looks into an array but for $elemMatch, $size.
    bool matches_value(const json::View* value, Position* position) const;
    bool matches_array(const json::View& array, Position* position) const;
    bool matches_comparison(const json::View* value) const;
    bool matches_regex(const json::View& value) const;
    bool matches_modulo(const json::View& value) const;
    bool matches_bits(const json::View& value) const;

    FilterOp op_;
    LeafArrays leaf_ = LeafArrays::Elements;
    bool negated_ = false;  ///< Exists false.
    std::span<const PathPart> parts_;
    std::size_t slot_ = 0;
    std::optional<std::size_t> only_slot_;
    std::vector<Predicate> children_;
    std::optional<Operand> operand_;
    std::shared_ptr<const ValueSet> values_;   ///< In, and All of nothing but values.
    std::shared_ptr<const MatchScope> scope_;  ///< ElemMatchObject.
    const Pattern* pattern_ = nullptr;
    const JsonSchema* schema_ = nullptr;
    const FilterExpression* expression_ = nullptr;
    const TextQuery* text_ = nullptr;
    const GeoShape* shape_ = nullptr;
    const GeoNear* near_ = nullptr;
    std::int64_t number_ = 0;     ///< Size; the divisor of Mod.
    std::int64_t remainder_ = 0;  ///< Mod.
    std::uint64_t mask_ = 0;      ///< Type, Bits….
};

class MatchScope {
public:
    explicit MatchScope(const FilterNode& root);

    /// An array counts as a document whose names are positions, as it does under $elemMatch.
    bool matches(const json::View& document, Position* position, ExpressionRun* run = nullptr) const;

private:
    struct Name {
        std::string_view escaped;
        const PathPart* part;
        std::vector<std::uint32_t> conjuncts;  ///< Those that this field decides alone.
    };

    bool matches(const json::View& document, std::span<FieldText> fields, Position* position,
                 ExpressionRun* run) const;
    bool read_object(const json::View& object, std::span<FieldText> fields, bool stop_early) const;
    bool read_array(const json::View& array, std::span<FieldText> fields, bool stop_early) const;
    std::size_t index_of(const char* name, std::size_t size) const;
    bool decided_match(std::size_t name, Slots slots) const;

    std::vector<Predicate> conjuncts_;
    std::vector<Name> names_;
    std::unordered_map<std::string_view, std::size_t> by_name_;  ///< Only where there are many.
    std::uint64_t lengths_ = 0;         ///< Bit n: some name has n bytes (modulo 64).
    std::vector<std::uint32_t> joint_;  ///< Conjuncts that several fields decide, or none.
};

/// A whole filter.
class CompiledFilter {
public:
    explicit CompiledFilter(const FilterNode& root) : scope_(root) {}
    /// `run` may be null where the filter has no expressions.
    bool matches(const json::View& record, Position* position, ExpressionRun* run) const {
        return scope_.matches(record, position, run);
    }

private:
    MatchScope scope_;
};

}  // namespace credvault::query
