#include "documents/transfer/csv_reader.h"

#include <utility>

#include "json/writer.h"

namespace credvault::documents {

RecordReader::Step CsvReader::next(std::string& record) {
    if (!columns_) {
        if (const Step begun = begin(); begun != Step::Record) return begun;
    }
    if (sampling_) {
        if (const Step sampled = sample(); sampled != Step::Record) return sampled;
    }
    while (true) {
        CsvRowReader::Step step;
        if (!sample_.empty()) {
            step = sample_.front().step;
            std::swap(row_, sample_.front().row);
            sample_.pop_front();
        } else {
            step = rows_.next(row_);
        }
        if (step == CsvRowReader::Step::Hungry) return Step::Hungry;
        if (step == CsvRowReader::Step::Done) return Step::Done;
        if (step == CsvRowReader::Step::Row && row_.empty()) continue;
        return take(step, row_, record);
    }
}

/// The names of the columns. Record: they are there.
RecordReader::Step CsvReader::begin() {
    std::vector<std::string> names = rules_.columns;
    while (names.empty()) {
        const CsvRowReader::Step step = rows_.next(row_);
        if (step == CsvRowReader::Step::Hungry) return Step::Hungry;
        if (step == CsvRowReader::Step::Done)
            return broken(ErrorCode::INVALID_DATA, "there is no first row that names the columns");
        if (step != CsvRowReader::Step::Row) {
            (void)fault(step, row_.line);
            return Step::Broken;
        }
        line_ = row_.line;
        if (row_.empty()) continue;
        for (std::size_t i = 0; i < row_.cells.size(); ++i) names.emplace_back(row_.cell(i));
    }
    Result<CsvColumns> made = CsvColumns::make(std::move(names), rules_);
    if (!made.ok()) return broken(made.error().code, made.error().message);
    columns_ = std::move(made).value();
    return Step::Record;
}

/// Gathers rows until there are enough to find the types from. Record: there are.
RecordReader::Step CsvReader::sample() {
    while (sample_.size() < rules_.sample_rows && sample_bytes_ < rules_.sample_bytes) {
        const CsvRowReader::Step step = rows_.next(row_);
        if (step == CsvRowReader::Step::Hungry) return Step::Hungry;
        if (step == CsvRowReader::Step::Row && row_.empty()) continue;
        const bool whole = step == CsvRowReader::Step::Row && row_.cells.size() == columns_->size();
        if (whole) columns_->observe(row_);
        sample_bytes_ += row_.text.size() + row_.cells.size() * sizeof(CsvRow::Cell);
        sample_.push_back({step, std::exchange(row_, {})});
        if (step == CsvRowReader::Step::Done || step == CsvRowReader::Step::Unclosed) break;
    }
    sampling_ = false;
    return Step::Record;
}

RecordReader::Step CsvReader::take(CsvRowReader::Step step, const CsvRow& row, std::string& record) {
    line_ = row.line;
    if (step == CsvRowReader::Step::Unclosed) return fault(step, row.line);
    offset_ = row.offset;
    next_line_ = row.next_line;
    if (step != CsvRowReader::Step::Row) return fault(step, row.line);
    if (row.cells.size() != columns_->size()) {
        return refuse(ErrorCode::INVALID_RECORD, "the row has " + std::to_string(row.cells.size()) +
                                                     " cells, and there are " +
                                                     std::to_string(columns_->size()) + " columns");
    }
    Status appended = columns_->append(record, row);
    if (appended.ok()) return Step::Record;
    Error error = std::move(appended).error();
    error.message.insert(0, "Line " + std::to_string(line_) + ": ");
    return refuse(std::move(error));
}

RecordReader::Step CsvReader::fault(CsvRowReader::Step step, std::uint64_t line) {
    line_ = line;
    switch (step) {
        case CsvRowReader::Step::TooLong:
            return refuse(ErrorCode::PAYLOAD_TOO_LARGE,
                          "the row is longer than " + std::to_string(max_record_text) +
                              " bytes or has more than " + std::to_string(max_csv_columns) + " cells");
        case CsvRowReader::Step::Unclosed:
            return broken(ErrorCode::INVALID_DATA, "a quote in the row that begins here is not closed");
        default:
            return refuse(ErrorCode::INVALID_RECORD,
                          "something follows a closing quote; quotes within a quoted cell are doubled");
    }
}

std::string CsvReader::state() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("offset").number(static_cast<std::int64_t>(offset_));
    out.key("line").number(static_cast<std::int64_t>(next_line_));
    out.key("columns").begin_array();
    for (std::size_t i = 0; i < columns_->size(); ++i) {
        out.begin_array().string(columns_->names()[i]).string(kind_name(columns_->kind(i))).end_array();
    }
    out.end_array().end_object();
    return text;
}

Status CsvReader::resume(ReadFrom from, const json::View& state) {
    const Error wrong(ErrorCode::INVALID_DATA, {}, {}, "not the state of a reader of CSV");
    const auto columns = state.find("columns");
    if (!columns || !columns->is_array()) return wrong;
    std::vector<std::string> names;
    std::vector<ColumnKind> kinds;
    for (const json::View column : columns->elements()) {
        if (!column.is_array() || column.size() != 2) return wrong;
        std::vector<std::string> parts;
        for (const json::View part : column.elements())
            parts.push_back(part.is_string() ? part.as_string() : "");
        const auto kind = kind_named(parts[1]);
        if (!kind) return wrong;
        names.push_back(std::move(parts[0]));
        kinds.push_back(*kind);
    }
    TRY(columns_, CsvColumns::make(std::move(names), rules_));
    for (std::size_t i = 0; i < kinds.size(); ++i) columns_->set_kind(i, kinds[i]);
    sampling_ = false;
    offset_ = from.offset;
    next_line_ = from.line;
    rows_ = CsvRowReader(rules_.delimiter, from.offset, from.line);
    return {};
}

}  // namespace credvault::documents
