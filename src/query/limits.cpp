#include "query/limits.h"

namespace credvault::query {
namespace {

QueryLimits& current() {
    static QueryLimits limits;
    return limits;
}

}  // namespace

const QueryLimits& query_limits() { return current(); }

void set_query_limits(const QueryLimits& limits) { current() = limits; }

}  // namespace credvault::query
