// Documents that come in any order and go in the order of a sort: in memory as long as they fit, else in sorted runs on
// disk that are merged (Knuth, TAOCP 3, 5.4). With a limit it keeps only so many. Belongs to one step.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/pipeline/spill.h"
#include "query/pipeline/work.h"

namespace credvault::query {

class SortedDocuments {
public:
    /// `limit`: only the first so many are wanted. `where` is the stage, for errors.
    SortedDocuments(Work& work, std::uint64_t limit, std::string where);

    /// Documents of equal position keep the order in which they came. Fails with QUERY_TOO_LARGE, STORAGE_FULL,
    /// STORAGE_UNAVAILABLE.
    Status add(std::string_view position, std::string_view document);
    /// No more documents come.
    Status sort();
    /// The next document in order; false at the end. Valid until the next call. Precondition: sort() was called.
    Result<bool> next(std::string_view& document);
    /// What the next one's position was, without the count behind it.
    std::string_view position() const { return position_; }

private:
    struct Entry {
        const char* at;  ///< The position, then the document.
        std::uint32_t position;
        std::uint32_t document;

        std::string_view key() const { return {at, position}; }
        std::string_view text() const { return {at + position, document}; }
    };
    struct Run {
        SpillReader reader;
    };

    char* room(std::size_t bytes);
    void sort_entries();
    /// Drops what lies beyond the limit.
    void prune();
    Status spill();
    Result<bool> advance(std::size_t run);
    Result<bool> next_merged(std::string_view& document);

    Work& work_;
    MemoryShare memory_;
    std::uint64_t limit_;
    std::string where_;
    std::vector<Entry> entries_;
    std::vector<std::unique_ptr<char[]>> chunks_;
    char* chunk_at_ = nullptr;
    std::size_t chunk_left_ = 0;
    std::uint64_t count_ = 0;  ///< Of all that came.
    std::uint64_t given_ = 0;
    std::unique_ptr<SpillFile> file_;
    std::vector<std::uint64_t> run_ends_;
    std::vector<SpillReader> runs_;
    std::vector<std::size_t> heap_;  ///< Runs, the one with the least position first.
    bool advance_first_ = false;
    std::string_view position_;
};

}  // namespace credvault::query
