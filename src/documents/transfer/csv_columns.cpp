#include "documents/transfer/csv_columns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "documents/record_input.h"
#include "documents/transfer/csv_cell.h"
#include "json/canonical.h"
#include "json/writer.h"
#include "storage/record.h"

namespace credvault::documents {
namespace {

constexpr std::size_t shown_cell_bytes = 40;
constexpr std::array<std::pair<ColumnKind, std::string_view>, 6> kind_names{{{ColumnKind::Unseen, "unseen"},
                                                                             {ColumnKind::Int, "int"},
                                                                             {ColumnKind::Double, "double"},
                                                                             {ColumnKind::Bool, "bool"},
                                                                             {ColumnKind::Json, "json"},
                                                                             {ColumnKind::String, "string"}}};

Error bad_header(std::string what) {
    return Error(ErrorCode::INVALID_DATA, "The columns: " + std::move(what));
}

/// Names of columns and values in messages; cut at a character's beginning.
std::string shown(std::string_view text) {
    if (text.size() <= shown_cell_bytes) return std::string(text);
    std::size_t end = shown_cell_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

/// What holds of both.
ColumnKind join(ColumnKind a, ColumnKind b) {
    const auto numeric = [](ColumnKind kind) {
        return kind == ColumnKind::Int || kind == ColumnKind::Double;
    };
    if (a == b || b == ColumnKind::Unseen) return a;
    if (a == ColumnKind::Unseen) return b;
    return numeric(a) && numeric(b) ? ColumnKind::Double : ColumnKind::String;
}

}  // namespace

std::string_view kind_name(ColumnKind kind) { return kind_names[static_cast<std::size_t>(kind)].second; }

std::optional<ColumnKind> kind_named(std::string_view name) {
    for (const auto& [kind, known] : kind_names) {
        if (known == name) return kind;
    }
    return {};
}

Result<CsvColumns> CsvColumns::make(std::vector<std::string> names, const CsvRules& rules) {
    CsvColumns made;
    made.names_ = std::move(names);
    made.columns_.resize(made.names_.size());
    made.omit_empty_ = rules.omit_empty;
    if (made.names_.empty()) return bad_header("there are none");
    for (const auto& [name, type] : rules.types) {
        const auto found = std::find(made.names_.begin(), made.names_.end(), name);
        if (found == made.names_.end()) {
            return Error(
                ErrorCode::INVALID_PARAMETER,
                "Parameter 'types' speaks of the column '" + shown(name) + "', which the data does not have",
                "types");
        }
        made.columns_[static_cast<std::size_t>(found - made.names_.begin())].given = type;
    }
    for (std::size_t i = 0; i < made.names_.size(); ++i) {
        // Ids are strings, whatever they look like.
        if (made.names_[i] == "id") made.columns_[i].given = CellType::String;
        TRY_VOID(made.place(i));
    }
    return made;
}

/// Puts a column where its name's path leads.
Status CsvColumns::place(std::size_t column) {
    const std::string& whole = names_[column];
    if (!json::is_utf8(whole) || whole.find('\0') != std::string::npos)
        return bad_header("name " + std::to_string(column + 1) + " is not valid UTF-8 text");
    std::vector<Node>* members = &roots_;
    std::string_view rest = whole;
    for (std::size_t level = 1;; ++level) {
        if (level > max_record_depth) return bad_header("'" + shown(whole) + "' has more than 100 levels");
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const bool last = dot == rest.size();
        if (dot == 0)
            return bad_header("name " + std::to_string(column + 1) + " is empty, or a part of it is");
        std::string name;
        json::append_string(name, rest.substr(0, dot));
        name += ':';
        rest.remove_prefix(last ? dot : dot + 1);
        auto found =
            std::find_if(members->begin(), members->end(), [&](const Node& n) { return n.name == name; });
        if (found == members->end()) {
            members->push_back(Node{std::move(name), last ? column : no_column, {}});
            found = std::prev(members->end());
        } else if (last && found->column != no_column) {
            return bad_header("two are named '" + shown(whole) + "'");
        } else if (last || found->column != no_column) {
            return bad_header("'" + shown(whole) + "' is a value by one name and an object by another");
        }
        if (last) return {};
        members = &found->members;
    }
}

void CsvColumns::observe(const CsvRow& row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        Column& column = columns_[i];
        if (column.given != CellType::Auto || column.found == ColumnKind::String) continue;
        const std::string_view cell = row.cell(i);
        if (cell.empty() && !row.cells[i].quoted) continue;
        column.found = join(column.found, kind_of_cell(cell));
    }
}

Status CsvColumns::append(std::string& record, const CsvRow& row) const {
    if (!json::is_utf8(row.text)) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (json::is_utf8(row.cell(i))) continue;
            return Error(ErrorCode::INVALID_RECORD, "column '" + shown(names_[i]) + "' is not valid UTF-8",
                         names_[i]);
        }
    }
    if (row.text.find('\0') != std::string::npos)
        return Error(ErrorCode::INVALID_RECORD, "U+0000 can't be stored");
    const std::size_t before = record.size();
    bool any = false;
    record += '{';
    Status appended = append_members(record, roots_, row, any);
    record += '}';
    if (!appended.ok()) record.resize(before);
    return appended;
}

Status CsvColumns::append_members(std::string& out, const std::vector<Node>& members, const CsvRow& row,
                                  bool& any) const {
    for (const Node& node : members) {
        const std::size_t before = out.size();
        if (any) out += ',';
        out += node.name;
        if (node.column == no_column) {
            bool inner = false;
            out += '{';
            TRY_VOID(append_members(out, node.members, row, inner));
            out += '}';
            if (!inner) {
                out.resize(before);
                continue;
            }
        } else if (row.cell(node.column).empty() && !row.cells[node.column].quoted) {
            // An id that is not given is made.
            if (omit_empty_ || names_[node.column] == "id") {
                out.resize(before);
                continue;
            }
            out += "null";
        } else {
            TRY_VOID(append_cell(out, row, node.column));
        }
        any = true;
    }
    return {};
}

Status CsvColumns::append_cell(std::string& out, const CsvRow& row, std::size_t column) const {
    const std::string_view cell = row.cell(column);
    const Column& as = columns_[column];
    if (as.given == CellType::Auto) {
        const bool fits = append_as(out, cell, as.found) ||
                          (as.found == ColumnKind::Int && kind_of_cell(cell) == ColumnKind::Double &&
                           append_as(out, cell, ColumnKind::Double));
        if (!fits) json::append_string(out, cell);
        return {};
    }
    constexpr std::array kinds{ColumnKind::Unseen, ColumnKind::String, ColumnKind::Int,
                               ColumnKind::Double, ColumnKind::Bool,   ColumnKind::Json};
    if (append_as(out, cell, kinds[static_cast<std::size_t>(as.given)])) return {};
    return misfit(column, cell);
}

Error CsvColumns::misfit(std::size_t column, std::string_view cell) const {
    return Error(ErrorCode::INVALID_RECORD,
                 "column '" + shown(names_[column]) + "' is to be " +
                     std::string(cell_type_name(columns_[column].given)) + ", and '" + shown(cell) +
                     "' is none",
                 names_[column]);
}

}  // namespace credvault::documents
