// CSV (RFC 4180) as JSON records, for the sample data: the first row names the fields, and each column gets the type
// that all of its cells have. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace credvault::app {

/// One canonical object a row. A column whose cells are all JSON numbers holds numbers (all doubles where one of them
/// is), one of "true" and "false" booleans, any other strings; an empty cell is null. Lines end in LF or CR LF, empty
/// ones are left out. Fails with INVALID_DATA or INVALID_RECORD naming the line: a row with another number of cells,
/// a quote that is not closed, a name that is empty or comes twice, text that is not UTF-8.
Result<std::vector<std::string>> records_of_csv(std::string_view text);

}  // namespace credvault::app
