#include "api/yaml.h"

#include "json/view.h"

namespace credvault::api {
namespace {

/// Names that YAML takes for nothing but a string; the words that mean something else are as short as these are long.
bool is_plain(std::string_view name) {
    constexpr std::size_t longest_word = 5;  // "false"
    if (name.size() <= longest_word && name != "paths" && name != "type" && name != "info") return false;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter) return false;
    }
    return true;
}

void append_value(std::string& out, json::View value, std::size_t indent);

void append_members(std::string& out, json::View object, std::size_t indent) {
    bool first = true;
    for (const json::Member member : object.members()) {
        if (!first) out.append(indent, ' ');
        first = false;
        const std::string_view name = member.name;
        if (is_plain(name)) {
            out.append(name);
        } else {
            out.append("\"").append(name).append("\"");
        }
        out.push_back(':');
        append_value(out, member.value, indent);
    }
}

void append_elements(std::string& out, json::View array, std::size_t indent) {
    for (const json::View element : array.elements()) {
        out.append(indent, ' ').append("-");
        // The members of an object go on behind the dash.
        if (element.is_object() && !element.empty()) {
            out.push_back(' ');
            append_members(out, element, indent + 2);
        } else {
            append_value(out, element, indent);
        }
    }
}

/// What comes after a colon or a dash, with its line's end.
void append_value(std::string& out, json::View value, std::size_t indent) {
    const bool nested = (value.is_object() || value.is_array()) && !value.empty();
    if (!nested) {
        out.append(" ").append(value.text()).append("\n");
        return;
    }
    out.push_back('\n');
    if (value.is_array()) return append_elements(out, value, indent + 2);
    out.append(indent + 2, ' ');
    append_members(out, value, indent + 2);
}

}  // namespace

std::string yaml_from_json(std::string_view json) {
    const json::View whole(json);
    std::string out;
    if (whole.is_object() && !whole.empty()) {
        append_members(out, whole, 0);
    } else if (whole.is_array() && !whole.empty()) {
        append_elements(out, whole, 0);
    } else {
        out.append(json).append("\n");
    }
    return out;
}

}  // namespace credvault::api
