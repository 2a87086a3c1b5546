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
Error error_of(std::string_view text, Fault fault) {
    const Place place = place_of(text, static_cast<std::size_t>(fault.at - text.data()));
    std::string message = fault.refused ? "The JSON can't be accepted" : "The JSON is malformed";
    message += " at line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": ";
    message += fault.what;
    return Error(ErrorCode::MALFORMED_JSON, std::move(message), std::move(fault.pointer));
}

}  // namespace

Status canonicalize_to(std::string& out, std::string_view text, const ParseLimits& limits) {
    const std::size_t max_bytes = std::min(limits.max_bytes, Parser::max_text_bytes);
    if (text.size() > max_bytes) {
        return Error(ErrorCode::PAYLOAD_TOO_LARGE,
                     "The JSON is larger than " + std::to_string(max_bytes) + " bytes, which is the limit");
    }
    if (text.starts_with(byte_order_mark)) {
        return error_of(text, {text.data(), "the text must not begin with a byte order mark", false, {}});
    }
    if (!simdjson::validate_utf8(text.data(), text.size())) {
        const char* at = text.data() + first_invalid_utf8(text);
        return error_of(text, {at, "the text must be valid UTF-8", false, {}});
    }
    const std::size_t before = out.size();
    Parser parser(out, text, limits.max_depth);
    if (parser.run()) return {};
    out.resize(before);
    return error_of(text, parser.fault());
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
