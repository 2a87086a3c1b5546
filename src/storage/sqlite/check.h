// Verifies a data directory that no server uses: that the files are sound, and that what they hold agrees: records with
// their ids and versions, index entries with what the records imply, counts, change log. Changes nothing. One thread;
// memory does not grow with the data.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"

namespace credvault::storage {

struct CheckProblem {
    std::string database;  ///< Its id.
    std::string what;      ///< For people; names collections, records and indexes.
};

struct CheckReport {
    std::vector<std::string> found;  ///< The ids of the databases whose files are there.
    std::uint64_t databases = 0;
    std::uint64_t collections = 0;
    std::uint64_t records = 0;
    std::uint64_t entries = 0;
    std::uint64_t changes = 0;
    std::uint64_t problem_count = 0;
    std::vector<CheckProblem> problems;  ///< The first ones.

    bool ok() const { return problem_count == 0; }
};

struct CheckProgress {
    std::string_view database;
    std::string_view step;    ///< "file", "records", "entries", "changes".
    std::uint64_t done = 0;   ///< Rows of this step.
    std::uint64_t total = 0;  ///< As far as it is known; else 0.
};

struct CheckSettings {
    std::size_t max_problems = 100;  ///< Kept in the report; all are counted.
    /// Called now and then. Returning false stops the check, which then fails with INTERNAL.
    std::function<bool(const CheckProgress&)> progress;
    /// Called for each sound record of the platform's databases, whose meaning is not known here, in the order in
    /// which a collection's were inserted.
    std::function<void(std::string_view database, std::string_view collection, const json::View& record)>
        on_platform_record;
};

/// Fails with STORAGE_UNAVAILABLE where the directory is in use, is none or can't be read.
Result<CheckReport> check_directory(const std::string& path, const CheckSettings& settings = {});

}  // namespace credvault::storage
