// NDJSON: a JSON object in each line; empty lines are left out. As every RecordReader.
#pragma once

#include "documents/transfer/json_record.h"
#include "documents/transfer/record_reader.h"

namespace credvault::documents {

class LineReader final : public RecordReader {
public:
    explicit LineReader(ReadFrom from) : offset_(from.offset), next_line_(from.line) {}

    void feed(std::string_view bytes) override { input_ = bytes; }
    void end() override { ended_ = true; }
    Step next(std::string& record) override;
    std::string state() const override { return state_text(offset_, next_line_); }
    std::uint64_t offset() const override { return offset_; }

private:
    Step take(std::string& record, std::string_view line);

    std::string_view input_;
    std::string partial_;    ///< A line of which the end has not come.
    bool too_long_ = false;  ///< That line is: what comes of it is dropped.
    bool ended_ = false;
    std::uint64_t offset_;
    std::uint64_t next_line_;
};

}  // namespace credvault::documents
