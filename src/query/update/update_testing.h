// What the tests of updates share: tables of records, updates and what comes out.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "query/filter_testing.h"
#include "query/update/update.h"

namespace credvault::query {

/// 2026-01-31T12:00:00.000Z
constexpr std::int64_t test_now_ms = 1'769'860'800'000;

struct UpdateCase {
    std::string_view before;
    std::string_view update;
    std::string_view after;  ///< Or where `error` is set, the error's `field`.
    std::string_view array_filters = {};
    std::string_view filter = "{}";  ///< Gives the position for `$`.
};

inline Result<Update> try_update(std::string_view update, std::string_view array_filters = {},
                                 const UpdateLimits& limits = {}) {
    const std::string spec = canonical(update);
    if (array_filters.empty()) return Update::parse(json::View(spec), {}, limits);
    const std::string filters = canonical(array_filters);
    return Update::parse(json::View(spec), json::View(filters), limits);
}

inline Result<std::string> try_apply(const UpdateCase& one, bool inserting = false) {
    TRY(const Update update, try_update(one.update, one.array_filters));
    const std::string before = canonical(one.before);
    UpdateInput input{test_now_ms, {}, inserting};
    EXPECT_TRUE(filter_of(one.filter).matches(json::View(before), &input.position)) << one.filter;
    return update.apply(json::View(before), input);
}

/// The updates must give these records, as text.
inline void check_updates(const std::vector<UpdateCase>& cases) {
    for (const UpdateCase& one : cases) {
        const Result<std::string> after = try_apply(one);
        ASSERT_TRUE(after.ok()) << one.update << " on " << one.before << ": " << after.error().message;
        EXPECT_EQ(*after, canonical(one.after)) << one.update << " on " << one.before;
    }
}

/// The updates must fail, when parsed or when applied, with this code and `after` as the field.
inline void check_failures(const std::vector<UpdateCase>& cases, ErrorCode code = ErrorCode::INVALID_UPDATE) {
    for (const UpdateCase& one : cases) {
        const Result<std::string> after = try_apply(one);
        ASSERT_FALSE(after.ok()) << one.update << " on " << one.before << " gave " << *after;
        EXPECT_EQ(error_name(after.error().code), error_name(code))
            << one.update << ": " << after.error().message;
        EXPECT_EQ(after.error().field, one.after) << one.update << ": " << after.error().message;
    }
}

}  // namespace credvault::query
