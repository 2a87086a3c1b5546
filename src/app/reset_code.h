// `credvault reset-code`: the operator's way to let somebody set a new password where no mail is sent. Works on a data
// directory that no server uses.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace credvault::app {

void add_reset_code_command(CLI::App& app, int& status);

}  // namespace credvault::app
