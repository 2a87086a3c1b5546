#include "query/list_filter.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include "base/clock.h"
#include "json/canonical.h"
#include "json/writer.h"
#include "query/path.h"

namespace credvault::query {
namespace {

enum class ValueKind : std::uint8_t { Scalar, List, Flag, Pattern, Literal };

struct ListOperator {
    std::string_view name;
    std::string_view filter_name;
    ValueKind kind;
};

constexpr ListOperator operators[] = {
    {"eq", "$eq", ValueKind::Scalar},
    {"ne", "$ne", ValueKind::Scalar},
    {"gt", "$gt", ValueKind::Scalar},
    {"gte", "$gte", ValueKind::Scalar},
    {"lt", "$lt", ValueKind::Scalar},
    {"lte", "$lte", ValueKind::Scalar},
    {"in", "$in", ValueKind::List},
    {"nin", "$nin", ValueKind::List},
    {"exists", "$exists", ValueKind::Flag},
    {"regex", "$regex", ValueKind::Pattern},
    {"contains", "$regex", ValueKind::Literal},
};
constexpr std::string_view operator_names = "eq, ne, gt, gte, lt, lte, in, nin, exists, regex and contains";

/// A parameter's name, taken apart: `age[gt]`.
struct Target {
    std::string_view field;
    const ListOperator* op = &operators[0];
};

Error wrong(std::string message, std::string_view parameter) {
    return Error(ErrorCode::INVALID_PARAMETER, std::move(message), shown_name(parameter));
}

std::string quoted(std::string_view text) {
    std::string json;
    json::append_string(json, text);
    return json;
}

/// Whether it is UTF-8 without U+0000, as every string must be.
bool is_text(std::string_view bytes) { return json::canonicalize(quoted(bytes)).ok(); }

Result<Target> parse_target(std::string_view parameter) {
    Target target{parameter};
    const std::size_t bracket = parameter.rfind('[');
    if (parameter.ends_with(']') && bracket != std::string_view::npos) {
        target.field = parameter.substr(0, bracket);
        const std::string_view name = parameter.substr(bracket + 1, parameter.size() - bracket - 2);
        target.op = std::ranges::find(operators, name, &ListOperator::name);
        if (target.op == std::end(operators)) {
            return wrong(
                "Unknown operator '" + shown_name(name) + "'; known are " + std::string(operator_names),
                parameter);
        }
    }
    if (target.field.empty()) return wrong("A filter must name a field, as in 'age[gt]=18'", parameter);
    if (target.field.starts_with('$')) {
        return wrong("A filter must name a field; operators such as '$or' belong into the parameter 'filter'",
                     parameter);
    }
    return target;
}

bool is_time_field(std::string_view field) { return field == "created_at" || field == "updated_at"; }

/// The text as JSON where it is a JSON scalar without space around it.
std::optional<json::Value> json_scalar(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    if (text.empty() || text[0] == '{' || text[0] == '[' || is_space(text.front()) || is_space(text.back()))
        return {};
    Result<json::Value> value = json::parse(text);
    if (!value.ok()) return {};
    return std::move(value).value();
}

Result<std::string> time_value(std::string_view text, std::string_view parameter) {
    const std::optional<json::Value> value = json_scalar(text);
    const std::optional<std::int64_t> time =
        parse_time(value && value->is_string() ? value->as_string() : text);
    if (!time) {
        return wrong("'" + shown_name(text) +
                         "' is no time; give RFC 3339, for instance 2026-01-31T12:00:00Z, or a date",
                     parameter);
    }
    return json::Value(format_time(*time)).text();
}

/// One value as canonical JSON.
Result<std::string> scalar_value(const Target& target, std::string_view text, std::string_view parameter) {
    if (is_time_field(target.field)) return time_value(text, parameter);
    if (const std::optional<json::Value> value = json_scalar(text)) return value->text();
    return quoted(text);
}

/// The end of a list's item that begins at `begin`: of a quoted string its quote, else the next comma. A quote that
/// nothing closes, or that more text follows, is text like any other.
std::size_t item_end(std::string_view list, std::size_t begin) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    if (begin >= list.size() || list[begin] != '"') return comma;
    for (std::size_t at = begin + 1; at < list.size(); ++at) {
        if (list[at] == '\\') {
            ++at;
        } else if (list[at] == '"') {
            return at + 1 == list.size() || list[at + 1] == ',' ? at + 1 : comma;
        }
    }
    return comma;
}

Result<std::string> list_value(const Target& target, std::string_view text, std::string_view parameter) {
    std::string list = "[";
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = item_end(text, begin);
        TRY(const std::string item, scalar_value(target, text.substr(begin, end - begin), parameter));
        if (begin != 0) list += ',';
        list += item;
        begin = end + 1;
    }
    return list + "]";
}

/// A pattern that matches the text as it stands.
std::string literal_pattern(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
        pattern += c;
    }
    return pattern;
}

Result<std::string> operator_value(const Target& target, std::string_view text, std::string_view parameter) {
    switch (target.op->kind) {
        case ValueKind::Scalar: return scalar_value(target, text, parameter);
        case ValueKind::List: return list_value(target, text, parameter);
        case ValueKind::Flag:
            if (text == "true" || text == "false") return std::string(text);
            return wrong("'exists' takes true or false", parameter);
        case ValueKind::Pattern: return quoted(text);
        case ValueKind::Literal: break;
    }
    return quoted(literal_pattern(text));
}

}  // namespace

Result<std::string> list_filter(const std::vector<std::pair<std::string, std::string>>& parameters) {
    std::string conjuncts;
    for (const auto& [name, text] : parameters) {
        if (!is_text(name)) return wrong("The names of parameters must be UTF-8 without U+0000", "");
        if (!is_text(text)) return wrong("The value must be UTF-8 without U+0000", name);
        TRY(const Target target, parse_target(name));
        TRY(const std::string value, operator_value(target, text, name));
        if (!conjuncts.empty()) conjuncts += ',';
        json::Writer writer(conjuncts);
        writer.begin_object().key(target.field);
        if (target.op == operators) {
            writer.raw(value);
        } else {
            writer.begin_object().key(target.op->filter_name).raw(value).end_object();
        }
        writer.end_object();
    }
    if (parameters.empty()) return std::string("{}");
    if (parameters.size() == 1) return conjuncts;
    return "{\"$and\":[" + conjuncts + "]}";
}

}  // namespace credvault::query
