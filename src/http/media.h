// Media types and quality lists: Content-Type, Accept, Accept-Encoding, as in RFC 9110. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace credvault::http {

struct MediaType {
    std::string type;                    ///< "application/json", in lower case.
    std::optional<std::string> charset;  ///< In lower case, without quotes.
};

/// Parses a Content-Type. Returns nothing where it is no media type or a parameter is malformed; other parameters than
/// charset are ignored. Whether the charset will do (utf-8) is the caller's to decide.
std::optional<MediaType> parse_media_type(std::string_view text);

/// One item of a list such as "gzip;q=0.5, *;q=0".
struct QualityItem {
    std::string value;   ///< In lower case, without parameters.
    int quality = 1000;  ///< Thousandths, 0 to 1000.
};

/// The items of a quality list in the order given. Malformed items are left out: such a header is a preference, and a
/// bad one is no reason to refuse the request.
std::vector<QualityItem> parse_quality_list(std::string_view text);

/// Whether an Accept header allows a type such as "application/json"; the most specific range decides. An empty header
/// (or one without any valid item) allows all.
bool accepts(std::string_view accept_header, std::string_view type);

}  // namespace credvault::http
