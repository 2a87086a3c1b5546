// What a bulk or transaction answers: a result for each operation and the counts over them. Internal to documents/. One
// answer, one thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "storage/write.h"

namespace credvault::documents {

/// One operation's result, canonical: {"operation", "status", …}.
std::string result_text(std::string_view kind, const storage::OperationOutcome& outcome);
std::string failure_text(std::string_view kind, const Error& error);
std::string skipped_text(std::string_view kind);

/// Gathers results in the order of the operations.
class BulkResults {
public:
    void add(std::string_view result);
    /// Whether any of them failed.
    bool failed() const { return failed_ > 0; }
    /// {"inserted_count", …, "results": […]}.
    std::string text() const;

private:
    std::int64_t inserted_ = 0, matched_ = 0, modified_ = 0, deleted_ = 0, upserted_ = 0, failed_ = 0;
    std::string results_;
};

}  // namespace credvault::documents
