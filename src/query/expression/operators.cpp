#include <algorithm>
#include <vector>

#include "query/expression/families.h"

namespace credvault::query {
namespace {

/// All operators, sorted by name.
std::vector<Operator> sorted_operators() {
    std::vector<Operator> all;
    const auto add = [&all](std::span<const Operator> family) {
        all.insert(all.end(), family.begin(), family.end());
    };
    add(accumulator_operators());
    add(arithmetic_operators());
    add(array_loop_operators());
    add(array_operators());
    add(array_order_operators());
    add(array_shape_operators());
    add(bitwise_operators());
    add(boolean_operators());
    add(comparison_operators());
    add(conditional_operators());
    add(conversion_operators());
    add(date_operators());
    add(date_part_operators());
    add(date_parts_operators());
    add(date_text_operators());
    add(literal_operators());
    add(math_operators());
    add(meta_operators());
    add(object_operators());
    add(random_operators());
    add(regex_operators());
    add(rounding_operators());
    add(set_operators());
    add(size_operators());
    add(string_operators());
    add(substring_operators());
    add(trigonometry_operators());
    add(variable_operators());
    std::ranges::sort(all, {}, &Operator::name);
    return all;
}

}  // namespace

const Operator* find_operator(std::string_view name) {
    static const std::vector<Operator> operators = sorted_operators();
    const auto found = std::ranges::lower_bound(operators, name, {}, &Operator::name);
    return found != operators.end() && found->name == name ? &*found : nullptr;
}

}  // namespace credvault::query
