#include "storage/sqlite/chore.h"

#include "storage/hidden.h"

namespace credvault::storage {

std::unique_ptr<Chore> make_chore(const ChoreRequest& request) {
    switch (request.kind) {
        case ChoreRequest::Kind::BuildIndex: return make_index_build(request.collection, request.number);
        case ChoreRequest::Kind::SweepIndex: return make_index_sweep(request.number, true);
        case ChoreRequest::Kind::SweepFailedIndex: return make_index_sweep(request.number, false);
        case ChoreRequest::Kind::SweepCollection: return make_collection_sweep(request.number);
        case ChoreRequest::Kind::DropCollection: return make_collection_drop(request.number);
    }
    return nullptr;
}

Result<std::vector<ChoreRequest>> unfinished_chores(Connection& connection, const Catalog& catalog,
                                                    std::int64_t started_ms) {
    std::vector<ChoreRequest> found;
    const auto collect = [&](ChoreRequest::Kind kind, std::string_view text) -> Status {
        Statement rows(connection.raw(), text, false);
        int code = SQLITE_ROW;
        while ((code = rows.step()) == SQLITE_ROW) found.push_back({kind, rows.integer(0), rows.integer(1)});
        return connection.check(code, "looking for unfinished work");
    };
    using Kind = ChoreRequest::Kind;
    TRY_VOID(collect(Kind::SweepIndex, "SELECT number, collection FROM indexes WHERE state = 3"));
    TRY_VOID(collect(Kind::SweepFailedIndex,
                     "SELECT number, collection FROM indexes i WHERE state = 2 AND EXISTS "
                     "(SELECT 1 FROM entries e WHERE e.number = i.number)"));
    TRY_VOID(collect(Kind::SweepCollection, "SELECT number, number FROM collections WHERE dropped = 1"));
    TRY_VOID(
        collect(Kind::BuildIndex,
                "SELECT i.number, i.collection FROM indexes i JOIN collections c ON c.number = i.collection "
                "WHERE i.state = 0 AND c.dropped = 0"));
    for (const CollectionRef& collection : catalog.collections()) {
        if (is_hidden_before(collection->name, started_ms))
            found.push_back({Kind::DropCollection, collection->number, collection->number});
    }
    return found;
}

}  // namespace credvault::storage
