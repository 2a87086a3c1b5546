// `credvault check DIR`: verifies a data directory and says what is wrong with it.
#pragma once

#include <string>

namespace credvault::app {

/// Returns the exit status: 0 where all is well, 1 where something is wrong, 2 where it could not be checked.
int check(const std::string& directory);

}  // namespace credvault::app
