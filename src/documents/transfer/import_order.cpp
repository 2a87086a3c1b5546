#include "documents/transfer/import_order.h"

#include <utility>

#include "json/value.h"
#include "json/writer.h"

namespace credvault::documents {
namespace {

constexpr std::string_view member_names[] = {"file",       "coding",      "bytes",   "database",
                                             "collection", "on_conflict", "format",  "max_errors",
                                             "delimiter",  "omit_empty",  "columns", "types"};

}  // namespace

std::string ImportOrder::text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("file").string(file);
    out.key("coding").string(coding);
    out.key("bytes").number(static_cast<std::int64_t>(bytes));
    out.key("database").string(target.database);
    out.key("collection").string(target.collection);
    out.key("on_conflict").number(static_cast<std::int64_t>(target.on_conflict));
    out.key("format").number(static_cast<std::int64_t>(rules.format));
    out.key("max_errors").number(static_cast<std::int64_t>(rules.max_errors));
    out.key("delimiter").string(std::string_view(&rules.csv.delimiter, 1));
    out.key("omit_empty").boolean(rules.csv.omit_empty);
    out.key("columns").begin_array();
    for (const std::string& column : rules.csv.columns) out.string(column);
    out.end_array();
    out.key("types").begin_array();
    for (const auto& [column, type] : rules.csv.types) {
        out.string(column + ":" + std::string(cell_type_name(type)));
    }
    out.end_array().end_object();
    return text;
}

Result<ImportOrder> ImportOrder::parse(const json::View& text) {
    const json::Value order(text);
    for (const std::string_view name : member_names) {
        if (order.is_object() && order.find(name) != nullptr) continue;
        return Error(ErrorCode::INVALID_DATA, {}, {}, "not the parameters of an import");
    }
    const auto string = [&](std::string_view name) { return order.find(name)->as_string(); };
    const auto number = [&](std::string_view name) { return order.find(name)->as_int(); };
    ImportOrder parsed;
    parsed.file = string("file");
    parsed.coding = string("coding");
    parsed.bytes = static_cast<std::uint64_t>(number("bytes"));
    parsed.target.database = string("database");
    parsed.target.collection = string("collection");
    parsed.target.on_conflict = static_cast<OnConflict>(number("on_conflict"));
    parsed.rules.format = static_cast<DataFormat>(number("format"));
    parsed.rules.max_errors = static_cast<std::uint64_t>(number("max_errors"));
    parsed.rules.csv.delimiter = string("delimiter").front();
    parsed.rules.csv.omit_empty = order.find("omit_empty")->as_bool();
    for (const json::Value& column : order.find("columns")->as_array())
        parsed.rules.csv.columns.push_back(column.as_string());
    for (const json::Value& type : order.find("types")->as_array()) {
        TRY(auto parts, parse_types(type.as_string()));
        parsed.rules.csv.types.push_back(std::move(parts.front()));
    }
    return parsed;
}

}  // namespace credvault::documents
