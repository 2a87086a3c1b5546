// The change log as a restricted credential sees it. A record that enters what the rule admits is inserted for it, one
// that leaves is removed. Internal to RestrictedEngine. Pure functions.
#pragma once

#include <string_view>

#include "base/error.h"
#include "storage/changes.h"
#include "storage/narrowing.h"

namespace credvault::storage {

/// Whether a rule decides about records of the collection, or, where it is empty, of any.
bool has_rows(const Narrowing& narrowing, std::string_view collection);
/// Drops and rewrites what the page holds. The page was read with images and current records where has_rows(); those
/// that `request` does not want are left out.
void narrow_changes(ChangesPage& page, const Narrowing& narrowing, const ChangesRequest& request);
/// FORBIDDEN: without both images nobody can tell what a rule says of a change.
Error images_needed();

}  // namespace credvault::storage
