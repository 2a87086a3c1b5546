#include "query/pipeline/document_edit.h"

#include <span>

namespace credvault::query {
namespace {

void begin_member(std::string& out, std::string_view escaped, std::size_t begin) {
    if (out.size() != begin) out += ',';
    out += '"';
    out += escaped;
    out += "\":";
}

/// The path's value alone, in the objects that lead to it.
void append_new(std::string& out, std::span<const PathPart> parts, std::string_view value) {
    for (const PathPart& part : parts) {
        out += '{';
        begin_member(out, part.escaped, out.size());
    }
    out += value;
    out.append(parts.size(), '}');
}

void append_object(std::string& out, const json::View& object, std::span<const PathPart> parts,
                   std::optional<std::string_view> value) {
    out += '{';
    const std::size_t begin = out.size();
    bool found = false;
    for (const json::Member& member : object.members()) {
        const bool here = member.name == parts.front().escaped;
        found = found || here;
        if (here && !value && (parts.size() == 1)) continue;
        begin_member(out, member.name, begin);
        if (!here) {
            out += member.value.text();
        } else if (parts.size() == 1) {
            out += *value;
        } else if (member.value.is_object()) {
            append_object(out, member.value, parts.subspan(1), value);
        } else if (value) {
            append_new(out, parts.subspan(1), *value);
        } else {
            out += member.value.text();
        }
    }
    if (!found && value) {
        begin_member(out, parts.front().escaped, begin);
        append_new(out, parts.subspan(1), *value);
    }
    out += '}';
}

}  // namespace

std::optional<json::View> nested_field(const json::View& document, const Path& path) {
    std::optional<json::View> value = document;
    for (const PathPart& part : path.parts) {
        if (!value->is_object()) return std::nullopt;
        value = value->find(part.escaped);
        if (!value) return std::nullopt;
    }
    return value;
}

void append_with_field(std::string& out, const json::View& document, const Path& path,
                       std::optional<std::string_view> value) {
    append_object(out, document, path.parts, value);
}

}  // namespace credvault::query
