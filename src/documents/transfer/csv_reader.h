// CSV as records: the header, the types found from the first rows, then row by row. As every RecordReader.
#pragma once

#include <deque>
#include <optional>

#include "documents/transfer/csv_columns.h"
#include "documents/transfer/csv_row.h"
#include "documents/transfer/json_record.h"
#include "documents/transfer/record_reader.h"
#include "json/view.h"

namespace credvault::documents {

class CsvReader final : public RecordReader {
public:
    explicit CsvReader(const CsvRules& rules) : rules_(rules), rows_(rules.delimiter, 0, 1) {}
    /// Goes on behind a record. Precondition: nothing was read yet. Fails with INVALID_DATA where it is no state.
    Status resume(ReadFrom from, const json::View& state);

    void feed(std::string_view bytes) override { rows_.feed(bytes); }
    void end() override { rows_.end(); }
    Step next(std::string& record) override;
    std::string state() const override;
    std::uint64_t offset() const override { return offset_; }

private:
    /// A row of the sample, or what stands in its place.
    struct Sampled {
        CsvRowReader::Step step;
        CsvRow row;
    };

    Step begin();
    Step sample();
    Step take(CsvRowReader::Step step, const CsvRow& row, std::string& record);
    Step fault(CsvRowReader::Step step, std::uint64_t line);

    CsvRules rules_;
    CsvRowReader rows_;
    std::optional<CsvColumns> columns_;
    std::deque<Sampled> sample_;
    std::size_t sample_bytes_ = 0;
    bool sampling_ = true;
    CsvRow row_;
    std::uint64_t offset_ = 0;
    std::uint64_t next_line_ = 1;
};

}  // namespace credvault::documents
