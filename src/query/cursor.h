// The opaque cursor of a list: the position of the last row shown, the total counted on the first page, and a
// fingerprint of the filter and sort it belongs to. Text is base64url; it holds no secret, and a forged one can name no
// more than a position.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "query/sort.h"

namespace credvault::query {

struct Cursor {
    std::string position;                ///< append_position's bytes.
    std::optional<std::uint64_t> total;  ///< As counted on the first page.
    bool total_is_exact = true;
};

/// `fingerprint` is fingerprint_of(filter text, sort).
std::string encode_cursor(const Cursor& cursor, std::uint64_t fingerprint);
/// Fails with INVALID_CURSOR on anything that encode_cursor did not make for the same fingerprint and sort.
Result<Cursor> decode_cursor(std::string_view text, std::uint64_t fingerprint, const Sort& sort);
/// Stable over processes and versions. `filter` is the filter's canonical text.
std::uint64_t fingerprint_of(std::string_view filter, const Sort& sort);

}  // namespace credvault::query
