// A file of records that a command reads or writes: its format and compression by its name, its bytes decoded. For one
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "documents/transfer/record_reader.h"
#include "http/coding.h"
#include "http/decoding.h"

namespace credvault::app {

struct FileKind {
    documents::DataFormat format = documents::DataFormat::Ndjson;
    http::Coding coding = http::Coding::Identity;
};

/// By the ending: .ndjson .jsonl, .json, .csv .tsv, each with .gz or .zst behind it. Fails with INVALID_PARAMETER for
/// any other, unless `format` ("ndjson", "json", "csv") says it.
Result<FileKind> kind_of_file(std::string_view name, std::string_view format);

class DataFile {
public:
    /// Fails with INVALID_PARAMETER where it can't be read.
    static Result<std::unique_ptr<DataFile>> open(const std::string& path, http::Coding coding);
    ~DataFile();
    DataFile(const DataFile&) = delete;
    DataFile& operator=(const DataFile&) = delete;

    /// The next decoded bytes, valid until the next call; empty at the end. Fails with INVALID_DATA.
    Result<std::string_view> read();
    std::uint64_t bytes() const { return bytes_; }      ///< Of the file.
    std::uint64_t bytes_read() const { return read_; }  ///< Of the file, so far.
    std::int64_t modified_ns() const { return modified_ns_; }

private:
    DataFile(int descriptor, http::Coding coding);

    int descriptor_;
    std::uint64_t bytes_ = 0;
    std::uint64_t read_ = 0;
    std::int64_t modified_ns_ = 0;
    std::vector<char> buffer_;
    std::unique_ptr<http::Decoder> decoder_;
    bool feeding_ = false;
};

}  // namespace credvault::app
