// The walks of text and geo indexes (walk.h). Internal to walk.cpp.
#pragma once

#include <memory>

#include "storage/sqlite/walk.h"

namespace credvault::storage {

std::unique_ptr<Walk> make_text_walk(const query::Plan& plan, const WalkTarget& target);
std::unique_ptr<Walk> make_near_walk(const query::Plan& plan, const WalkTarget& target);

}  // namespace credvault::storage
