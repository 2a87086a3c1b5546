#include "documents/change_token.h"

#include <charconv>

namespace credvault::documents {
namespace {

constexpr std::size_t check_digits = 8;

/// FNV-1a over the database's id and the position: not against forgery, but against mistakes.
std::uint32_t check_of(std::string_view database, std::uint64_t position) {
    std::uint32_t hash = 2166136261U;
    const auto add = [&hash](unsigned char byte) { hash = (hash ^ byte) * 16777619U; };
    for (const char c : database) add(static_cast<unsigned char>(c));
    for (int shift = 0; shift < 64; shift += 8) add(static_cast<unsigned char>(position >> shift));
    return hash;
}

void append_hex(std::string& out, std::uint64_t value, std::size_t width) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
    const auto size = static_cast<std::size_t>(end - digits);
    out.append(width > size ? width - size : 0, '0').append(digits, size);
}

}  // namespace

std::string change_token(const DatabaseEntry& database, std::uint64_t position) {
    std::string token;
    append_hex(token, check_of(database.stored_id(), position), check_digits);
    append_hex(token, position, 1);
    return token;
}

Result<std::uint64_t> parse_change_token(const DatabaseEntry& database, std::string_view token) {
    std::uint64_t position = 0;
    if (token.size() > check_digits) {
        const char* const end = token.data() + token.size();
        const auto read = std::from_chars(token.data() + check_digits, end, position, 16);
        if (read.ec == std::errc() && read.ptr == end && change_token(database, position) == token)
            return position;
    }
    return Error(
        ErrorCode::INVALID_CURSOR,
        "This is no position in the database's change log; take `position` of an earlier answer, 'oldest' "
        "or 'now'",
        "since");
}

}  // namespace credvault::documents
