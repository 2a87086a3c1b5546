// An update of the query language as a change of an engine, for tests.
#pragma once

#include <string>
#include <string_view>

#include "engine/store.h"
#include "query/update/update.h"

namespace credvault::storage::suite {

class QueryUpdate final : public RecordChange {
public:
    explicit QueryUpdate(std::string_view update, std::string_view filter = "{}")
        : update_(*query::Update::parse(json::View(canonical(update)))), filter_(filter_of(filter)) {}

    Result<std::string> apply(const json::View& current) const override {
        query::UpdateInput input;
        if (update_.is_positional()) filter_.matches(current, &input.position);
        return update_.apply(current, input);
    }
    Result<std::string> insertion() const override { return update_.insertion(filter_, {}); }

private:
    query::Update update_;
    query::Filter filter_;
};

}  // namespace credvault::storage::suite
