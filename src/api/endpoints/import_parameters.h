// What import and export share of their parameters: formats and how CSV is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/codecs.h"
#include "documents/transfer/importer.h"

namespace credvault::api {

enum class EmptyCells : std::uint8_t { Null, Omit };

template <>
struct EnumNames<documents::DataFormat> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, documents::DataFormat>>(
        {{"ndjson", documents::DataFormat::Ndjson},
         {"json", documents::DataFormat::Json},
         {"csv", documents::DataFormat::Csv}});
};
template <>
struct EnumNames<documents::OnConflict> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, documents::OnConflict>>(
        {{"error", documents::OnConflict::Error},
         {"skip", documents::OnConflict::Skip},
         {"replace", documents::OnConflict::Replace},
         {"merge", documents::OnConflict::Merge}});
};
template <>
struct EnumNames<EmptyCells> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, EmptyCells>>(
        {{"null", EmptyCells::Null}, {"omit", EmptyCells::Omit}});
};

constexpr std::string_view ndjson_type = "application/x-ndjson";
constexpr std::string_view csv_type = "text/csv";

struct ImportParameters {
    std::optional<documents::DataFormat> format;
    documents::OnConflict on_conflict = documents::OnConflict::Error;
    std::int64_t max_errors = 1'000;
    std::string_view delimiter = ",";
    std::vector<std::string> columns;
    std::string_view types;
    std::optional<EmptyCells> empty;

    static Fields fields();
    /// `media_type` is the body's. Fails with INVALID_PARAMETER.
    Result<documents::ImportRules> rules(std::string_view media_type) const;
};

}  // namespace credvault::api
