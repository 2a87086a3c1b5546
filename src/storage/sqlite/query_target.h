// What a question is asked of: a collection as one catalog has it, and the plan made for it. Since indexes come and go,
// it can be asked whether a newer catalog still bears the plan. A value type.
#pragma once

#include <memory>
#include <string_view>

#include "query/planner.h"
#include "storage/sqlite/catalog.h"
#include "storage/sqlite/matches.h"

namespace credvault::storage {

class QueryTarget {
public:
    QueryTarget() = default;
    /// Fails with COLLECTION_NOT_FOUND.
    static Result<QueryTarget> make(std::shared_ptr<const Catalog> catalog, std::string_view collection,
                                    const query::QueryShape& query);

    const StoredCollection& collection() const { return *collection_; }
    query::Plan& plan() { return plan_; }
    const query::Plan& plan() const { return plan_; }
    /// The name of the plan's index; empty where it uses none.
    std::string_view index_name() const;

    /// The matches by this plan. With `keys_only` records are not fetched where they need not be.
    Matches matches(const query::Filter& filter, bool keys_only) const;
    /// What a plan by a text index may give, with its scores and without its records. Not all of it need match.
    Matches candidates(std::shared_ptr<const query::TextRanking> ranking) const;
    /// The text index of a filter; null where it has none, or none any more.
    const StoredIndex* text_index(const query::Filter& filter) const;
    /// Whether what was read by this plan under its own catalog is good under this one too.
    bool holds_in(const Catalog& newer) const;

private:
    CollectionRef collection_;
    query::Plan plan_;
};

}  // namespace credvault::storage
