// Sorting: by one or several paths, ascending or descending, then by id in the direction of the last key (or ascending
// without keys), so that every order is total. An array sorts by its least element ascending and by its greatest
// descending, each key for itself; an empty array comes before null; missing equals null. One key may be the rank of a
// record in its query (rank.h): then ids ascend. Value types; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "json/view.h"
#include "query/path.h"

namespace credvault::query {

struct SortKey {
    Path path;
    bool descending = false;
    bool rank = false;  ///< Not a field: descending the score of a $text, ascending the distance of a $near.
};

using Sort = std::vector<SortKey>;  ///< Empty: by id. At most max_sort_keys.

constexpr std::size_t max_sort_keys = 32;

/// From {"age":-1,"name":1} or "-age,name" (or that as a JSON string); {"score":{"$meta":"textScore"}} is the rank.
/// Fails with INVALID_SORT, `field` being the path.
Result<Sort> parse_sort(const json::View& value);
Result<Sort> parse_sort(std::string_view comma_separated);
/// As "-age,name", for people. Read again it is the same sort, but for names with commas or with space at their ends,
/// which only the JSON form can hold.
std::string sort_text(const Sort& sort);
/// By distance.
Sort nearest_first();
bool has_rank(const Sort& sort);
/// The direction of the id that breaks ties.
bool id_descending(const Sort& sort);

/// Appends the record's sort position as bytes: the encoded sort values (key.h, uncut, descending ones inverted), then
/// the encoded id. Positions compare with memcmp in the order of the sort, and no two records share one. A record
/// without a string as its id counts as having the empty one.
/// `rank` is the record's, for a key that is the rank.
void append_position(std::string& out, const json::View& record, const Sort& sort, double rank = 0);

}  // namespace credvault::query
