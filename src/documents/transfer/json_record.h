// What the readers of JSON share: where they begin, and the text of one record made canonical. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace credvault::documents {

/// Where a reader begins: the bytes before, and the line there.
struct ReadFrom {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
};

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Appends the canonical form of an object; else the error, whose message begins with the line.
std::optional<Error> append_json_record(std::string& record, std::string_view text, std::uint64_t line);
/// {"offset":…,"line":…}
std::string state_text(std::uint64_t offset, std::uint64_t line);
bool is_json_space(char c);

}  // namespace credvault::documents
