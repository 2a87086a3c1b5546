// The changes that PATCH makes, in the form an engine applies them. Immutable; applied on writers' threads.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "documents/records.h"
#include "storage/write.h"

namespace credvault::documents {

/// Checks the body (canonical text) and makes the change. Fails with INVALID_PATCH, IMMUTABLE_FIELD, INVALID_UPDATE or
/// UNSUPPORTED_OPERATOR.
Result<std::unique_ptr<storage::RecordChange>> make_patch(PatchKind kind, std::string_view body);

}  // namespace credvault::documents
