#include "query/cursor.h"

#include <sodium.h>

#include <utility>

#include "base/mix.h"
#include "query/key.h"

namespace credvault::query {
namespace {

// A cursor's bytes: version, flags, the total as a varint where there is one, the position, and eight bytes that check
// all of it together with the fingerprint.
constexpr char version = 1;
constexpr char has_total = 1;
constexpr char total_is_exact = 2;
constexpr std::size_t check_bytes = 8;

/// FNV-1a, 64 bits (isthe.com/chongo/tech/comp/fnv), its bits mixed at the end as MurmurHash3 does. No secret and no
/// defence: who forges a cursor names a position in a list that he may read anyway.
class Hash {
public:
    Hash& bytes(std::string_view text) {
        for (const char c : text) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        return *this;
    }
    Hash& number(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8) {
            state_ = (state_ ^ (value >> shift & 0xff)) * 0x100000001b3;
        }
        return *this;
    }
    std::uint64_t value() const { return mix(state_); }

private:
    std::uint64_t state_ = 0xcbf29ce484222325;
};

void append_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
}

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

void append_check(std::string& bytes, std::uint64_t fingerprint) {
    const std::uint64_t check = Hash().number(fingerprint).bytes(bytes).value();
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(check >> shift));
}

std::string to_base64url(std::string_view bytes) {
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), variant);
    text.pop_back();  // The terminating NUL, which the length counts.
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int failed =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

/// Whether the bytes are a value for each sort key, then an id.
bool is_position(std::string_view bytes, const Sort& sort) {
    for (const SortKey& key : sort) {
        const Result<std::size_t> length = key_length(bytes, key.descending);
        if (!length.ok()) return false;
        bytes.remove_prefix(*length);
    }
    return decode_id_key(bytes, id_descending(sort)).ok();
}

std::optional<Cursor> read_cursor(std::string_view text, std::uint64_t fingerprint, const Sort& sort) {
    std::optional<std::string> bytes = from_base64url(text);
    if (!bytes || bytes->size() < check_bytes + 2) return std::nullopt;
    std::string expected = bytes->substr(0, bytes->size() - check_bytes);
    append_check(expected, fingerprint);
    if (expected != *bytes) return std::nullopt;
    std::string_view rest(*bytes);
    rest.remove_suffix(check_bytes);
    const char flags = rest[1];
    if (rest[0] != version || (flags & ~(has_total | total_is_exact)) != 0) return std::nullopt;
    rest.remove_prefix(2);
    Cursor cursor;
    cursor.total_is_exact = (flags & total_is_exact) != 0;
    if ((flags & has_total) != 0) {
        cursor.total = take_varint(rest);
        if (!cursor.total) return std::nullopt;
    }
    if (!is_position(rest, sort)) return std::nullopt;
    cursor.position = rest;
    return cursor;
}

}  // namespace

std::string encode_cursor(const Cursor& cursor, std::uint64_t fingerprint) {
    std::string bytes;
    bytes.push_back(version);
    bytes.push_back(
        static_cast<char>((cursor.total ? has_total : 0) | (cursor.total_is_exact ? total_is_exact : 0)));
    if (cursor.total) append_varint(bytes, *cursor.total);
    bytes.append(cursor.position);
    append_check(bytes, fingerprint);
    return to_base64url(bytes);
}

Result<Cursor> decode_cursor(std::string_view text, std::uint64_t fingerprint, const Sort& sort) {
    std::optional<Cursor> cursor = read_cursor(text, fingerprint, sort);
    if (cursor) return *std::move(cursor);
    return Error(ErrorCode::INVALID_CURSOR,
                 "The cursor does not belong to this list with this filter and sort; pass a 'next_cursor' as "
                 "it was given, "
                 "with the same filter and sort",
                 "cursor");
}

std::uint64_t fingerprint_of(std::string_view filter, const Sort& sort) {
    Hash hash;
    hash.number(filter.size()).bytes(filter);
    for (const SortKey& key : sort) {
        hash.number(key.path.text.size())
            .bytes(key.path.text)
            .number((key.descending ? 1 : 0) | (key.rank ? 2 : 0));
    }
    return hash.value();
}

}  // namespace credvault::query
