#include "api/endpoints/import_parameters.h"

#include <utility>

namespace credvault::api {

Fields ImportParameters::fields() {
    using P = ImportParameters;
    return {
        query(&P::format, "format",
              {.description = "What the data is, where its Content-Type does not say it."}),
        query(&P::on_conflict, "on_conflict",
              {.description = "What becomes of a record whose `id` is taken: it fails (`error`), is left out "
                              "(`skip`), replaces the stored one, or is merged into it as a merge patch.",
               .default_value = "error"}),
        query(&P::max_errors, "max_errors",
              {.description =
                   "The import ends when more records than this have failed. Those that were imported stay.",
               .example = "0",
               .min = 0,
               .max = 1'000'000'000'000,
               .default_value = "1000"}),
        query(&P::delimiter, "delimiter",
              {.description = "Of CSV: one character as `,` `;` `|`, or `tab`.",
               .example = ";",
               .max_length = 3,
               .default_value = ","}),
        query(&P::columns, "columns",
              {.description = "Of CSV without a first row that names the columns: their names.",
               .example = R"(["name","address.city","age"])",
               .min_length = 1,
               .max_length = 1'024,
               .max_items = documents::max_csv_columns}),
        query(
            &P::types, "types",
            {.description =
                 "Of CSV: the types of columns that are not to be found from the data (string, int, double, "
                 "bool, json). A cell that does not fit is an error then.",
             .example = "age:int,zip:string",
             .max_length = 8'192}),
        query(&P::empty, "empty",
              {.description =
                   "Of CSV: whether empty cells are null or left out. Null, unless records are merged.",
               .example = "omit"})};
}

Result<documents::ImportRules> ImportParameters::rules(std::string_view media_type) const {
    documents::ImportRules rules;
    if (format) {
        rules.format = *format;
    } else if (media_type == "application/json") {
        rules.format = documents::DataFormat::Json;
    } else if (media_type == csv_type) {
        rules.format = documents::DataFormat::Csv;
    }
    rules.max_errors = static_cast<std::uint64_t>(max_errors);
    TRY(rules.csv.delimiter, documents::parse_delimiter(delimiter));
    TRY(rules.csv.types, documents::parse_types(types));
    rules.csv.columns = columns;
    const bool omits = on_conflict == documents::OnConflict::Merge;
    rules.csv.omit_empty = empty.value_or(omits ? EmptyCells::Omit : EmptyCells::Null) == EmptyCells::Omit;
    return rules;
}

}  // namespace credvault::api
