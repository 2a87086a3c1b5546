// Questions over a collection: pages, counts, distinct values, explanations. Thread-safe, no state of its own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "documents/explanation.h"
#include "documents/listing.h"
#include "documents/place.h"
#include "storage/engine.h"
#include "storage/query_log.h"

namespace credvault::documents {

/// Time and memory for one question; zero means the service's default.
struct QueryBounds {
    std::int64_t timeout_ms = 0;
    const std::atomic<bool>* cancelled = nullptr;
};

struct QuerySettings {
    std::int64_t timeout_ms = 30'000;
    std::int64_t max_timeout_ms = 300'000;
    std::size_t memory_bytes = 64 * 1024 * 1024;
    std::size_t page_bytes = max_page_bytes;         ///< A page ends when its rows reach this.
    std::size_t spill_bytes = std::size_t{4} << 30;  ///< On disk, for sorts and groups beyond the memory.
    std::string spill_directory;                     ///< Where; empty: nowhere.
    const storage::QueryLog* log = nullptr;          ///< Told of slow work, where there is one; outlives all.

    std::int64_t timeout_of(const QueryBounds& bounds) const {
        return bounds.timeout_ms == 0 ? timeout_ms : std::min(bounds.timeout_ms, max_timeout_ms);
    }
};

struct DistinctValues {
    std::string values;  ///< A canonical array, in the order of values.
    std::uint64_t count = 0;
};

class Queries {
public:
    /// `engine` must outlive the service.
    Queries(storage::Engine& engine, QuerySettings settings) : engine_(engine), settings_(settings) {}

    /// A page of records. Fails with INVALID_FILTER, INVALID_CURSOR, INVALID_PROJECTION, QUERY_TIMEOUT,
    /// QUERY_TOO_LARGE.
    Reply<Listing> page(Place place, ListQuery query, QueryBounds bounds);
    Reply<std::uint64_t> count(Place place, std::string filter, QueryBounds bounds);
    /// The values of a field over the matching records, an array's elements one by one, each once, in order.
    Reply<DistinctValues> distinct(Place place, std::string field, std::string filter, QueryBounds bounds);
    // The same, but what they find is dropped, and they tell how they were run.
    Reply<Explanation> explain_page(Place place, ListQuery query, QueryBounds bounds);
    Reply<Explanation> explain_count(Place place, std::string filter, QueryBounds bounds);
    Reply<Explanation> explain_distinct(Place place, std::string field, std::string filter,
                                        QueryBounds bounds);

    /// The bounds as the engine takes them, within what the configuration allows.
    storage::WorkLimits limits_of(const QueryBounds& bounds) const;

private:
    struct Distinct;

    Reply<Distinct> find_distinct(const Place& place, const std::string& field, const std::string& filter,
                                  const QueryBounds& bounds, bool explain);

    storage::Engine& engine_;
    QuerySettings settings_;
};

}  // namespace credvault::documents
