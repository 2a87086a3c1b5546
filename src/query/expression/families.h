// The tables of operators, one a family, each defined in the family's source file; operators.cpp joins them.
#pragma once

#include <span>

#include "query/expression/operator.h"

namespace credvault::query {

std::span<const Operator> accumulator_operators();
std::span<const Operator> arithmetic_operators();
std::span<const Operator> array_loop_operators();
std::span<const Operator> array_operators();
std::span<const Operator> array_order_operators();
std::span<const Operator> array_shape_operators();
std::span<const Operator> bitwise_operators();
std::span<const Operator> boolean_operators();
std::span<const Operator> comparison_operators();
std::span<const Operator> conditional_operators();
std::span<const Operator> conversion_operators();
std::span<const Operator> date_operators();
std::span<const Operator> date_part_operators();
std::span<const Operator> date_parts_operators();
std::span<const Operator> date_text_operators();
std::span<const Operator> literal_operators();
std::span<const Operator> math_operators();
std::span<const Operator> meta_operators();
std::span<const Operator> object_operators();
std::span<const Operator> random_operators();
std::span<const Operator> regex_operators();
std::span<const Operator> rounding_operators();
std::span<const Operator> set_operators();
std::span<const Operator> size_operators();
std::span<const Operator> string_operators();
std::span<const Operator> substring_operators();
std::span<const Operator> trigonometry_operators();
std::span<const Operator> variable_operators();

}  // namespace credvault::query
