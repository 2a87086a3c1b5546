// Collections and their indexes: what users may ask of them, in front of the engine, which keeps them. Thread-safe,
// no state of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "documents/databases.h"
#include "documents/listing.h"
#include "documents/place.h"
#include "storage/engine.h"

namespace credvault::documents {

/// What a collection may be told about itself.
struct CollectionOptions {
    bool require_if_match = false;  ///< Changing a record needs If-Match, else 428.

    std::string text() const;
    static CollectionOptions parse(std::string_view text);
};

/// An index as a user asks for it.
struct IndexRequest {
    std::string name;                 ///< Empty: made from the fields.
    std::vector<std::string> fields;  ///< "status", "-created_at"; 1 to 32.
    bool unique = false;
    bool sparse = false;
};

class Collections {
public:
    /// `engine` must outlive the service.
    explicit Collections(storage::Engine& engine) : engine_(engine) {}

    /// Fails with INVALID_PARAMETER, ALREADY_EXISTS. The value is the collection's text, as in describe().
    Reply<Once<std::string>> create(DatabaseRef database, std::string name, CollectionOptions options,
                                    std::string actor, std::optional<storage::Idempotency> idempotency);
    Reply<std::string> alter(Place place, CollectionOptions options, std::string actor);
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
/// As users see them, canonical.
std::string collection_text(const storage::CollectionInfo& info);
std::string index_text(const storage::IndexInfo& info);

}  // namespace credvault::documents
