// Reading single values from text and JSON, with the checks that Rules ask for. What is wrong is told to the spot's
// problems and said by the return value. The pieces that codecs.h is put together from. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/type.h"

namespace credvault::api {

/// Within the rules' bounds, which are never below `least`.
std::optional<std::int64_t> integer_from_text(std::string_view from, const Spot& spot, std::int64_t least);
std::optional<std::int64_t> integer_from_json(json::View from, const Spot& spot, std::int64_t least);
bool boolean_from_text(bool& to, std::string_view from, const Spot& spot);
bool boolean_from_json(bool& to, json::View from, const Spot& spot);
bool number_from_text(double& to, std::string_view from, const Spot& spot);
bool number_from_json(double& to, json::View from, const Spot& spot);
bool string_from_json(std::string_view& to, json::View from, const Spot& spot);
/// Length and format. Text that came percent-encoded has been checked to be UTF-8 before.
bool check_string(std::string_view text, const Spot& spot);
/// Any JSON, made canonical; a syntax error is the parameter's (INVALID_PARAMETER).
bool json_from_text(json::View& to, std::string_view from, const Spot& spot);
bool check_kind(json::View value, const Spot& spot);
bool check_items(std::size_t items, const Spot& spot);

/// "a,b,c" in parts; empty text has none.
std::vector<std::string_view> split_list(std::string_view text);
/// "a, b, c".
std::string joined(const std::vector<std::string_view>& names);

}  // namespace credvault::api
