// Collections and their indexes: what users may ask of them, in front of the engine, which keeps them. Thread-safe,
// no state of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "documents/collection_options.h"
#include "documents/databases.h"
#include "documents/listing.h"
#include "documents/place.h"
#include "storage/engine.h"

namespace credvault::documents {

/// What a collection is to be like.
struct CollectionChange {
    CollectionOptions options;
    std::optional<storage::IndexSpec> ttl;  ///< Made, or put in the place of what was there (ttl_spec).
};

/// An index as a user asks for it.
struct IndexRequest {
    std::string name;                 ///< Empty: made from the fields.
    std::vector<std::string> fields;  ///< "status", "-created_at"; 1 to 32.
    bool unique = false;
    bool sparse = false;
    std::optional<std::int64_t> ttl_seconds = {};
    query::IndexType type = query::IndexType::Value;
    std::string language = {};  ///< Of a text index; empty: the default one.
    std::optional<json::View> weights =
        {};  ///< Of a text index: an object from fields to integers; 1 for the others.
};

class Collections {
public:
    /// `engine` must outlive the service.
    explicit Collections(storage::Engine& engine) : engine_(engine) {}

    /// Fails with INVALID_PARAMETER, INVALID_SCHEMA, ALREADY_EXISTS. The value is the collection's text, as in
    /// describe().
    Reply<Once<std::string>> create(DatabaseRef database, std::string name, CollectionChange wanted,
                                    std::string actor, std::optional<storage::Idempotency> idempotency);
    Reply<std::string> alter(Place place, CollectionChange wanted, std::string actor);
    Reply<void> drop(Place place, std::string actor);
    /// With statistics, canonical text.
    Reply<std::string> describe(Place place);
    Reply<Listing> list(DatabaseRef database, ListQuery query);
    Reply<CollectionOptions> options(Place place);

    /// Fails with ALREADY_EXISTS. The value is the index's text.
    Reply<Once<std::string>> create_index(Place place, storage::IndexSpec spec, std::string actor,
                                          std::optional<storage::Idempotency> idempotency);
    Reply<void> drop_index(Place place, std::string name, std::string actor);
    Reply<std::string> describe_index(Place place, std::string name);
    Reply<Listing> list_indexes(Place place, ListQuery query);

private:
    storage::Engine& engine_;
};

/// An index as the engine takes it. Fails with INVALID_INDEX, or INVALID_PARAMETER for the name.
Result<storage::IndexSpec> index_spec(const IndexRequest& request);
/// The index that a collection's `ttl` stands for: records are removed so long after the time in the field. Fails with
/// INVALID_INDEX.
Result<storage::IndexSpec> ttl_spec(std::string_view field, std::int64_t seconds);
/// Whether the collection has the index that query::advised_index speaks of ("status,-created_at", "geo:place"), built
/// or being built.
bool has_index(const storage::CollectionInfo& info, std::string_view advised);
/// The same as a request.
IndexRequest advised_request(std::string_view advised);
std::string_view type_name(query::IndexType type);
/// As users see them, canonical.
std::string collection_text(const storage::CollectionInfo& info);
std::string index_text(const storage::IndexInfo& info);

}  // namespace credvault::documents
