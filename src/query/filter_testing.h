// What the tests of filters and projections share: parsing a filter from text, and tables of filters and records.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "json/canonical.h"
#include "query/filter.h"

namespace credvault::query {

/// The pieces joined.
inline std::string join(const std::vector<std::string_view>& pieces) {
    std::string text;
    for (const std::string_view piece : pieces) text += piece;
    return text;
}

/// The canonical text of JSON written by hand in a test.
inline std::string canonical(std::string_view text) {
    Result<std::string> result = json::canonicalize(text);
    EXPECT_TRUE(result.ok()) << text << (result.ok() ? "" : ": " + result.error().message);
    return result.ok() ? *result : "null";
}

inline Result<Filter> try_filter(std::string_view text, const FilterLimits& limits = {}) {
    const std::string document = canonical(text);
    return parse_filter(json::View(document), limits);
}

/// A filter that must be good.
inline Filter filter_of(std::string_view text) {
    Result<Filter> filter = try_filter(text);
    EXPECT_TRUE(filter.ok()) << text << (filter.ok() ? "" : ": " + filter.error().message);
    return filter.ok() ? *filter : Filter();
}

inline bool matches(const Filter& filter, std::string_view record) {
    const std::string text = canonical(record);
    return filter.matches(json::View(text));
}

/// Which records a filter finds and which it does not.
struct FilterCase {
    std::string_view filter;
    std::vector<std::string_view> found;
    std::vector<std::string_view> left;
};

inline void check(const std::vector<FilterCase>& cases) {
    for (const FilterCase& one : cases) {
        const Filter filter = filter_of(one.filter);
        for (const std::string_view record : one.found) {
            EXPECT_TRUE(matches(filter, record)) << one.filter << " must find " << record;
        }
        for (const std::string_view record : one.left) {
            EXPECT_FALSE(matches(filter, record)) << one.filter << " must not find " << record;
        }
    }
}

}  // namespace credvault::query
