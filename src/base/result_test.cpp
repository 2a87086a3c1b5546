#include "base/result.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace credvault {
namespace {

Result<int> parse_digit(char c) {
    if (c < '0' || c > '9') return Error(ErrorCode::INVALID_PARAMETER, "no digit", "digit");
    return c - '0';
}

Status check_even(int value) {
    if (value % 2 != 0) return Error(ErrorCode::INVALID_PARAMETER, "odd");
    return {};
}

Result<std::string> doubled(char a, char b) {
    TRY(const int first, parse_digit(a));
    TRY(const int second, parse_digit(b));
    TRY_VOID(check_even(first));
    return std::to_string(2 * (first + second));
}

Result<std::unique_ptr<int>> boxed(char c) {
    TRY(auto value, parse_digit(c));
    return std::make_unique<int>(value);
}

TEST(Result, holds_a_value) {
    const Result<int> result = parse_digit('7');
    ASSERT_TRUE(result.ok());
    EXPECT_TRUE(static_cast<bool>(result));
    EXPECT_EQ(*result, 7);
}

TEST(Result, holds_an_error) {
    const Result<int> result = parse_digit('x');
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::INVALID_PARAMETER);
    EXPECT_EQ(result.error().message, "no digit");
    EXPECT_EQ(result.error().field, "digit");
}

TEST(Result, moves_what_cannot_be_copied) {
    auto result = boxed('4');
    ASSERT_TRUE(result.ok());
    const std::unique_ptr<int> taken = std::move(result).value();
    EXPECT_EQ(*taken, 4);
}

TEST(Result, converts_from_what_its_value_is_made_of) {
    const Result<std::string> text = "abc";
    EXPECT_EQ(text->size(), 3u);
    static_assert(!std::is_convertible_v<int, Result<std::string>>);
}

TEST(Result, of_void_is_good_by_default) {
    EXPECT_TRUE(Status().ok());
    EXPECT_FALSE(Status(Error(ErrorCode::INTERNAL)).ok());
}

TEST(Try, goes_on_with_the_value) {
    const auto result = doubled('2', '5');
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(*result, "14");
}

TEST(Try, returns_the_first_error) {
    EXPECT_EQ(doubled('x', 'y').error().field, "digit");
    EXPECT_EQ(doubled('2', 'y').error().message, "no digit");
    EXPECT_EQ(doubled('1', '2').error().message, "odd");
}

TEST(Error, takes_its_title_where_it_has_no_message) {
    EXPECT_EQ(Error(ErrorCode::RECORD_NOT_FOUND).message, "No such record");
    EXPECT_EQ(Error(ErrorCode::RECORD_NOT_FOUND, "gone").message, "gone");
}

TEST(ErrorCodes, have_unique_names_of_capitals) {
    std::vector<std::string_view> names;
    for (const ErrorCode code : all_error_codes()) {
        const std::string_view name = error_name(code);
        EXPECT_EQ(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos) << name;
        EXPECT_FALSE(error_title(code).empty()) << name;
        EXPECT_EQ(std::count(names.begin(), names.end(), name), 0) << name;
        names.push_back(name);
    }
    EXPECT_GT(names.size(), 30u);
    EXPECT_EQ(error_kind(ErrorCode::DUPLICATE_KEY), ErrorKind::Conflict);
    EXPECT_EQ(error_kind(ErrorCode::DATABASE_DAMAGED), ErrorKind::Unavailable);
}

}  // namespace
}  // namespace credvault
