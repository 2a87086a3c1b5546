// The parts of paths that data endpoints share, and what they resolve to for the caller. Members of request structs:
// include(&GetRecord::at).
#pragma once

#include <string>
#include <string_view>

#include "api/codecs.h"
#include "api/context.h"
#include "api/restricted_database.h"
#include "documents/databases.h"

namespace credvault::api {

struct DatabasePath {
    std::string_view database;

    static Fields fields() {
        return {path(&DatabasePath::database, "database",
                     {.description = "The database's name.", .example = "shop", .max_length = 64})};
    }
    /// As the caller sees it. Fails with DATABASE_NOT_FOUND, and with FORBIDDEN where his restrictions leave it out.
    Result<documents::DatabaseRef> resolve(Context& context) const {
        if (context.principal.restrictions) [[unlikely]]
            return restricted_database(context.services, *context.principal.restrictions, context.workspace(),
                                       database);
        return context.services.databases.find(context.workspace(), database);
    }
    std::string url() const { return "/v1/databases/" + std::string(database); }
};

struct CollectionPath {
    DatabasePath in;
    std::string_view collection;

    static Fields fields() {
        return {include(&CollectionPath::in),
                path(&CollectionPath::collection, "collection",
                     {.description = "The collection's name.", .example = "users", .max_length = 64})};
    }
    /// Fails with DATABASE_NOT_FOUND.
    Result<documents::Place> resolve(Context& context) const {
        TRY(documents::DatabaseRef database, in.resolve(context));
        return documents::Place(std::move(database), collection);
    }
    std::string url() const { return in.url() + "/collections/" + std::string(collection); }
};

struct RecordPath {
    CollectionPath in;
    std::string_view id;

    static Fields fields() {
        return {include(&RecordPath::in),
                path(&RecordPath::id, "id",
                     {.description = "The record's id.", .example = "01JBV3M6Q4Z0X8T5D2N7K9W1RA"})};
    }
};

/// Where a record is, its id percent-encoded.
std::string record_url(const CollectionPath& in, std::string_view id);

}  // namespace credvault::api
