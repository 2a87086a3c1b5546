#include "query/filter_match.h"

#include <algorithm>
#include <compare>
#include <limits>
#include <utility>

#include "query/filter_expression.h"
#include "query/geo/near.h"
#include "query/geo/shape.h"
#include "query/json_schema.h"
#include "query/pattern.h"
#include "query/text/text_query.h"
#include "query/whole_number.h"

namespace credvault::query {

std::uint32_t bson_type_bit(const json::View& value) {
    switch (value.type()) {
        case json::Type::Null: return type_bit(10);
        case json::Type::Bool: return type_bit(8);
        case json::Type::Double: return type_bit(1);
        case json::Type::String: return type_bit(2);
        case json::Type::Array: return type_bit(4);
        case json::Type::Object: return type_bit(3);
        case json::Type::Int: break;
    }
    const std::int64_t integer = value.as_int();
    const bool is_int = integer >= std::numeric_limits<std::int32_t>::min() &&
                        integer <= std::numeric_limits<std::int32_t>::max();
    return type_bit(is_int ? 16 : 18);
}

namespace {

/// Which of so many have been seen.
class Marks {
public:
    explicit Marks(std::size_t size) : many_(size > few ? size : 0), missing_(size) {}
    /// Marks one; true once all are marked.
    bool mark(std::size_t id) {
        const bool seen = many_.empty() ? (bits_ >> id & 1) != 0 : many_[id];
        if (seen) return false;
        if (many_.empty()) {
            bits_ |= std::uint64_t{1} << id;
        } else {
            many_[id] = true;
        }
        return --missing_ == 0;
    }

private:
    static constexpr std::size_t few = 64;
    std::uint64_t bits_ = 0;
    std::vector<bool> many_;
    std::size_t missing_;
};

}  // namespace

bool Predicate::matches(Slots slots, Position* position) const {
    const auto child_matches = [&](const Predicate& child) { return child.matches(slots, position); };
    const auto child_matches_quietly = [&](const Predicate& child) { return child.matches(slots, nullptr); };
    switch (op_) {
        case FilterOp::Or: return any_child_matches(slots, position);
        case FilterOp::Nor:
        case FilterOp::Not: return std::ranges::none_of(children_, child_matches_quietly);
        case FilterOp::Expr: return slots.run != nullptr && expression_->holds(*slots.run);
        case FilterOp::Never: return false;
        case FilterOp::JsonSchema: return schema_->matches_record(slots.document);
        case FilterOp::Text: return text_->matches(slots.document);
        case FilterOp::And: return std::ranges::all_of(children_, child_matches);
        case FilterOp::All:
            if (!values_) return std::ranges::all_of(children_, child_matches);
            break;
        default: break;
    }
    const FieldText text = slots[slot_];
    const json::View first(std::string_view(text.data, text.size));
    const json::View* value = text.data == nullptr ? nullptr : &first;
    if (values_ && op_ == FilterOp::All) return holds_all_values(value, position);
    if (shape_ != nullptr) {
        return each_point(value, parts_, [this](const GeoPoint& point) { return shape_->contains(point); });
    }
    if (near_ != nullptr) return near_->distance_in(value, parts_).has_value();
    return matches_path(value, position) != negated_;
}

bool Predicate::any_child_matches(Slots slots, Position* position) const {
    return std::ranges::any_of(children_, [&](const Predicate& child) {
        Position own;
        if (!child.matches(slots, position ? &own : nullptr)) return false;
        if (position && own) *position = own;
        return true;
    });
}

bool Predicate::matches_path(const json::View* first, Position* position) const {
    if (parts_.size() == 1 && (first == nullptr || !first->is_array())) return matches_value(first, nullptr);
    const auto visit = [this, position](const json::View* value, Position at) {
        if (!matches_value(value, position)) return false;
        if (position && at) *position = at;
        return true;
    };
    return PathWalk(parts_, leaf_, visit).from(first);
}

bool Predicate::holds_all_values(const json::View* first, Position* position) const {
    Marks marks(values_->size());
    const auto visit = [&](const json::View* value, Position at) {
        const std::optional<std::size_t> id = values_->find(value);
        if (!id) return false;
        if (position && at) *position = at;
        return marks.mark(*id);
    };
    return PathWalk(parts_, leaf_, visit).from(first);
}

bool Predicate::matches_value(const json::View* value, Position* position) const {
    const auto child_matches = [value](const Predicate& child) {
        return child.matches_value(value, nullptr) != child.negated_;
    };
    switch (op_) {
        case FilterOp::And: return std::ranges::all_of(children_, child_matches);
        case FilterOp::Or: return std::ranges::any_of(children_, child_matches);
        case FilterOp::Nor:
        case FilterOp::Not: return std::ranges::none_of(children_, child_matches);
        case FilterOp::All:
            if (!values_) return std::ranges::all_of(children_, child_matches);
            return values_->size() == 1 && values_->contains(value);
        case FilterOp::In: return values_->contains(value);
        case FilterOp::Exists: return value != nullptr;
        case FilterOp::Type: return value != nullptr && (bson_type_bit(*value) & mask_) != 0;
        case FilterOp::Regex: return value != nullptr && matches_regex(*value);
        case FilterOp::Size:
            return value != nullptr && value->is_array() &&
                   value->size() == static_cast<std::size_t>(number_);
        case FilterOp::ElemMatchObject:
        case FilterOp::ElemMatchValue:
            return value != nullptr && value->is_array() && matches_array(*value, position);
        case FilterOp::Mod: return value != nullptr && matches_modulo(*value);
        case FilterOp::BitsAllSet:
        case FilterOp::BitsAllClear:
        case FilterOp::BitsAnySet:
        case FilterOp::BitsAnyClear: return value != nullptr && matches_bits(*value);
        case FilterOp::GeoWithin: {
            const auto within = [this](const GeoPoint& point) { return shape_->contains(point); };
            return value != nullptr && each_point_in(*value, within);
        }
        case FilterOp::Text:
        case FilterOp::Near:  // Neither stands on an element.
        case FilterOp::Never: return false;
        default: return matches_comparison(value);
    }
}

bool Predicate::matches_comparison(const json::View* value) const {
    if (op_ == FilterOp::Eq) return operand_->equals(value);
    const Comparison order = operand_->compare_to(value);
    if (!order) return false;
    if (op_ == FilterOp::Gt) return std::is_gt(*order);
    if (op_ == FilterOp::Gte) return std::is_gteq(*order);
    return op_ == FilterOp::Lt ? std::is_lt(*order) : std::is_lteq(*order);
}

bool Predicate::matches_array(const json::View& array, Position* position) const {
    std::uint32_t index = 0;
    for (const json::View element : array.elements()) {
        const bool nested = element.is_object() || element.is_array();
        const bool hit = op_ == FilterOp::ElemMatchObject
                             ? nested && scope_->matches(element, nullptr)
                             : std::ranges::all_of(children_, [&element](const Predicate& child) {
                                   return child.matches_value(&element, nullptr) != child.negated_;
                               });
        if (hit) {
            if (position) *position = index;
            return true;
        }
        ++index;
    }
    return false;
}

bool Predicate::matches_regex(const json::View& value) const {
    if (!value.is_string()) return false;
    std::string scratch;
    return pattern_->matches(value.decoded(scratch));
}

bool Predicate::matches_modulo(const json::View& value) const {
    const std::optional<std::int64_t> dividend = whole_number(value, Fractions::Cut);
    if (!dividend) return false;
    // The least integer divided by -1 would overflow.
    return (number_ == -1 ? 0 : *dividend % number_) == remainder_;
}

bool Predicate::matches_bits(const json::View& value) const {
    const std::optional<std::int64_t> integer = whole_number(value);
    if (!integer) return false;
    const std::uint64_t hits = static_cast<std::uint64_t>(*integer) & mask_;
    switch (op_) {
        case FilterOp::BitsAllSet: return hits == mask_;
        case FilterOp::BitsAllClear: return hits == 0;
        case FilterOp::BitsAnySet: return hits != 0;
        default: return hits != mask_;
    }
}

}  // namespace credvault::query
