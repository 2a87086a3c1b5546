// `credvault serve`: reads the configuration, opens the data directory, serves until it is told to stop.
#pragma once

#include <string>

namespace credvault::app {

struct ServeOptions {
    std::string data;
    std::string listen;  ///< Empty: as configured.
    std::string config;  ///< Empty: the defaults.
    std::string engine;  ///< Empty: as configured. For tests.
};

/// Returns the exit status: 0 after SIGTERM or SIGINT, 2 for a wrong configuration, 1 for what failed otherwise.
int serve(const ServeOptions& options);

}  // namespace credvault::app
