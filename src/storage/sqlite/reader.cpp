#include "storage/sqlite/reader.h"

namespace credvault::storage {

Status Reading::begin(Database& database, ReadSession& session) {
    Status begun = session.begin();
    if (!begun.ok()) return database.note(begun.error());
    return begun;
}

Reader::Reader(Context& context)
    : context_(context),
      workers_({"reader", std::max(1u, context.options.worker_threads), context.options.max_queued_reads,
                context.options.worker_nice}) {}

}  // namespace credvault::storage
