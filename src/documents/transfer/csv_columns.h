// The columns of CSV data: their names, which may be paths with dots, as a tree in the order in which objects get their
// members; and their types. Turns rows into records. Immutable but for the types; for one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "documents/transfer/csv_row.h"
#include "documents/transfer/csv_rules.h"

namespace credvault::documents {

/// The types that are found in data: each is what all the cells seen so far are.
enum class ColumnKind : std::uint8_t { Unseen, Int, Double, Bool, Json, String };

std::string_view kind_name(ColumnKind kind);
std::optional<ColumnKind> kind_named(std::string_view name);

class CsvColumns {
public:
    /// Fails with INVALID_DATA: no name or an empty one, a name that comes twice or is both a value and an object, more
    /// than 99 levels, no UTF-8; or INVALID_PARAMETER where the rules speak of a column that is not there.
    static Result<CsvColumns> make(std::vector<std::string> names, const CsvRules& rules);

    /// Looks at a row's cells. Precondition: it has as many as there are columns.
    void observe(const CsvRow& row);
    /// Appends the row as a canonical object. Fails with INVALID_RECORD; its message does not tell the line.
    Status append(std::string& record, const CsvRow& row) const;

    std::size_t size() const { return columns_.size(); }
    const std::vector<std::string>& names() const { return names_; }
    ColumnKind kind(std::size_t column) const { return columns_[column].found; }
    void set_kind(std::size_t column, ColumnKind kind) { columns_[column].found = kind; }

private:
    struct Column {
        CellType given = CellType::Auto;
        ColumnKind found = ColumnKind::Unseen;
    };
    /// A member of an object: a column's value or an object of such members.
    struct Node {
        std::string name;    ///< As a canonical member begins: "name":
        std::size_t column;  ///< Or no_column.
        std::vector<Node> members;
    };
    static constexpr std::size_t no_column = static_cast<std::size_t>(-1);

    Status place(std::size_t column);
    Status append_members(std::string& out, const std::vector<Node>& members, const CsvRow& row,
                          bool& any) const;
    Status append_cell(std::string& out, const CsvRow& row, std::size_t column) const;
    Error misfit(std::size_t column, std::string_view cell) const;

    std::vector<std::string> names_;
    std::vector<Column> columns_;
    std::vector<Node> roots_;
    bool omit_empty_ = false;
};

}  // namespace credvault::documents
