// A temporary file for what a query holds beyond its memory: nameless from the start, so that nothing is left of it
// whatever happens. Records are written one after another and read in runs, from any place on. One query's; one thread
// at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "query/pipeline/work.h"

namespace credvault::query {

class SpillFile {
public:
    /// Fails with QUERY_TOO_LARGE where the query has no place to spill to, and STORAGE_FULL or STORAGE_UNAVAILABLE
    /// where the file can't be made. `where` is the stage.
    static Result<std::unique_ptr<SpillFile>> create(Work& work, const std::string& where);
    ~SpillFile();
    SpillFile(const SpillFile&) = delete;
    SpillFile& operator=(const SpillFile&) = delete;

    /// Appends a record of two parts. Fails with QUERY_TOO_LARGE beyond the query's bound, STORAGE_FULL,
    /// STORAGE_UNAVAILABLE.
    Status append(std::string_view first, std::string_view second);
    /// Where the next record goes.
    std::uint64_t size() const { return written_ + buffer_.size(); }

private:
    friend class SpillReader;
    SpillFile(int descriptor, Work& work, std::string where)
        : descriptor_(descriptor), work_(work), where_(std::move(where)) {}
    Status flush();
    Result<std::size_t> read(std::uint64_t at, char* to, std::size_t size);

    int descriptor_;
    Work& work_;
    std::string where_;
    std::string buffer_;
    std::uint64_t written_ = 0;
};

/// Reads the records of a run in their order. The file outlives it.
class SpillReader {
public:
    SpillReader(SpillFile& file, std::uint64_t begin, std::uint64_t end)
        : file_(&file), at_(begin), end_(end) {}

    /// The next record; false at the end of the run. The views live until the next call.
    Result<bool> next();
    std::string_view first() const { return first_; }
    std::string_view second() const { return second_; }

private:
    /// Makes so many bytes available from the buffer's current place.
    Status need(std::size_t bytes);

    SpillFile* file_;
    std::uint64_t at_;  ///< Of what is not yet in the buffer.
    std::uint64_t end_;
    std::string buffer_;
    std::size_t used_ = 0;
    std::string_view first_;
    std::string_view second_;
};

}  // namespace credvault::query
