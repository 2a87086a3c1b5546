// Request header fields with a meaning of their own, as typed members of requests: entity tags (RFC 9110, section 13),
// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) and Prefer (RFC 7240). Parsing is strict where a wrong
// guess could lose a write, lenient where the field is a mere wish.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/codecs.h"

namespace credvault::api {

struct EntityTag {
    std::string_view text;  ///< With its quotes, without W/.
    bool weak = false;
};

/// The value of If-Match or If-None-Match.
struct EntityTags {
    bool any = false;  ///< "*"
    std::vector<EntityTag> tags;
};

struct IdempotencyKey {
    std::string_view text;  ///< Unquoted, 1 to 255 visible ASCII characters and spaces.
};

struct Prefer {
    bool minimal = false;  ///< return=minimal
    bool async = false;    ///< respond-async
};

constexpr std::size_t max_entity_tags = 100;

/// Nothing where the text is neither "*" nor a list of 1 to 100 entity tags.
std::optional<EntityTags> parse_entity_tags(std::string_view text);
/// A quoted string or the bare key; nothing where it is neither.
std::optional<IdempotencyKey> parse_idempotency_key(std::string_view text, Scratch& scratch);
/// Unknown preferences and malformed text count as no wish.
Prefer parse_prefer(std::string_view text);
/// Whether an If-None-Match field names the current tag: weak comparison.
bool matches_weakly(const EntityTags& tags, std::string_view etag);
/// Whether an If-Match field does: a weak tag never matches.
bool matches_strongly(const EntityTags& tags, std::string_view etag);

/// The fields' declarations, the same wherever they are used.
template <class S>
Field if_match(std::optional<EntityTags> S::*member) {
    return header(member, "If-Match",
                  {.description = "Go on only if the resource still has one of these ETags, or exists (`*`).",
                   .example = "\"3.1\""});
}
template <class S>
Field if_none_match(std::optional<EntityTags> S::*member) {
    return header(
        member, "If-None-Match",
        {.description = "Go on only if the resource has none of these ETags, or does not exist (`*`).",
         .example = "*"});
}
template <class S>
Field idempotency_key(std::optional<IdempotencyKey> S::*member) {
    return header(
        member, "Idempotency-Key",
        {.description = "Makes repeating this request safe for 24 hours: the same key and body give the "
                        "first answer again.",
         .example = "order-4711",
         .min_length = 1,
         .max_length = 255});
}
template <class S>
Field prefer(Prefer S::*member) {
    return header(member, "Prefer",
                  {.description = "`return=minimal` answers with ids only.", .example = "return=minimal"});
}

/// What the header codecs share: there is no JSON form.
template <class T>
struct HeaderCodec {
    static constexpr bool quoted = true;
    static bool json(T&, json::View, const Spot& spot) { return spot.must_be("sent as a header field"); }
    static void append(json::Writer& out, const T&) { out.null(); }
    static void schema(SchemaWriter& out, const Rules& rules) { out.string(rules); }
};

template <>
struct Codec<EntityTags> : HeaderCodec<EntityTags> {
    static bool text(EntityTags& to, std::string_view from, const Spot& spot);
};
template <>
struct Codec<IdempotencyKey> : HeaderCodec<IdempotencyKey> {
    static bool text(IdempotencyKey& to, std::string_view from, const Spot& spot);
};
template <>
struct Codec<Prefer> : HeaderCodec<Prefer> {
    static bool text(Prefer& to, std::string_view from, const Spot& spot);
};

}  // namespace credvault::api
