#include "documents/transfer/csv_rules.h"

#include <algorithm>
#include <array>
#include <optional>

namespace credvault::documents {
namespace {

constexpr std::array<std::pair<CellType, std::string_view>, 6> names{{{CellType::Auto, "auto"},
                                                                      {CellType::String, "string"},
                                                                      {CellType::Int, "int"},
                                                                      {CellType::Double, "double"},
                                                                      {CellType::Bool, "bool"},
                                                                      {CellType::Json, "json"}}};

std::optional<CellType> cell_type_named(std::string_view name) {
    for (const auto& [type, known] : names) {
        if (known == name) return type;
    }
    return {};
}

}  // namespace

std::string_view cell_type_name(CellType type) { return names[static_cast<std::size_t>(type)].second; }

Result<char> parse_delimiter(std::string_view text) {
    if (text == "tab" || text == "\t") return '\t';
    constexpr std::string_view allowed = ",;|:!#$%&*+-./<=>?@\\^_`~";
    if (text.size() == 1 && allowed.find(text.front()) != std::string_view::npos) return text.front();
    return Error(ErrorCode::INVALID_PARAMETER,
                 "Parameter 'delimiter' must be one character as ',' ';' '|', or 'tab'", "delimiter");
}

Result<std::vector<std::pair<std::string, CellType>>> parse_types(std::string_view text) {
    std::vector<std::pair<std::string, CellType>> types;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        const std::size_t colon = part.rfind(':');
        const auto type =
            colon == std::string_view::npos ? std::nullopt : cell_type_named(part.substr(colon + 1));
        if (!type || colon == 0) {
            return Error(
                ErrorCode::INVALID_PARAMETER,
                "Parameter 'types' must be a list of column:type as 'age:int,zip:string'; the types are "
                "string, int, double, bool, json and auto",
                "types");
        }
        types.emplace_back(part.substr(0, colon), *type);
    }
    return types;
}

}  // namespace credvault::documents
