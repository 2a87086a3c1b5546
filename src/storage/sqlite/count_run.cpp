#include "storage/sqlite/count_run.h"

#include <utility>

namespace credvault::storage {

CountRun::CountRun(const CountRequest& request, const SqliteOptions& options)
    : request_(&request), guard_(request.limits, options), total_(request.filter, request.count_to) {}

Result<bool> CountRun::advance(ReadSession& session, Slice slice) {
    return total_.advance(session, request_->collection, guard_, slice);
}

void CountRun::restart() { total_.restart(); }

CountResult CountRun::take() {
    CountResult result;
    result.count = total_.count();
    result.exact = total_.exact();
    total_.add_stats(result.stats);
    const QueryTarget& target = *total_.target();
    result.stats.index = target.index_name();
    result.stats.elapsed_ns = guard_.elapsed_ns();
    if (request_->explain) {
        const query::Sort none;
        const query::QueryShape shape{request_->filter, none, true, false};
        result.stats.plan = query::describe(target.plan(), shape, target.collection().shapes);
        result.stats.advice = query::advised_index(shape);
    }
    return result;
}

}  // namespace credvault::storage
