// `credvault import`: a file into a collection of a running server. The file is read and sent in parts; what was sent
// is
// kept beside the file, so that a command that broke off goes on where it ended when it is given again, and no record
// is imported twice.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "base/result.h"
#include "documents/transfer/csv_rules.h"

namespace credvault::app {

struct ImportOptions {
    std::string file, to, url = "http://127.0.0.1:8080", key, format, on_conflict = "error", delimiter, types;
    std::vector<std::string> columns;
    bool omit_empty = false;
    bool restart = false;  ///< Forget what was imported before.
    std::uint64_t max_errors = 1'000;
};

/// Imports and prints what was done; false where some records failed. Fails with the server's errors and those of the
/// file.
Result<bool> import_file(const ImportOptions& options);

/// Adds `import` to the command line; sets the exit status.
void add_import_command(CLI::App& app, int& exit_status);

}  // namespace credvault::app
