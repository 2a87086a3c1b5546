// What an import has done: counts, and the first errors with their lines. A value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"

namespace credvault::documents {

/// A record that was not imported.
struct ImportError {
    std::uint64_t line = 0;
    std::string code;
    std::string message;
};

constexpr std::size_t max_kept_errors = 100;

struct ImportReport {
    std::uint64_t inserted = 0;
    std::uint64_t replaced = 0;
    std::uint64_t merged = 0;
    std::uint64_t skipped = 0;
    std::uint64_t failed = 0;
    std::uint64_t warned = 0;         ///< Of those that were imported: they violate a schema that only warns.
    std::vector<ImportError> errors;  ///< The first max_kept_errors, by line.

    /// Counts it, and keeps it if there is room.
    void fail(ImportError error);
    std::uint64_t records() const { return inserted + replaced + merged + skipped + failed; }
    /// {"inserted":…,"replaced":…,"merged":…,"skipped":…,"failed":…,"warned":…,"errors":[{"line","code","message"}]}
    std::string text() const;
    /// Fails with INVALID_DATA on what text() did not make.
    static Result<ImportReport> parse(const json::View& text);
};

}  // namespace credvault::documents
