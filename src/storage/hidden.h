// Hidden collections: made to be filled by several batches and then published in one moment (PublishCollection). No
// list names them, and the change feed shows nothing of them. What a process leaves behind is removed by a later one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace credvault::storage {

/// Names of users' collections begin with a letter.
constexpr bool is_hidden(std::string_view collection) { return collection.starts_with('.'); }
/// A new name, which tells when it was made.
std::string hidden_name(std::int64_t now_ms);
/// Whether the hidden collection was named before that time.
bool is_hidden_before(std::string_view collection, std::int64_t ms);

}  // namespace credvault::storage
