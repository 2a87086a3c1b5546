#include "http/media.h"

#include <algorithm>

#include "http/syntax.h"

namespace credvault::http {
namespace {

/// Takes the text up to a separator that stands outside quotes off the front of `rest`.
std::string_view take_piece(std::string_view& rest, char separator) {
    bool quoted = false;
    std::size_t i = 0;
    for (; i < rest.size(); ++i) {
        const char c = rest[i];
        if (quoted && c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == separator && !quoted) {
            break;
        }
    }
    i = std::min(i, rest.size());
    const std::string_view piece = trim(rest.substr(0, i));
    rest.remove_prefix(std::min(i + 1, rest.size()));
    return piece;
}

struct Parameter {
    std::string name;
    std::string value;
};

/// name=token or name="quoted".
std::optional<Parameter> parse_parameter(std::string_view piece) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view name = piece.substr(0, equals);
    std::string_view value = piece.substr(equals + 1);
    if (!is_token(name)) return std::nullopt;
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
        std::string unquoted;
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (value[i] == '\\' && i + 1 < value.size()) ++i;
            unquoted.push_back(value[i]);
        }
        return Parameter{lower(name), std::move(unquoted)};
    }
    if (!is_token(value)) return std::nullopt;
    return Parameter{lower(name), std::string(value)};
}

bool is_media_range(std::string_view text) {
    const std::size_t slash = text.find('/');
    return slash != std::string_view::npos && is_token(text.substr(0, slash)) &&
           is_token(text.substr(slash + 1));
}

/// qvalue = "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3("0") ], in thousandths.
std::optional<int> parse_quality(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int value = (text[0] - '0') * 1000;
    int unit = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return std::nullopt;
        value += (c - '0') * unit;
        unit /= 10;
    }
    return value <= 1000 ? std::optional(value) : std::nullopt;
}

/// How closely a range of an Accept header names a type: 3 exactly, 2 "type/*", 1 "*/*", 0 not at all.
int specificity(std::string_view range, std::string_view type) {
    if (range == type) return 3;
    if (range == "*/*") return 1;
    const std::size_t slash = type.find('/');
    const bool whole_family = range.size() == slash + 2 && range.ends_with("/*");
    return whole_family && range.substr(0, slash) == type.substr(0, slash) ? 2 : 0;
}

}  // namespace

std::optional<MediaType> parse_media_type(std::string_view text) {
    const std::string_view type = take_piece(text, ';');
    if (!is_media_range(type)) return std::nullopt;
    MediaType media{lower(type), std::nullopt};
    while (!text.empty()) {
        const std::string_view piece = take_piece(text, ';');
        if (piece.empty()) continue;
        const auto parameter = parse_parameter(piece);
        if (!parameter) return std::nullopt;
        if (parameter->name == "charset" && !media.charset) media.charset = lower(parameter->value);
    }
    return media;
}

std::vector<QualityItem> parse_quality_list(std::string_view text) {
    std::vector<QualityItem> items;
    while (!text.empty()) {
        std::string_view piece = take_piece(text, ',');
        const std::string_view value = take_piece(piece, ';');
        if (!is_token(value) && !is_media_range(value)) continue;
        QualityItem item{lower(value), 1000};
        bool valid = true;
        while (!piece.empty()) {
            const auto parameter = parse_parameter(take_piece(piece, ';'));
            if (!parameter || parameter->name != "q") continue;
            const auto quality = parse_quality(parameter->value);
            valid = valid && quality.has_value();
            item.quality = quality.value_or(0);
        }
        if (valid) items.push_back(std::move(item));
    }
    return items;
}

bool accepts(std::string_view accept_header, std::string_view type) {
    const auto items = parse_quality_list(accept_header);
    if (items.empty()) return true;
    const std::string wanted = lower(type);
    int best = 0;
    int quality = 0;
    for (const QualityItem& item : items) {
        const int closeness = specificity(item.value, wanted);
        if (closeness > best) {
            best = closeness;
            quality = item.quality;
        } else if (closeness == best && closeness > 0) {
            quality = std::max(quality, item.quality);
        }
    }
    return quality > 0;
}

}  // namespace credvault::http
