#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "query/expression/arithmetic.h"
#include "query/expression/families.h"
#include "query/expression/text_argument.h"
#include "query/expression/utf8.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

/// The position at an argument of $indexOf…, or `otherwise` where it is not given.
Result<std::size_t> position(const Call& call, Arguments arguments, std::size_t at, std::size_t otherwise) {
    if (arguments.size() <= at) return otherwise;
    const std::string what = at == 2 ? "the starting position" : "the ending position";
    const auto value = whole_32(arguments[at]);
    if (!value) return call.wrong_type(what + " must be a whole number of 32 bits", arguments[at]);
    if (*value < 0) return call.wrong(what + " must not be negative");
    return static_cast<std::size_t>(*value);
}

Status check_texts(const Call& call, Arguments arguments) {
    if (!arguments[0].is_string())
        return call.wrong_type("the first argument must be a string", arguments[0]);
    if (!arguments[1].is_string())
        return call.wrong_type("the second argument must be a string", arguments[1]);
    return {};
}

/// Where `part` begins at or behind `begin` and before `end`, in bytes.
std::optional<std::size_t> find_between(std::string_view text, std::string_view part, std::size_t begin,
                                        std::size_t end) {
    if (begin > end) return {};
    const std::size_t found = find_text(text.substr(0, end), part, begin);
    if (found == std::string_view::npos) return {};
    return found;
}

Result<Item> index_of_bytes(const Call& call, Arguments arguments) {
    if (arguments[0].is_nullish()) return Item(nullptr);
    TRY_VOID(check_texts(call, arguments));
    const TextArgument text(arguments[0]);
    const TextArgument part(arguments[1]);
    TRY(const std::size_t begin, position(call, arguments, 2, 0));
    TRY(const std::size_t end, position(call, arguments, 3, text->size()));
    const auto found = find_between(*text, *part, begin, std::min(end, text->size()));
    return Item(found ? static_cast<std::int64_t>(*found) : std::int64_t{-1});
}

Result<Item> index_of_code_points(const Call& call, Arguments arguments) {
    if (arguments[0].is_nullish()) return Item(nullptr);
    TRY_VOID(check_texts(call, arguments));
    const TextArgument text(arguments[0]);
    const TextArgument part(arguments[1]);
    const std::size_t length = count_code_points(*text);
    TRY(const std::size_t begin, position(call, arguments, 2, 0));
    TRY(const std::size_t end, position(call, arguments, 3, length));
    if (begin > std::min(end, length)) return Item(-1);
    const auto found =
        find_between(*text, *part, code_point_offset(*text, begin), code_point_offset(*text, end));
    if (!found) return Item(-1);
    return Item(static_cast<std::int64_t>(count_code_points(text->substr(0, *found))));
}

/// A number cut to a whole one of 64 bits; nothing where it is none or does not fit.
std::optional<std::int64_t> cut_to_whole(const Item& item) {
    const Number number = item.number();
    return whole(number.is_int ? number : real(std::trunc(number.real)));
}

Result<Item> substring_in_bytes(const Call& call, Arguments arguments) {
    TRY(const std::string text, lenient_text(call, "the first argument", arguments[0]));
    if (arguments[1].is_nullish() || !arguments[1].is_number()) {
        return call.wrong_type("the starting position must be a number", arguments[1]);
    }
    if (arguments[2].is_nullish() || !arguments[2].is_number()) {
        return call.wrong_type("the length must be a number", arguments[2]);
    }
    const auto start = cut_to_whole(arguments[1]);
    const auto length = cut_to_whole(arguments[2]);
    if (!start || !length) return call.wrong("the starting position and the length must fit into 64 bits");
    if (*start < 0) return call.wrong("the starting position must not be negative");
    const auto begin = static_cast<std::size_t>(*start);
    if (begin >= text.size()) return call.string({});
    if (is_continuation(text[begin]))
        return call.wrong("the starting position is in the middle of a character");
    // A negative length means the rest.
    const std::size_t rest = text.size() - begin;
    const std::size_t count = *length < 0 ? rest : std::min(static_cast<std::size_t>(*length), rest);
    if (count < rest && is_continuation(text[begin + count])) {
        return call.wrong("the end is in the middle of a character");
    }
    return call.string(text.substr(begin, count));
}

Result<Item> substring_in_code_points(const Call& call, Arguments arguments) {
    TRY(const std::string text, lenient_text(call, "the first argument", arguments[0]));
    const auto start = whole_32(arguments[1]);
    if (!start)
        return call.wrong_type("the starting position must be a whole number of 32 bits", arguments[1]);
    const auto length = whole_32(arguments[2]);
    if (!length) return call.wrong_type("the length must be a whole number of 32 bits", arguments[2]);
    if (*start < 0 || *length < 0)
        return call.wrong("the starting position and the length must not be negative");
    const std::size_t begin = code_point_offset(text, static_cast<std::size_t>(*start));
    const std::string_view rest = std::string_view(text).substr(begin);
    return call.string(
        std::string(rest.substr(0, code_point_offset(rest, static_cast<std::size_t>(*length)))));
}

struct Replacement {
    std::string_view text;
    std::string_view part;
    std::string_view by;
};

Result<Item> replace_first(const Call& call, const Replacement& texts) {
    const std::size_t found = find_text(texts.text, texts.part, 0);
    if (found == std::string_view::npos) return call.string(std::string(texts.text));
    TRY_VOID(call.charge(texts.text.size() + texts.by.size()));
    std::string out(texts.text.substr(0, found));
    out += texts.by;
    out += texts.text.substr(found + texts.part.size());
    return Item(std::move(out));
}

/// An empty part stands before each code point and at the end.
Result<Item> replace_empty(const Call& call, const Replacement& texts) {
    const std::size_t count = count_code_points(texts.text) + 1;
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, texts.by.size(), &bytes)) return call.wrong("the result is too long");
    TRY_VOID(call.charge(bytes));
    std::string out(texts.by);
    for (std::size_t at = 0; at < texts.text.size();) {
        const std::size_t length = code_point_bytes(texts.text, at);
        out += texts.text.substr(at, length);
        out += texts.by;
        at += length;
    }
    return Item(std::move(out));
}

Result<Item> replace_each(const Call& call, const Replacement& texts) {
    if (texts.part.empty()) return replace_empty(call, texts);
    std::string out;
    std::size_t begin = 0;
    while (true) {
        const std::size_t found = find_text(texts.text, texts.part, begin);
        const std::string_view kept =
            texts.text.substr(begin, found == std::string_view::npos ? found : found - begin);
        TRY_VOID(call.charge(kept.size() + texts.by.size()));
        out += kept;
        if (found == std::string_view::npos) return Item(std::move(out));
        out += texts.by;
        begin = found + texts.part.size();
    }
}

using Replace = Result<Item> (*)(const Call& call, const Replacement& texts);

Result<Item> replace(const Call& call, Arguments arguments, Replace how) {
    static constexpr std::string_view names[] = {"'input'", "'find'", "'replacement'"};
    for (std::size_t i = 0; i < 3; ++i) {
        if (!arguments[i].is_nullish() && !arguments[i].is_string()) {
            return call.wrong_type(std::string(names[i]) + " must be a string", arguments[i]);
        }
    }
    if (std::ranges::any_of(arguments, &Item::is_nullish)) return Item(nullptr);
    const TextArgument text(arguments[0]);
    const TextArgument part(arguments[1]);
    const TextArgument by(arguments[2]);
    return how(call, {*text, *part, *by});
}

Result<Item> replace_one(const Call& call, Arguments arguments) {
    return replace(call, arguments, replace_first);
}
Result<Item> replace_all(const Call& call, Arguments arguments) {
    return replace(call, arguments, replace_each);
}

constexpr Operator table[] = {
    {.name = "$indexOfBytes", .least = 2, .most = 4, .apply = index_of_bytes},
    {.name = "$indexOfCP", .least = 2, .most = 4, .apply = index_of_code_points},
    {.name = "$replaceAll", .apply = replace_all, .required = "input find replacement"},
    {.name = "$replaceOne", .apply = replace_one, .required = "input find replacement"},
    {.name = "$substr", .least = 3, .most = 3, .apply = substring_in_bytes},
    {.name = "$substrBytes", .least = 3, .most = 3, .apply = substring_in_bytes},
    {.name = "$substrCP", .least = 3, .most = 3, .apply = substring_in_code_points},
};

}  // namespace

std::span<const Operator> substring_operators() { return table; }

}  // namespace credvault::query
