// What families ask of their arguments. Errors name the operator and what it wants.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "query/expression/item.h"
#include "query/expression/operator.h"

namespace credvault::query {

/// An integer, or a double that is one, of 32 bits: what positions and counts are. `what` begins the message ("the
/// position").
Result<std::int32_t> need_int32(const Call& call, const Item& item, std::string_view what);
/// The same of 64 bits.
Result<std::int64_t> need_int64(const Call& call, const Item& item, std::string_view what);
Status need_array(const Call& call, const Item& item, std::string_view what);
Status need_object(const Call& call, const Item& item, std::string_view what);
Status need_number(const Call& call, const Item& item, std::string_view what);

}  // namespace credvault::query
