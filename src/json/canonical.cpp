#include "json/canonical.h"

#include <simdjson.h>

#include <algorithm>
#include <string>
#include <utility>

#include "json/parser.h"
#include "json/place.h"

namespace credvault::json {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// The user's message: "The JSON is malformed at line 1, column 2: …".
Error error_of(std::string_view text, Fault fault, std::uint64_t first_line) {
    const Place place = place_of(text, static_cast<std::size_t>(fault.at - text.data()));
    std::string message = fault.refused ? "The JSON can't be accepted" : "The JSON is malformed";
    message += " at line " + std::to_string(first_line + place.line - 1) + ", column " +
               std::to_string(place.column) + ": ";
    message += fault.what;
    return Error(ErrorCode::MALFORMED_JSON, std::move(message), std::move(fault.pointer));
}

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

Status canonicalize_to(std::string& out, std::string_view text, const ParseLimits& limits) {
    const std::size_t max_bytes = std::min(limits.max_bytes, Parser::max_text_bytes);
    if (text.size() > max_bytes) {
        return Error(ErrorCode::PAYLOAD_TOO_LARGE,
                     "The JSON is larger than " + std::to_string(max_bytes) + " bytes, which is the limit");
    }
    if (text.starts_with(byte_order_mark)) {
        return error_of(text, {text.data(), "the text must not begin with a byte order mark", false, {}},
                        limits.first_line);
    }
    if (!is_utf8(text)) {
        const char* at = text.data() + first_invalid_utf8(text);
        return error_of(text, {at, "the text must be valid UTF-8", false, {}}, limits.first_line);
    }
    const std::size_t before = out.size();
    Parser parser(out, text, limits.max_depth);
    if (parser.run()) return {};
    out.resize(before);
    return error_of(text, parser.fault(), limits.first_line);
}

Result<std::string> canonicalize(std::string_view text, const ParseLimits& limits) {
    std::string out;
    TRY_VOID(canonicalize_to(out, text, limits));
    return out;
}

Result<Value> parse(std::string_view text, const ParseLimits& limits) {
    TRY(const std::string canonical, canonicalize(text, limits));
    return Value(View(canonical));
}

}  // namespace credvault::json
