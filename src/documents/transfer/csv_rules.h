// How CSV is read: what users may say of it. Value types and their parsing; pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace credvault::documents {

/// What the cells of a column are by the word of the user, where a cell that does not fit is an error; Auto: found from
/// the data, where it is kept as a string.
enum class CellType : std::uint8_t { Auto, String, Int, Double, Bool, Json };

/// "string", "int", "double", "bool", "json"; "auto" is the default.
std::string_view cell_type_name(CellType type);

struct CsvRules {
    char delimiter = ',';
    std::vector<std::string> columns;                     ///< Names; empty: the first row has them.
    std::vector<std::pair<std::string, CellType>> types;  ///< Of columns that the user speaks of.
    bool omit_empty = false;                              ///< Leave empty cells out; else they are null.
    std::size_t sample_rows = 1'000;                      ///< That types are found from.
    std::size_t sample_bytes = 1024 * 1024;
};

constexpr std::size_t max_csv_columns = 10'000;

/// One character that is no letter, digit, quote, space or line end, or "tab". Fails with INVALID_PARAMETER.
Result<char> parse_delimiter(std::string_view text);
/// "age:int,zip:string"; the last colon of a part counts. Fails with INVALID_PARAMETER.
Result<std::vector<std::pair<std::string, CellType>>> parse_types(std::string_view text);

}  // namespace credvault::documents
