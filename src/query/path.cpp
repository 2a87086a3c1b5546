#include "query/path.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "json/writer.h"

namespace credvault::query {
namespace {

/// Only the plain spelling is a position: "0" is, "00" and "+0" are names.
std::optional<std::uint32_t> array_index(std::string_view name) {
    if (name.empty() || (name[0] == '0' && name.size() > 1)) return std::nullopt;
    std::uint32_t index = 0;
    const char* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, index);
    if (error != std::errc() || stop != end) return std::nullopt;
    return index;
}

}  // namespace

std::string shown_name(std::string_view name) {
    constexpr std::size_t longest = 200;
    if (name.size() <= longest) return std::string(name);
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xc0) == 0x80) --cut;
    return std::string(name.substr(0, cut)) + "…";
}

Result<Path> parse_lookup_path(std::string_view text, ErrorCode code) {
    const auto parts = static_cast<std::size_t>(std::ranges::count(text, '.')) + 1;
    if (parts > max_path_parts) {
        return Error(code,
                     "A path may have at most " + std::to_string(max_path_parts) + " parts, this one has " +
                         std::to_string(parts),
                     shown_name(text));
    }
    Path path;
    path.text = text;
    path.parts.reserve(parts);
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('.', begin), text.size());
        const std::string_view name = text.substr(begin, end - begin);
        path.parts.push_back({std::string(name), json::escape_key(name), array_index(name)});
        begin = end + 1;
    }
    return path;
}

Result<Path> parse_path(std::string_view text, ErrorCode code) {
    TRY(Path path, parse_lookup_path(text, code));
    const auto unnamed = std::ranges::find(path.parts, std::string(), &PathPart::name);
    if (unnamed == path.parts.end()) return path;
    if (text.empty()) return Error(code, "A path must not be empty");
    return Error(code, "A path must not begin or end with a dot, nor have two dots in a row",
                 shown_name(text));
}

}  // namespace credvault::query
