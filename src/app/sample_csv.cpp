#include "app/sample_csv.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "json/canonical.h"
#include "json/writer.h"

namespace credvault::app {
namespace {

using Row = std::vector<std::string>;

enum class ColumnType : std::uint8_t { Integer, Double, Boolean, String };

Error at_line(std::size_t line, std::string what) {
    return Error(ErrorCode::INVALID_PARAMETER, "Line " + std::to_string(line) + ": " + std::move(what));
}

/// Splits text into rows of cells.
class RowReader {
public:
    explicit RowReader(std::string_view text) : text_(text) {}

    /// The next row that is not empty; no cells at the end.
    Result<Row> next() {
        while (at_ < text_.size()) {
            started_ = line_;
            TRY(Row row, read());
            if (row.size() > 1 || !row.front().empty()) return row;
        }
        return Row();
    }
    /// The line on which the row that was read last begins, from 1.
    std::size_t line() const { return started_; }

private:
    bool take(char c) {
        if (at_ == text_.size() || text_[at_] != c) return false;
        if (c == '\n') ++line_;
        ++at_;
        return true;
    }

    Result<Row> read() {
        Row row;
        do {
            TRY(std::string cell, take('"') ? quoted() : Result<std::string>(plain()));
            row.push_back(std::move(cell));
        } while (take(','));
        take('\r');
        if (!take('\n') && at_ != text_.size()) return at_line(line_, "something follows a closing quote");
        return row;
    }

    std::string plain() {
        const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        return std::string(text_.substr(std::exchange(at_, end), end - at_));
    }

    Result<std::string> quoted() {
        std::string cell;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            take(c);
            if (c == '"' && !take('"')) return cell;
            cell += c;
        }
        return at_line(started_, "a quote is not closed");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t started_ = 1;
};

ColumnType type_of_cell(const std::string& cell) {
    if (cell == "true" || cell == "false") return ColumnType::Boolean;
    const bool may_be_number = cell[0] == '-' || (cell[0] >= '0' && cell[0] <= '9');
    const Result<std::string> number =
        may_be_number ? json::canonicalize(cell) : Result<std::string>(Error());
    if (!number.ok()) return ColumnType::String;
    return number->find_first_of(".e") == std::string::npos ? ColumnType::Integer : ColumnType::Double;
}

/// The type that cells of both types can have.
ColumnType join(ColumnType a, ColumnType b) {
    const auto numeric = [](ColumnType type) {
        return type == ColumnType::Integer || type == ColumnType::Double;
    };
    if (a == b) return a;
    return numeric(a) && numeric(b) ? ColumnType::Double : ColumnType::String;
}

std::vector<ColumnType> column_types(const std::vector<Row>& rows, std::size_t columns) {
    std::vector<ColumnType> types(columns, ColumnType::String);
    for (std::size_t column = 0; column < columns; ++column) {
        bool first = true;
        for (const Row& row : rows) {
            if (row[column].empty()) continue;
            const ColumnType type = type_of_cell(row[column]);
            types[column] = first ? type : join(types[column], type);
            first = false;
        }
    }
    return types;
}

void append_cell(json::Writer& out, const std::string& cell, ColumnType type) {
    if (cell.empty()) {
        out.null();
        return;
    }
    switch (type) {
        case ColumnType::Integer: out.raw(*json::canonicalize(cell)); break;
        case ColumnType::Double: out.number(json::View(*json::canonicalize(cell)).as_double()); break;
        case ColumnType::Boolean: out.boolean(cell == "true"); break;
        case ColumnType::String: out.string(cell); break;
    }
}

Status check_names(const Row& names) {
    std::unordered_set<std::string_view> seen;
    for (const std::string& name : names) {
        if (name.empty()) return at_line(1, "a column has no name");
        if (!seen.insert(name).second) return at_line(1, "two columns are named '" + name + "'");
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>> records_of_csv(std::string_view text) {
    RowReader reader(text);
    TRY(const Row names, reader.next());
    TRY_VOID(check_names(names));
    std::vector<Row> rows;
    while (true) {
        TRY(Row row, reader.next());
        if (row.empty()) break;
        if (row.size() != names.size()) {
            return at_line(reader.line(), std::to_string(row.size()) + " cells where the first line names " +
                                              std::to_string(names.size()));
        }
        rows.push_back(std::move(row));
    }
    const std::vector<ColumnType> types = column_types(rows, names.size());
    std::vector<std::string> records;
    for (const Row& row : rows) {
        std::string record;
        json::Writer out(record);
        out.begin_object();
        for (std::size_t column = 0; column < names.size(); ++column) {
            append_cell(out.key(names[column]), row[column], types[column]);
        }
        out.end_object();
        // The writer trusts its text to be UTF-8.
        TRY(record, json::canonicalize(record));
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace credvault::app
