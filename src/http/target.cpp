#include "http/target.h"

#include <algorithm>

#include "http/syntax.h"

namespace credvault::http {
namespace {

constexpr CharSet name_chars("-._~!$&'()*+,;=%");

bool is_address_char(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
}

bool is_port(std::string_view text) {
    return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Takes "http://authority" off the front of an absolute-form target.
bool strip_origin(std::string_view& target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        const std::string_view rest = target.substr(scheme.size());
        const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
        if (!is_authority(rest.substr(0, end))) return false;
        target = rest.substr(end);
        if (target.empty()) target = "/";
        return true;
    }
    return false;
}

}  // namespace

bool is_authority(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos || close < 3) return false;
        const std::string_view address = text.substr(1, close - 1);
        const std::string_view rest = text.substr(close + 1);
        return std::all_of(address.begin(), address.end(), is_address_char) &&
               (rest.empty() || (rest[0] == ':' && is_port(rest.substr(1))));
    }
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view name = text.substr(0, colon);
    const std::string_view port = text.substr(std::min(colon + 1, text.size()));
    return !name.empty() && name.size() <= 255 && name_chars.has_all(name) && is_port(port);
}

Status split_target(std::string_view target, Request& request) {
    if (!is_ascii(target) || has_control(target) || target.find('#') != std::string_view::npos) {
        return Error(ErrorCode::MALFORMED_REQUEST,
                     "The request target may hold only ASCII and no '#'; percent-encode other bytes");
    }
    if (target == "*" && request.method == Method::Options) {
        request.target = request.path = target;
        request.query = {};
        return {};
    }
    if (!target.starts_with('/') && (!strip_origin(target) || !target.starts_with('/'))) {
        return Error(ErrorCode::MALFORMED_REQUEST, "The request target must be a path that begins with '/'");
    }
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.target = target;
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    return {};
}

}  // namespace credvault::http
