// Where the documents of a pipeline come from: a part of it that has run so far. Pulled batch by batch, so that nothing
// is read before it is wanted. One caller at a time, on one thread; the work inside may be done on others.
#pragma once

#include <memory>

#include "base/reply.h"
#include "query/pipeline/batch.h"

namespace credvault::documents {

class DocumentSource {
public:
    virtual ~DocumentSource() = default;
    /// Adds documents to the batch until it is full (true) or there are no more (false). The batch outlives the reply.
    virtual Reply<bool> next(query::Batch& batch) = 0;
};

using SourceRef = std::unique_ptr<DocumentSource>;

}  // namespace credvault::documents
