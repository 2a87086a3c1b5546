#include "documents/transfer/csv_writer.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"

namespace credvault::documents {
namespace {

/// A name with dots or none at all can't be a part of a path.
bool can_be_part(std::string_view name) { return !name.empty() && name.find('.') == std::string_view::npos; }

bool has_paths(const json::View& object) {
    if (object.empty()) return false;
    for (const json::Member& member : object.members()) {
        if (!can_be_part(member.name)) return false;
    }
    return true;
}

bool stands_last(std::string_view name) {
    return name == "created_at" || name == "updated_at" || name == "_version";
}

}  // namespace

bool CsvColumnFinder::add(const json::View& record) { return add_members(record, {}); }

// The depth is bounded by the records' own.
bool CsvColumnFinder::add_members(const json::View& object, const std::string& prefix) {
    for (const json::Member& member : object.members()) {
        std::string name = prefix;
        json::append_decoded(name, member.name);
        const bool nests = member.value.is_object() && can_be_part(member.name) && has_paths(member.value);
        if (nests ? !add_members(member.value, name + ".")
                  : !add_column(std::move(name), !member.value.is_null()))
            return false;
    }
    return true;
}

bool CsvColumnFinder::add_column(std::string name, bool is_value) {
    const auto found = columns_.find(name);
    if (found != columns_.end()) {
        found->second.is_value |= is_value;
        return true;
    }
    if (columns_.size() == max_columns_) return false;
    columns_.emplace(std::move(name), Column{columns_.size(), is_value});
    return true;
}

std::vector<std::string> CsvColumnFinder::columns() const {
    std::vector<std::pair<std::size_t, std::string>> placed;
    for (const auto& [name, column] : columns_) {
        const std::string inner = name + ".";
        const auto within = columns_.lower_bound(inner);
        const bool is_object_too = within != columns_.end() && within->first.starts_with(inner);
        bool is_covered = is_object_too && !column.is_value;
        for (std::size_t dot = name.find('.'); dot != std::string::npos && !is_covered;
             dot = name.find('.', dot + 1)) {
            const auto above = columns_.find(std::string_view(name).substr(0, dot));
            is_covered = above != columns_.end() && above->second.is_value;
        }
        if (is_covered) continue;
        placed.emplace_back(column.place + (stands_last(name) ? columns_.size() : 0), name);
    }
    std::sort(placed.begin(), placed.end());
    std::vector<std::string> names;
    for (auto& [place, name] : placed) names.push_back(std::move(name));
    return names;
}

CsvWriter::CsvWriter(std::vector<std::string> columns, char delimiter) : delimiter_(delimiter) {
    for (std::string& name : columns) {
        Column column;
        column.escaped = json::escape_key(name);
        for (std::size_t begin = 0; begin <= name.size();) {
            const std::size_t dot = std::min(name.find('.', begin), name.size());
            column.path.push_back(json::escape_key(std::string_view(name).substr(begin, dot - begin)));
            begin = dot + 1;
        }
        column.name = std::move(name);
        columns_.push_back(std::move(column));
    }
}

void CsvWriter::append_header(std::string& out) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out += delimiter_;
        append_cell(out, columns_[i].name);
    }
    out += "\r\n";
}

void CsvWriter::append_row(std::string& out, const json::View& record) const {
    std::string decoded;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) out += delimiter_;
        const auto value = find(record, columns_[i]);
        if (!value || value->is_null()) continue;
        append_cell(out, value->is_string() ? value->decoded(decoded) : value->text());
    }
    out += "\r\n";
}

std::optional<json::View> CsvWriter::find(const json::View& record, const Column& column) {
    if (auto whole = record.find(column.escaped)) return whole;
    std::optional<json::View> value = record;
    for (const std::string& part : column.path) {
        value = value->find(part);
        if (!value) return {};
    }
    return value;
}

void CsvWriter::append_cell(std::string& out, std::string_view text) const {
    const bool plain = !text.empty() && std::none_of(text.begin(), text.end(), [this](char c) {
        return c == delimiter_ || c == '"' || c == '\n' || c == '\r';
    });
    if (plain) {
        out.append(text);
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace credvault::documents
