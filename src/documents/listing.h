// The paging of resources that are held in memory (databases, collections, indexes), with the parameters and cursors
// of storage/listing.h, which pages what an engine keeps. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/listing.h"

namespace credvault::documents {

using storage::CountMode;
using storage::Listing;
using storage::ListPosition;
using storage::ListQuery;
using storage::max_page;
using storage::max_page_bytes;
using storage::next_cursor;
using storage::Pagination;
using storage::position_of;

/// Filters, sorts and pages rows (canonical objects) by the query; ties and the order without a sort go by the member
/// `key`, which tells the rows apart.
Result<Listing> list_rows(const std::vector<std::string>& rows, ListQuery query,
                          std::string_view key = "name");

}  // namespace credvault::documents
