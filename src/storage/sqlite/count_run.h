// One count at work; as FindRun. One thread at a time.
#pragma once

#include <optional>

#include "storage/read.h"
#include "storage/sqlite/total.h"

namespace credvault::storage {

class CountRun {
public:
    using Answer = CountResult;

    /// The request belongs to the caller and lives until the answer is taken.
    CountRun(const CountRequest& request, const SqliteOptions& options);

    Result<bool> advance(ReadSession& session, Slice slice);
    bool holds_in(const Catalog& newer) const { return total_.holds_in(newer); }
    void restart();
    CountResult take();

private:
    const CountRequest* request_;
    WorkGuard guard_;
    Total total_;
};

}  // namespace credvault::storage
