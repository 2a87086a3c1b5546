// What a record puts into text and geo indexes: index_keys (key.h) for them. Internal to query/.
#pragma once

#include "query/key.h"

namespace credvault::query {

Result<IndexKeys> text_keys(const json::View& record, const IndexFields& index);
/// `multikey` where the record has several cells.
Result<IndexKeys> geo_keys(const json::View& record, const IndexFields& index);

}  // namespace credvault::query
