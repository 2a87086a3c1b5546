// The parameters that every list takes (API.md, "Lists"), and how they become the services' ListQuery. Members of
// request structs: include(&ListThings::list).
#pragma once

#include <optional>
#include <string_view>

#include "api/codecs.h"
#include "documents/listing.h"
#include "documents/queries.h"

namespace credvault::api {

template <>
struct EnumNames<documents::CountMode> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, documents::CountMode>>(
        {{"default", documents::CountMode::Default},
         {"exact", documents::CountMode::Exact},
         {"none", documents::CountMode::None}});
};

/// Which part of the list, and how it is counted; the same names in queries and in bodies.
struct ListParameters {
    std::int64_t limit = 20;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> skip;
    std::string_view cursor;
    std::string_view sort;
    std::string_view selected;
    documents::CountMode count = documents::CountMode::Default;
    std::optional<json::View> filter;

    static Fields fields();
    /// The filters of the other parameters (`age[gt]=18`) are joined with `filter`. Fails as the parsers do.
    Result<documents::ListQuery> query(const OtherParameters& filters) const;
};

/// The bodies of query and explain: a page as JSON.
struct QueryParameters {
    std::optional<json::View> filter;
    std::optional<json::View> sort;
    std::optional<json::View> projection;
    std::optional<json::View> highlight;
    std::int64_t limit = 20;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> skip;
    std::string_view cursor;
    documents::CountMode count = documents::CountMode::Default;
    std::int64_t timeout_ms = 0;

    static Fields fields();
    Result<documents::ListQuery> query() const;
};

/// Of skip and offset, which mean the same, at most one is given. Fails with INVALID_PARAMETER.
Result<std::uint64_t> offset_of(const std::optional<std::int64_t>& offset,
                                const std::optional<std::int64_t>& skip);

}  // namespace credvault::api
