// An update of the query language in the form an engine applies it. Immutable; applied on writers' threads.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "query/filter.h"
#include "query/update/update.h"
#include "storage/write.h"

namespace credvault::documents {

class UpdateChange final : public storage::RecordChange {
public:
    /// `filter` is what finds the records: it gives the positional `$` its place and an upsert its fields.
    UpdateChange(query::Update update, query::Filter filter, std::int64_t now_ms)
        : update_(std::move(update)), filter_(std::move(filter)), now_ms_(now_ms) {}

    Result<std::string> apply(const json::View& current) const override;
    /// Fails as Update::insertion does, and with what check_insert finds wrong.
    Result<std::string> insertion() const override;

private:
    query::Update update_;
    query::Filter filter_;
    std::int64_t now_ms_;
};

}  // namespace credvault::documents
