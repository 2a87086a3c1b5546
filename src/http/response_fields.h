// The header fields that a handler gives its response, kept as the lines that go out: one string instead of two for
// each field, since every response has several. Names are checked when the program is compiled, values are made
// harmless as they come in. A plain value type.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "http/syntax.h"

namespace credvault::http {

/// The name of a field that a handler may set; a literal. What is no token, or the server's own business, does not
/// compile.
class FieldName {
public:
    consteval FieldName(const char* literal) : text_(literal) {
        constexpr std::array<std::string_view, 6> servers{
            "content-length", "transfer-encoding", "connection", "keep-alive", "date", "trailer"};
        if (!is_token(text_)) throw "no token";
        for (const std::string_view own : servers) {
            if (equal_ignoring_case(text_, own)) throw "the server sets this field";
        }
    }
    constexpr std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

class ResponseFields {
public:
    /// Control characters in the value become spaces.
    void add(FieldName name, std::string_view value) {
        if (lines_.empty()) lines_.reserve(usual_bytes);
        lines_.append(name.text()).append(": ");
        const auto from = static_cast<std::ptrdiff_t>(lines_.size());
        lines_.append(value);
        if (has_control(value)) std::replace_if(lines_.begin() + from, lines_.end(), is_control, ' ');
        lines_.append("\r\n");
    }
    /// The value of the first field of this name.
    std::optional<std::string_view> find(std::string_view name) const {
        std::string_view rest = lines_;
        while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find('\r'));
            if (line.size() > name.size() && line[name.size()] == ':' &&
                equal_ignoring_case(line.substr(0, name.size()), name)) {
                return line.substr(name.size() + 2);
            }
            rest.remove_prefix(line.size() + 2);
        }
        return {};
    }
    bool empty() const { return lines_.empty(); }
    /// "Name: value\r\n" for each, in the order in which they came.
    std::string_view lines() const { return lines_; }

private:
    static constexpr std::size_t usual_bytes = 256;
    std::string lines_;
};

}  // namespace credvault::http
