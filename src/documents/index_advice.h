// Which indexes a collection misses, from what its queries really cost (storage/query_log). Thread-safe; no state of
// its own.
#pragma once

#include "base/reply.h"
#include "documents/listing.h"
#include "documents/place.h"
#include "storage/engine.h"
#include "storage/query_log.h"

namespace credvault::documents {

class IndexAdvisor {
public:
    /// Both must outlive it.
    IndexAdvisor(storage::Engine& engine, const storage::QueryLog& log) : engine_(engine), log_(log) {}

    /// Indexes that queries since the server's start would have used, without those that the collection has by now.
    /// Without a sort the costliest lack comes first. Fails as Engine::describe_collection and list_rows do.
    Reply<Listing> list(Place place, ListQuery query);

private:
    storage::Engine& engine_;
    const storage::QueryLog& log_;
};

}  // namespace credvault::documents
