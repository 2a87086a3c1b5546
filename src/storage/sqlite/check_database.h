// The checks of one database file (check.h). One thread.
#pragma once

#include <string>

#include "storage/sqlite/check.h"

namespace credvault::storage {

/// Adds to the report. Fails only where settings.progress stopped it: a file that can't be read is a problem found.
Status check_database(const std::string& id, const std::string& path, const CheckSettings& settings,
                      CheckReport& report);

}  // namespace credvault::storage
