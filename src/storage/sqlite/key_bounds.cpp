#include "storage/sqlite/key_bounds.h"

namespace credvault::storage {
namespace {

/// The least id whose encoded form is not below these bytes. Ids have no character below a space, and encoded ones end
/// with a NUL (query/key.h), so what follows a lower byte only decides whether the id before it is meant too.
std::string id_at_least(std::string_view encoded) {
    std::size_t end = 0;
    while (end < encoded.size() && static_cast<unsigned char>(encoded[end]) >= 0x20) ++end;
    std::string id(encoded.substr(0, end));
    const std::string_view rest = encoded.substr(end);
    if (rest > std::string_view("\0", 1)) id += '\x01';
    return id;
}

}  // namespace

std::string prefix_end(std::string_view prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.remove_suffix(1);
    if (prefix.empty()) return std::string(top_bound);
    std::string end(prefix);
    end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

IdBounds id_bounds(const query::KeyRange& encoded) {
    return {id_at_least(encoded.low),
            encoded.high.empty() ? std::string(top_bound) : id_at_least(encoded.high)};
}

}  // namespace credvault::storage
