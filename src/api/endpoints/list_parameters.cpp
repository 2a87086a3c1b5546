#include "api/endpoints/list_parameters.h"

#include <utility>

#include "query/list_filter.h"

namespace credvault::api {
namespace {

constexpr Rules limit_rules{.description = "How many to return at most.",
                            .example = "20",
                            .min = 1,
                            .max = documents::max_page,
                            .default_value = "20"};
constexpr Rules offset_rules{
    .description = "How many to leave out first. A cursor is faster for later pages.",
    .example = "40",
    .min = 0,
    .max = 1'000'000'000};
constexpr Rules skip_rules{
    .description = "The same as `offset`.", .example = "40", .min = 0, .max = 1'000'000'000};
constexpr Rules cursor_rules{
    .description = "Go on after a page: its `next_cursor`, with the same filter and sort.",
    .max_length = 65'536};
constexpr Rules count_rules{
    .description = "`default` counts up to 10,000 matches, `exact` all of them, `none` leaves the total out.",
    .example = "none",
    .default_value = "default"};
constexpr Rules filter_rules{.description = "A filter in the filter language.",
                             .example = R"({"age":{"$gt":18}})",
                             .json = JsonKind::Object};

std::string both(std::string_view a, std::string_view b) {
    return std::string(R"({"$and":[)").append(a).append(",").append(b).append("]}");
}

}  // namespace

Fields ListParameters::fields() {
    return {api::query(&ListParameters::limit, "limit", limit_rules),
            api::query(&ListParameters::offset, "offset", offset_rules),
            api::query(&ListParameters::skip, "skip", skip_rules),
            api::query(&ListParameters::cursor, "cursor", cursor_rules),
            api::query(&ListParameters::sort, "sort",
                       {.description = "Fields to sort by; `-` in front of descending ones.",
                        .example = "-created_at,name",
                        .max_length = 8192}),
            api::query(&ListParameters::selected, "fields",
                       {.description = "Fields to return, separated by commas.",
                        .example = "id,name",
                        .max_length = 8192}),
            api::query(&ListParameters::count, "count", count_rules),
            api::query(&ListParameters::filter, "filter", filter_rules)};
}

Result<documents::ListQuery> ListParameters::query(const OtherParameters& filters) const {
    documents::ListQuery list;
    list.limit = static_cast<std::uint64_t>(limit);
    TRY(list.offset, offset_of(offset, skip));
    list.cursor = cursor;
    TRY(list.sort, query::parse_sort(sort));
    if (!selected.empty()) {
        TRY(list.projection, query::projection_of_fields(selected));
    }
    list.count = count;
    if (filter) list.filter = filter->text();
    if (!filters.empty()) {
        TRY(const std::string others, query::list_filter(filters));
        list.filter = list.filter.empty() ? others : both(list.filter, others);
    }
    return list;
}

Fields QueryParameters::fields() {
    return {
        api::body(&QueryParameters::filter, "filter", filter_rules),
        api::body(&QueryParameters::sort, "sort",
                  {.description = "`{\"age\":-1}` or `\"-age,name\"`.", .example = R"({"age":-1})"}),
        api::body(&QueryParameters::projection, "projection",
                  {.description = "Fields to return, as MongoDB's projections are written.",
                   .example = R"({"name":1})",
                   .json = JsonKind::Object}),
        api::body(&QueryParameters::highlight, "highlight",
                  {.description =
                       "With a `$text`: adds `_highlights` to each record, fragments of its texts in which "
                       "the words found are marked. `fields` (those of the index), `pre` (`<em>`), `post` "
                       "(`</em>`), `fragments` of each field (3), their `length` in bytes (160), `html` "
                       "(false): escape the text for HTML.",
                   .example = R"({"fields":["body"]})",
                   .json = JsonKind::Object}),
        api::body(&QueryParameters::limit, "limit", limit_rules),
        api::body(&QueryParameters::offset, "offset", offset_rules),
        api::body(&QueryParameters::skip, "skip", skip_rules),
        api::body(&QueryParameters::cursor, "cursor", cursor_rules),
        api::body(&QueryParameters::count, "count", count_rules),
        api::body(&QueryParameters::timeout_ms, "timeout_ms",
                  {.description = "How long the query may take, in milliseconds, within the server's bound.",
                   .example = "5000",
                   .min = 1,
                   .max = 3'600'000})};
}

Result<documents::ListQuery> QueryParameters::query() const {
    documents::ListQuery list;
    list.limit = static_cast<std::uint64_t>(limit);
    TRY(list.offset, offset_of(offset, skip));
    list.cursor = cursor;
    list.count = count;
    if (filter) list.filter = filter->text();
    if (sort) {
        TRY(list.sort, query::parse_sort(*sort));
    }
    if (highlight) {
        TRY(list.highlight, query::Highlight::parse(*highlight));
    }
    if (projection) {
        TRY(list.projection, query::parse_projection(*projection, filter && !filter->empty()));
    }
    return list;
}

Result<std::uint64_t> offset_of(const std::optional<std::int64_t>& offset,
                                const std::optional<std::int64_t>& skip) {
    if (offset && skip && *offset != *skip) {
        return Error(ErrorCode::INVALID_PARAMETER, "'skip' and 'offset' mean the same: give one of them",
                     "skip");
    }
    return static_cast<std::uint64_t>(offset ? *offset : skip.value_or(0));
}

}  // namespace credvault::api
