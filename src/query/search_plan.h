// The plan that a text or geo index gives for a query. Internal to the planner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/planner.h"
#include "query/restriction.h"

namespace credvault::query {

/// Nothing where the query searches nothing that one of the indexes has.
std::optional<Plan> plan_search(const QueryShape& query, const Restrictions& restrictions,
                                const std::vector<IndexShape>& indexes);
/// What such a plan walks, in words.
std::string search_text(const Plan& plan, const QueryShape& query, const IndexShape& index);
/// The path that a geo index would help to search; empty where none would.
std::string advised_place(const QueryShape& query);

}  // namespace credvault::query
