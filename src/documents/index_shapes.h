// What the planner needs to know of a collection's indexes, for services that want to know how a question would be run.
// Engines know more of arrays than this, so that they may find an order where this does not.
#pragma once

#include <vector>

#include "query/planner.h"
#include "storage/schema.h"

namespace credvault::documents {

inline std::vector<query::IndexShape> index_shapes(const storage::CollectionInfo& collection) {
    std::vector<query::IndexShape> shapes;
    for (const storage::IndexInfo& index : collection.indexes) {
        query::IndexShape& shape = shapes.emplace_back();
        shape.name = index.spec.name;
        shape.keys = index.spec.keys;
        shape.unique = index.spec.unique;
        shape.usable = index.state == storage::IndexState::Ready;
        shape.multikey = index.multikey;
        shape.cut = index.cut;
    }
    return shapes;
}

}  // namespace credvault::documents
