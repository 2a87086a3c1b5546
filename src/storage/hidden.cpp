#include "storage/hidden.h"

#include "base/ids.h"

namespace credvault::storage {
namespace {

constexpr std::size_t time_digits = 10;  // Of a ULID.

}  // namespace

std::string hidden_name(std::int64_t now_ms) { return "." + UlidGenerator().next(now_ms); }

bool is_hidden_before(std::string_view collection, std::int64_t ms) {
    if (!is_hidden(collection)) return false;
    return collection.substr(1, time_digits) < UlidGenerator().next(ms).substr(0, time_digits);
}

}  // namespace credvault::storage
