#include "api/parameter_text.h"

#include <simdjson.h>

#include <algorithm>

#include "http/uri.h"

namespace credvault::api {
namespace {

/// `field` names the parameter in problems.
bool decode(std::string_view raw, bool plus_is_space, std::string_view field, std::string_view& to,
            Scratch& scratch, Problems& problems) {
    // A request target holds ASCII only, so what is not encoded is UTF-8 already.
    if (raw.find_first_of(plus_is_space ? "%+" : "%") == std::string_view::npos) {
        to = raw;
        return true;
    }
    Result<std::string> decoded = http::percent_decode(raw, plus_is_space);
    if (!decoded.ok()) {
        problems.add(decoded.error(), field);
        return false;
    }
    if (!simdjson::validate_utf8(decoded->data(), decoded->size())) {
        problems.add(ErrorCode::INVALID_PARAMETER, field,
                     "Parameter '" + std::string(field) + "' must be UTF-8, percent-encoded");
        return false;
    }
    to = scratch.keep(std::move(decoded).value());
    return true;
}

}  // namespace

std::string_view take_pair(std::string_view& query) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    return pair;
}

bool decode_segment(std::string_view raw, std::string_view field, std::string_view& to, Scratch& scratch,
                    Problems& problems) {
    return decode(raw, false, field, to, scratch, problems);
}

bool decode_pair(std::string_view pair, std::string_view& name, std::string_view& value, Scratch& scratch,
                 Problems& problems) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view raw_name = pair.substr(0, equals);
    return decode(raw_name, true, raw_name, name, scratch, problems) &&
           decode(pair.substr(std::min(equals + 1, pair.size())), true, name, value, scratch, problems);
}

}  // namespace credvault::api
