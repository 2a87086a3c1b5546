#include "api/headers.h"

#include <algorithm>

#include "http/syntax.h"

namespace credvault::api {
namespace {

using http::trim;

/// etagc = %x21 / %x23-7E / obs-text
bool is_etag_char(char c) {
    return c == 0x21 || (c >= 0x23 && c != 0x7f) || static_cast<unsigned char>(c) >= 0x80;
}

/// Takes an entity tag off the front; false where there is none.
bool take_tag(std::string_view& text, EntityTag& tag) {
    tag.weak = text.starts_with("W/");
    if (tag.weak) text.remove_prefix(2);
    if (!text.starts_with('"')) return false;
    std::size_t end = 1;
    while (end < text.size() && is_etag_char(text[end])) ++end;
    if (end == text.size() || text[end] != '"') return false;
    tag.text = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    return true;
}

bool is_key_char(char c) { return c >= 0x20 && c < 0x7f; }

}  // namespace

std::optional<EntityTags> parse_entity_tags(std::string_view text) {
    text = trim(text);
    EntityTags found;
    if (text == "*") {
        found.any = true;
        return found;
    }
    // RFC 9110, section 5.6.1: empty elements of a list are skipped.
    while (!text.empty()) {
        if (text.front() == ',') {
            text = trim(text.substr(1));
            continue;
        }
        EntityTag tag;
        if (found.tags.size() == max_entity_tags || !take_tag(text, tag)) return {};
        found.tags.push_back(tag);
        text = trim(text);
        if (!text.empty() && text.front() != ',') return {};
    }
    if (found.tags.empty()) return {};
    return found;
}

std::optional<IdempotencyKey> parse_idempotency_key(std::string_view text, Scratch& scratch) {
    text = trim(text);
    if (!std::all_of(text.begin(), text.end(), is_key_char)) return {};
    if (text.starts_with('"')) {
        // An RFC 8941 string: only \" and \\ are escapes.
        std::string unquoted;
        std::size_t at = 1;
        for (; at < text.size() && text[at] != '"'; ++at) {
            if (text[at] == '\\' && (++at == text.size() || (text[at] != '"' && text[at] != '\\'))) return {};
            unquoted.push_back(text[at]);
        }
        if (at + 1 != text.size()) return {};
        text = scratch.keep(std::move(unquoted));
    }
    if (text.empty() || text.size() > 255) return {};
    return IdempotencyKey{text};
}

Prefer parse_prefer(std::string_view text) {
    Prefer wishes;
    bool return_seen = false;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view wish = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        wish = trim(wish.substr(0, wish.find(';')));
        const std::size_t equals = std::min(wish.find('='), wish.size());
        if (http::equal_ignoring_case(wish, "respond-async")) wishes.async = true;
        if (!http::equal_ignoring_case(trim(wish.substr(0, equals)), "return") || return_seen) continue;
        return_seen = true;  // RFC 7240, section 2: the first one counts.
        std::string_view value = trim(wish.substr(std::min(equals + 1, wish.size())));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        wishes.minimal = http::equal_ignoring_case(value, "minimal");
    }
    return wishes;
}

bool matches_weakly(const EntityTags& tags, std::string_view etag) {
    return tags.any || std::any_of(tags.tags.begin(), tags.tags.end(),
                                   [&](const EntityTag& tag) { return tag.text == etag; });
}

bool matches_strongly(const EntityTags& tags, std::string_view etag) {
    return tags.any || std::any_of(tags.tags.begin(), tags.tags.end(),
                                   [&](const EntityTag& tag) { return !tag.weak && tag.text == etag; });
}

bool Codec<EntityTags>::text(EntityTags& to, std::string_view from, const Spot& spot) {
    std::optional<EntityTags> parsed = parse_entity_tags(from);
    if (!parsed)
        return spot.must_be("* or a list of 1 to 100 entity tags such as \"3.1\", with their quotes");
    to = std::move(*parsed);
    return true;
}

bool Codec<IdempotencyKey>::text(IdempotencyKey& to, std::string_view from, const Spot& spot) {
    const std::optional<IdempotencyKey> parsed = parse_idempotency_key(from, spot.scratch);
    if (!parsed) return spot.must_be("1 to 255 printable ASCII characters, quoted or bare");
    to = *parsed;
    return true;
}

bool Codec<Prefer>::text(Prefer& to, std::string_view from, const Spot&) {
    to = parse_prefer(from);
    return true;
}

}  // namespace credvault::api
