// A JSON array of objects. An element that is no record is refused and passed over; where the array itself is broken,
// the reading ends. As every RecordReader.
#pragma once

#include <optional>

#include "documents/transfer/json_record.h"
#include "documents/transfer/record_reader.h"

namespace credvault::documents {

class ArrayReader final : public RecordReader {
public:
    /// From an offset above 0 on the bytes stand behind an element.
    explicit ArrayReader(ReadFrom from)
        : where_(from.offset == 0 ? Where::Start : Where::Behind),
          offset_(from.offset),
          at_line_(from.line) {}

    void feed(std::string_view bytes) override { input_ = bytes; }
    void end() override { ended_ = true; }
    Step next(std::string& record) override;
    std::string state() const override { return state_text(offset_, at_line_); }
    std::uint64_t offset() const override { return offset_; }

private:
    enum class Where : std::uint8_t { Start, First, Before, Within, Behind, After };

    std::optional<Step> step_over(char c);
    std::string_view expectation() const;
    Step incomplete();
    Step element(std::string& record);
    bool scan();
    void pass(std::size_t bytes) {
        input_.remove_prefix(bytes);
        offset_ += bytes;
    }

    std::string_view input_;
    std::string partial_;  ///< An element of which the end has not come.
    Where where_;
    // Of the element that is being scanned.
    std::size_t scanned_ = 0;
    std::uint64_t depth_ = 0;
    bool quoted_ = false;
    bool escaped_ = false;
    bool too_long_ = false;
    bool ended_ = false;
    std::uint64_t offset_;
    std::uint64_t at_line_;
};

}  // namespace credvault::documents
