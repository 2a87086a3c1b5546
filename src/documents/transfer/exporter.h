// One export: records as a stream of text, in short reads one after another, so that neither memory nor a transaction
// is held however slowly it is taken. No snapshot: what is written meanwhile may or may not be in it. Belongs to one
// thread; the reads and the making of the text happen on the engine's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/reply.h"
#include "documents/place.h"
#include "documents/transfer/record_reader.h"
#include "query/projection.h"
#include "query/sort.h"
#include "storage/engine.h"

namespace credvault::documents {

struct ExportQuery {
    DataFormat format = DataFormat::Ndjson;
    std::string filter;  ///< Canonical; empty: all records.
    query::Sort sort;
    query::Projection projection;
    std::vector<std::string> columns;  ///< Of CSV; empty: those that the records have.
    char delimiter = ',';
};

/// A sort that no index gives may hold so much.
constexpr std::size_t max_sorted_export = 16 * 1024 * 1024;

class Exporter {
public:
    /// Reads the first records, so that what is wrong is known before anything is sent; `columns` of CSV that are not
    /// given take a look at all records. Fails with INVALID_FILTER, UNSUPPORTED_OPERATOR, COLLECTION_NOT_FOUND,
    /// QUERY_TOO_LARGE (more than max_sorted_export to be sorted, too many columns), and as Engine::find does.
    static Reply<std::unique_ptr<Exporter>> begin(storage::Engine& engine, Place place, ExportQuery query,
                                                  std::shared_ptr<void> slot);
    ~Exporter();

    /// The next piece; empty at the end. One at a time.
    Reply<std::string> next();
    /// What is being read soon ends.
    void cancel();

private:
    struct State;
    struct Batch;
    explicit Exporter(std::shared_ptr<State> state);
    static Reply<Batch> read(std::shared_ptr<State> state);
    static Reply<void> find_columns(std::shared_ptr<State> state);

    std::shared_ptr<State> state_;
    std::unique_ptr<Reply<Batch>> ahead_;  ///< What is being read already.
};

}  // namespace credvault::documents
