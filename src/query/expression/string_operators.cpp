#include <algorithm>
#include <string>
#include <vector>

#include "query/expression/families.h"
#include "query/expression/text_argument.h"
#include "query/expression/utf8.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

/// Only ASCII letters have a case here, as in MongoDB.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

Result<Item> concat(const Call& call, Arguments arguments) {
    std::string out;
    for (const Item& argument : arguments) {
        if (argument.is_nullish()) return Item(nullptr);
        if (!argument.is_string()) return call.wrong_type("the arguments must be strings", argument);
        const TextArgument text(argument);
        TRY_VOID(call.charge(text->size()));
        out += *text;
    }
    return Item(std::move(out));
}

Result<Item> length_in_bytes(const Call& call, Arguments arguments) {
    if (!arguments[0].is_string()) return call.wrong_type("the argument must be a string", arguments[0]);
    return Item(static_cast<std::int64_t>(TextArgument(arguments[0])->size()));
}

Result<Item> length_in_code_points(const Call& call, Arguments arguments) {
    if (!arguments[0].is_string()) return call.wrong_type("the argument must be a string", arguments[0]);
    return Item(static_cast<std::int64_t>(count_code_points(*TextArgument(arguments[0]))));
}

Result<Item> compare_without_case(const Call& call, Arguments arguments) {
    TRY(std::string first, lenient_text(call, "the first argument", arguments[0]));
    TRY(std::string second, lenient_text(call, "the second argument", arguments[1]));
    std::ranges::transform(first, first.begin(), upper);
    std::ranges::transform(second, second.begin(), upper);
    const int order = first.compare(second);
    return Item(order < 0 ? -1 : order > 0 ? 1 : 0);
}

Result<Item> to_lower(const Call& call, Arguments arguments) {
    TRY(std::string text, lenient_text(call, "the argument", arguments[0]));
    std::ranges::transform(text, text.begin(), lower);
    return call.string(std::move(text));
}

Result<Item> to_upper(const Call& call, Arguments arguments) {
    TRY(std::string text, lenient_text(call, "the argument", arguments[0]));
    std::ranges::transform(text, text.begin(), upper);
    return call.string(std::move(text));
}

Result<Item> split(const Call& call, Arguments arguments) {
    if (!arguments[0].is_string())
        return call.wrong_type("the first argument must be a string", arguments[0]);
    if (!arguments[1].is_string()) return call.wrong_type("the separator must be a string", arguments[1]);
    const TextArgument text(arguments[0]);
    const TextArgument separator(arguments[1]);
    if (separator->empty()) return call.wrong("the separator must have at least one character");
    Item::Array parts;
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = find_text(*text, *separator, begin);
        std::string part(text->substr(begin, end == std::string_view::npos ? end : end - begin));
        TRY_VOID(call.charge(part.size() + sizeof(Item) + sizeof(std::string)));
        parts.emplace_back(std::move(part));
        if (end == std::string_view::npos) return call.array(std::move(parts));
        begin = end + separator->size();
    }
}

/// White space as MongoDB trims it.
constexpr std::string_view white_space[] = {
    std::string_view("\0", 1),
    "\t",
    "\n",
    "\v",
    "\f",
    "\r",
    " ",
    "\xC2\xA0",
    "\xE1\x9A\x80",
    "\xE2\x80\x80",
    "\xE2\x80\x81",
    "\xE2\x80\x82",
    "\xE2\x80\x83",
    "\xE2\x80\x84",
    "\xE2\x80\x85",
    "\xE2\x80\x86",
    "\xE2\x80\x87",
    "\xE2\x80\x88",
    "\xE2\x80\x89",
    "\xE2\x80\x8A",
};

/// A set of code points, sorted, for trimming.
std::vector<std::string_view> code_points_of(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = code_point_bytes(text, at);
        out.push_back(text.substr(at, length));
        at += length;
    }
    std::ranges::sort(out);
    return out;
}

std::string_view trim_front(std::string_view text, const std::vector<std::string_view>& set) {
    while (!text.empty()) {
        const std::string_view first = text.substr(0, code_point_bytes(text, 0));
        if (!std::ranges::binary_search(set, first)) break;
        text.remove_prefix(first.size());
    }
    return text;
}

std::string_view trim_back(std::string_view text, const std::vector<std::string_view>& set) {
    while (!text.empty()) {
        std::size_t at = text.size() - 1;
        while (at > 0 && is_continuation(text[at])) --at;
        if (!std::ranges::binary_search(set, text.substr(at))) break;
        text.remove_suffix(text.size() - at);
    }
    return text;
}

enum class Ends : std::uint8_t { Front, Back, Both };

Result<Item> trim_ends(const Call& call, Arguments arguments, Ends ends) {
    const Item& input = arguments[0];
    const Item& characters = arguments[1];
    if (input.is_nullish()) return Item(nullptr);
    if (!input.is_string()) return call.wrong_type("'input' must be a string", input);
    if (call.has(1) && characters.is_nullish()) return Item(nullptr);
    if (call.has(1) && !characters.is_string())
        return call.wrong_type("'chars' must be a string", characters);

    const TextArgument text(input);
    std::string scratch;
    std::vector<std::string_view> set;
    if (call.has(1)) {
        const std::string_view given = characters.string(scratch);
        TRY_VOID(call.charge(given.size() * sizeof(std::string_view)));
        set = code_points_of(given);
    } else {
        set.assign(std::begin(white_space), std::end(white_space));
        std::ranges::sort(set);
    }
    std::string_view rest = *text;
    if (ends != Ends::Back) rest = trim_front(rest, set);
    if (ends != Ends::Front) rest = trim_back(rest, set);
    return call.string(std::string(rest));
}

Result<Item> ltrim(const Call& call, Arguments arguments) { return trim_ends(call, arguments, Ends::Front); }
Result<Item> rtrim(const Call& call, Arguments arguments) { return trim_ends(call, arguments, Ends::Back); }
Result<Item> trim(const Call& call, Arguments arguments) { return trim_ends(call, arguments, Ends::Both); }

constexpr Operator table[] = {
    {.name = "$concat", .least = 0, .most = any_number, .apply = concat},
    {.name = "$ltrim", .apply = ltrim, .required = "input", .optional = "chars"},
    {.name = "$rtrim", .apply = rtrim, .required = "input", .optional = "chars"},
    {.name = "$split", .least = 2, .most = 2, .apply = split, .nullish = Nullish::MakesNull},
    {.name = "$strLenBytes", .least = 1, .most = 1, .apply = length_in_bytes},
    {.name = "$strLenCP", .least = 1, .most = 1, .apply = length_in_code_points},
    {.name = "$strcasecmp", .least = 2, .most = 2, .apply = compare_without_case},
    {.name = "$toLower", .least = 1, .most = 1, .apply = to_lower},
    {.name = "$toUpper", .least = 1, .most = 1, .apply = to_upper},
    {.name = "$trim", .apply = trim, .required = "input", .optional = "chars"},
};

}  // namespace

std::span<const Operator> string_operators() { return table; }

}  // namespace credvault::query
