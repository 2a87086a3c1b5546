// One cell of CSV as a JSON value. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "documents/transfer/csv_columns.h"

namespace credvault::documents {

/// What a cell's text is: an integer within ±2^63, another JSON number, true or false in small, capital or title
/// case, a
/// JSON array or object, or a string. Numbers as people write ids (007, more digits than an integer has) are strings.
ColumnKind kind_of_cell(std::string_view cell);
/// Appends the cell as a value of this kind, any number as a double for Double, any JSON for Json. False, with nothing
/// appended, where it is none. Precondition: UTF-8 without U+0000.
bool append_as(std::string& out, std::string_view cell, ColumnKind kind);

}  // namespace credvault::documents
