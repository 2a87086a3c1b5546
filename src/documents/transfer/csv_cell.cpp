#include "documents/transfer/csv_cell.h"

#include <algorithm>

#include "documents/record_input.h"
#include "json/canonical.h"
#include "json/view.h"
#include "json/writer.h"

namespace credvault::documents {
namespace {

/// The canonical form of a JSON number, or nothing.
std::string number_of(std::string_view cell) {
    if (cell.front() != '-' && (cell.front() < '0' || cell.front() > '9')) return {};
    // Space around it would be JSON, but no number to people.
    const char last = cell.back();
    if (last < '0' || last > '9') return {};
    std::string number;
    if (!json::canonicalize_to(number, cell).ok()) return {};
    return number;
}

bool is_integer(std::string_view number) { return number.find_first_of(".e") == std::string_view::npos; }

/// Whether it was written as an integer and became a double, as one with more digits does.
bool lost_digits(std::string_view cell, std::string_view number) {
    return !is_integer(number) && cell.find_first_of(".eE") == std::string_view::npos && cell != "-0";
}

bool is_true(std::string_view cell) { return cell == "true" || cell == "TRUE" || cell == "True"; }
bool is_false(std::string_view cell) { return cell == "false" || cell == "FALSE" || cell == "False"; }

bool append_json(std::string& out, std::string_view cell) {
    return json::canonicalize_to(out, cell, {.max_depth = max_record_depth}).ok();
}

}  // namespace

ColumnKind kind_of_cell(std::string_view cell) {
    if (cell.empty()) return ColumnKind::String;
    if (is_true(cell) || is_false(cell)) return ColumnKind::Bool;
    if (cell.front() == '[' || cell.front() == '{') {
        std::string ignored;
        return append_json(ignored, cell) ? ColumnKind::Json : ColumnKind::String;
    }
    const std::string number = number_of(cell);
    if (number.empty() || lost_digits(cell, number)) return ColumnKind::String;
    return is_integer(number) ? ColumnKind::Int : ColumnKind::Double;
}

bool append_as(std::string& out, std::string_view cell, ColumnKind kind) {
    switch (kind) {
        case ColumnKind::Unseen:
        case ColumnKind::String: json::append_string(out, cell); return true;
        case ColumnKind::Json: return append_json(out, cell);
        case ColumnKind::Bool:
            if (!is_true(cell) && !is_false(cell)) return false;
            out += is_true(cell) ? "true" : "false";
            return true;
        case ColumnKind::Int:
        case ColumnKind::Double: break;
    }
    const std::string number = cell.empty() ? std::string() : number_of(cell);
    if (number.empty()) return false;
    if (kind == ColumnKind::Double) {
        json::append_double(out, json::View(number).as_double());
        return true;
    }
    if (!is_integer(number)) return false;
    out += number;
    return true;
}

}  // namespace credvault::documents
