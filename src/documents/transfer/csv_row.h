// RFC 4180 out of pieces cut anywhere: rows of cells. Cells may be quoted, with quotes doubled within; rows end in LF
// or CR LF. For one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace credvault::documents {

/// A row, its cells decoded and one behind the other.
struct CsvRow {
    struct Cell {
        std::size_t end = 0;  ///< In text; it begins where the one before ends.
        bool quoted = false;
    };

    std::string text;
    std::vector<Cell> cells;
    std::uint64_t line = 1;    ///< On which it begins.
    std::uint64_t offset = 0;  ///< Behind it, in bytes of the data.
    std::uint64_t next_line = 1;

    std::string_view cell(std::size_t i) const {
        const std::size_t begin = i == 0 ? 0 : cells[i - 1].end;
        return std::string_view(text).substr(begin, cells[i].end - begin);
    }
    /// Whether nothing stands on the line.
    bool empty() const { return cells.size() == 1 && text.empty() && !cells[0].quoted; }
    void clear() {
        text.clear();
        cells.clear();
    }
};

class CsvRowReader {
public:
    enum class Step : std::uint8_t {
        Row,
        Hungry,
        Done,
        BadQuote,  ///< Something follows a closing quote; the row was passed over.
        TooLong,   ///< A row beyond the bounds was passed over.
        Unclosed,  ///< A quote is not closed before the data's end, or for longer than a row may be.
    };

    CsvRowReader(char delimiter, std::uint64_t offset, std::uint64_t line)
        : delimiter_(delimiter), offset_(offset), line_(line) {}

    void feed(std::string_view bytes) { input_ = bytes; }
    void end() { ended_ = true; }
    /// Fills the row, empty ones too; `row.line` is set whatever comes.
    Step next(CsvRow& row);

private:
    enum class Where : std::uint8_t { RowStart, CellStart, Plain, Quoted, QuoteSeen, ReturnSeen, Skipping };

    void take_start();
    bool take_plain();
    void take_quoted();
    bool take_behind_quote();
    bool take_skipped();
    void append(std::size_t bytes);
    void pass(std::size_t bytes);
    void drop_return();
    void end_cell(bool quoted);
    void fail(Step fault);
    Step end_row(CsvRow& row);
    Step end_data(CsvRow& row);

    char delimiter_;
    std::string_view input_;
    CsvRow current_;
    Where where_ = Where::RowStart;
    Step fault_ = Step::Row;  ///< What the row is told as when its end has come.
    bool ended_ = false;
    std::uint64_t offset_;
    std::uint64_t line_;
};

}  // namespace credvault::documents
