// One page of the change log being read; as FindRun. The log is not in the catalog, so that nothing but the position
// carries over from slice to slice. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "storage/changes.h"
#include "storage/sqlite/read_session.h"
#include "storage/sqlite/work_guard.h"

namespace credvault::storage {

class ChangesRun {
public:
    using Answer = ChangesPage;

    /// The request belongs to the caller and lives until the answer is taken.
    explicit ChangesRun(const ChangesRequest& request) : request_(&request) {}

    Result<bool> advance(ReadSession& session, Slice slice);
    bool holds_in(const Catalog&) const { return true; }
    void restart() {}
    ChangesPage take() { return std::move(page_); }

private:
    Status look_at_ends(Connection& connection);
    /// Whether a change that is stored so is one that the request asks for.
    bool is_wanted(std::int64_t operation) const;
    Result<bool> read(Connection& connection, Slice& slice);
    struct Named {
        std::string name;
        bool live;
    };
    Result<Named> collection_of(Connection& connection, std::int64_t number);
    Status add(Connection& connection, const Statement& row, Named collection);
    Status add_current(Connection& connection, std::int64_t collection, Change& change);

    const ChangesRequest* request_;
    bool started_ = false;
    std::uint64_t looked_at_ = 0;
    std::size_t bytes_ = 0;
    std::map<std::int64_t, Named> collections_;
    ChangesPage page_;
};

}  // namespace credvault::storage
