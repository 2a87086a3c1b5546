#include "documents/transfer/csv_row.h"

#include <algorithm>
#include <utility>

#include "documents/transfer/csv_rules.h"
#include "documents/transfer/record_reader.h"

namespace credvault::documents {

CsvRowReader::Step CsvRowReader::next(CsvRow& row) {
    while (true) {
        if (input_.empty()) return ended_ ? end_data(row) : Step::Hungry;
        bool row_ends = false;
        switch (where_) {
            case Where::RowStart:
            case Where::CellStart: take_start(); break;
            case Where::Plain: row_ends = take_plain(); break;
            case Where::Quoted: take_quoted(); break;
            case Where::QuoteSeen:
            case Where::ReturnSeen: row_ends = take_behind_quote(); break;
            case Where::Skipping: row_ends = take_skipped(); break;
        }
        if (fault_ == Step::Unclosed) {
            row.line = current_.line;
            return fault_;
        }
        if (row_ends) return end_row(row);
    }
}

void CsvRowReader::take_start() {
    if (where_ == Where::RowStart) {
        current_.clear();
        current_.line = line_;
    }
    where_ = input_.front() == '"' ? Where::Quoted : Where::Plain;
    if (where_ == Where::Quoted) pass(1);
}

bool CsvRowReader::take_plain() {
    std::size_t run = 0;
    while (run < input_.size() && input_[run] != delimiter_ && input_[run] != '\n') ++run;
    append(run);
    if (input_.empty() || where_ == Where::Skipping) return false;
    const bool row_ends = input_.front() == '\n';
    if (row_ends) drop_return();
    pass(1);
    end_cell(false);
    return row_ends;
}

void CsvRowReader::take_quoted() {
    const std::size_t run = std::min(input_.find('"'), input_.size());
    append(run);
    if (where_ == Where::Skipping) fault_ = Step::Unclosed;
    if (input_.empty() || fault_ == Step::Unclosed) return;
    pass(1);
    where_ = Where::QuoteSeen;
}

bool CsvRowReader::take_behind_quote() {
    const char c = input_.front();
    if (c == '"' && where_ == Where::QuoteSeen) {
        append(1);
        where_ = Where::Quoted;
    } else if (c == '\n') {
        pass(1);
        end_cell(true);
        return true;
    } else if (c == delimiter_ && where_ == Where::QuoteSeen) {
        pass(1);
        end_cell(true);
    } else if (c == '\r' && where_ == Where::QuoteSeen) {
        pass(1);
        where_ = Where::ReturnSeen;
    } else {
        fail(Step::BadQuote);
    }
    return false;
}

bool CsvRowReader::take_skipped() {
    const std::size_t feed = input_.find('\n');
    const bool found = feed != std::string_view::npos;
    pass(found ? feed + 1 : input_.size());
    return found;
}

/// Moves bytes of the input into the cell.
void CsvRowReader::append(std::size_t bytes) {
    if (current_.text.size() + bytes > max_record_text) {
        pass(bytes);
        return fail(Step::TooLong);
    }
    current_.text.append(input_.substr(0, bytes));
    pass(bytes);
}

void CsvRowReader::pass(std::size_t bytes) {
    const std::string_view passed = input_.substr(0, bytes);
    line_ += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
    offset_ += bytes;
    input_.remove_prefix(bytes);
}

/// The CR of a CR LF is none of the cell's.
void CsvRowReader::drop_return() {
    const std::size_t begin = current_.cells.empty() ? 0 : current_.cells.back().end;
    if (current_.text.size() > begin && current_.text.back() == '\r') current_.text.pop_back();
}

void CsvRowReader::end_cell(bool quoted) {
    if (current_.cells.size() == max_csv_columns) return fail(Step::TooLong);
    current_.cells.push_back({current_.text.size(), quoted});
    where_ = Where::CellStart;
}

void CsvRowReader::fail(Step fault) {
    current_.clear();
    fault_ = fault;
    where_ = Where::Skipping;
}

CsvRowReader::Step CsvRowReader::end_row(CsvRow& row) {
    current_.offset = offset_;
    current_.next_line = line_;
    std::swap(row, current_);
    where_ = Where::RowStart;
    return std::exchange(fault_, Step::Row);
}

/// The data ends without a line's end.
CsvRowReader::Step CsvRowReader::end_data(CsvRow& row) {
    switch (where_) {
        case Where::RowStart: return Step::Done;
        case Where::Quoted: row.line = current_.line; return Step::Unclosed;
        case Where::Skipping: break;
        case Where::Plain:
            drop_return();
            end_cell(false);
            break;
        default: end_cell(where_ != Where::CellStart); break;
    }
    return end_row(row);
}

}  // namespace credvault::documents
