// `credvault sample load`: puts the data sets of the npm package vega-datasets into the database `sample` of a running
// server, over HTTP like any other client.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/result.h"

namespace credvault::app {

struct SampleOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string key;
    std::string from;      ///< The package's data folder; empty: where ./dev installs it.
    bool replace = false;  ///< Load collections anew that are there.
};

/// Loads what is missing and tells of it on standard output. Fails where the data can't be read, the server refuses, or
/// a collection is there with another number of records (unless `replace`).
Status load_sample(const SampleOptions& options);

/// Adds the command; when it runs it writes its errors to standard error and sets `exit_status`.
void add_sample_command(CLI::App& app, int& exit_status);

}  // namespace credvault::app
