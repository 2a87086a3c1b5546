// `credvault export`: a collection of a running server into a file or to standard output. An export to a file of NDJSON
// that broke off goes on behind the last record that it has.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

#include "base/result.h"

namespace credvault::app {

struct ExportOptions {
    std::string from, output, url = "http://127.0.0.1:8080", key, format, filter, sort, fields, delimiter;
    bool resume = false;
};

/// Returns how many records were written. Fails with the server's errors and those of the file.
Result<std::uint64_t> export_file(const ExportOptions& options);

/// Adds `export` to the command line; sets the exit status.
void add_export_command(CLI::App& app, int& exit_status);

}  // namespace credvault::app
