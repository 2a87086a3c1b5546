// Filters with a $text: what they mean depends on the collection's text index, looked up before they
// are parsed. No state.
#pragma once

#include <memory>
#include <string_view>

#include "base/reply.h"
#include "query/filter.h"
#include "storage/engine.h"

namespace credvault::storage {

/// Whether a filter (canonical text, perhaps part of something larger) may have a $text.
bool may_search(std::string_view filter);
/// What the collection's text index indexes; null where it has none, or where `filter` can't ask. Fails with
/// INVALID_FILTER where the index is not built yet, and as Engine::describe_collection does.
Reply<std::shared_ptr<const query::TextSource>> text_source(Engine& engine, std::string_view database,
                                                            std::string_view collection,
                                                            std::string_view filter);

}  // namespace credvault::storage
