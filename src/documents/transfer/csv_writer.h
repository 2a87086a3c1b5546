// Records as rows of CSV (RFC 4180). Which columns there are is found by looking at all records, or said by the user.
// For one thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/view.h"

namespace credvault::documents {

/// Gathers the columns that records need: a path with dots for each value within objects; arrays are values.
class CsvColumnFinder {
public:
    explicit CsvColumnFinder(std::size_t max_columns) : max_columns_(max_columns) {}
    /// False where there are too many columns.
    bool add(const json::View& record);
    /// Each name after those that were met before; the platform's times and version last. Where a name is a value in
    /// one record and an object in another, one column has both, objects as JSON.
    std::vector<std::string> columns() const;

private:
    bool add_members(const json::View& object, const std::string& prefix);
    bool add_column(std::string name, bool is_value);

    struct Column {
        std::size_t place = 0;
        bool is_value = false;  ///< Else it was only ever null.
    };
    std::size_t max_columns_;
    std::map<std::string, Column, std::less<>> columns_;
};

class CsvWriter {
public:
    CsvWriter(std::vector<std::string> columns, char delimiter);
    void append_header(std::string& out) const;
    /// A field that is missing or null is an empty cell, an empty string a quoted one.
    void append_row(std::string& out, const json::View& record) const;

private:
    struct Column {
        std::string name;
        std::string escaped;            ///< The whole name, as a member's.
        std::vector<std::string> path;  ///< Its parts, each escaped.
    };
    static std::optional<json::View> find(const json::View& record, const Column& column);
    void append_cell(std::string& out, std::string_view text) const;

    std::vector<Column> columns_;
    char delimiter_;
};

}  // namespace credvault::documents
