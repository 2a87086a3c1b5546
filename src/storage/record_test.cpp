#include "storage/record.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "json/canonical.h"

namespace credvault::storage {
namespace {

constexpr std::int64_t noon = 1'769'860'800'000;  // 2026-01-31T12:00:00Z
constexpr std::int64_t later = noon + 3'600'000;

const std::string noon_times =
    R"(,"created_at":"2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T12:00:00.000Z")";
const std::string later_times =
    R"(,"created_at":"2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T13:00:00.000Z")";

std::string made(std::string_view fields, bool keep_times = false, std::string_view id = "x") {
    const auto record = new_record(json::View(fields), id, noon, keep_times);
    EXPECT_TRUE(record.ok());
    if (record.ok()) {
        EXPECT_EQ(*json::canonicalize(*record), *record) << "a stored record is canonical";
    }
    return record.ok() ? *record : "";
}

std::string changed(std::string_view current, std::string_view fields) {
    const auto record = changed_record(json::View(current), json::View(fields), later);
    EXPECT_TRUE(record.ok());
    return record.ok() ? *record : "";
}

TEST(NewRecord, stamps_the_users_fields) {
    EXPECT_EQ(made("{}"), R"({"id":"x")" + noon_times + R"(,"_version":1})");
    EXPECT_EQ(made(R"({"b":1,"a":{"id":2,"_version":[3]}})"),
              R"({"id":"x","b":1,"a":{"id":2,"_version":[3]})" + noon_times + R"(,"_version":1})");
}

TEST(NewRecord, drops_the_platforms_fields_wherever_they_stand) {
    const std::string expected = R"({"id":"x","a":1,"b":2,"c":3)" + noon_times + R"(,"_version":1})";
    EXPECT_EQ(made(R"({"id":"y","a":1,"b":2,"c":3})"), expected);
    EXPECT_EQ(made(R"({"a":1,"_version":9,"created_at":"z","b":2,"updated_at":null,"c":3,"id":5})"),
              expected);
    EXPECT_EQ(made(R"({"a":1,"b":2,"c":3,"_version":{"a":[1,2]}})"), expected);
}

TEST(NewRecord, takes_names_that_only_resemble_the_platforms) {
    EXPECT_EQ(
        made(R"({"_id":1,"Id":2,"version":3,"created_At":4,"i\"d":5})"),
        R"({"id":"x","_id":1,"Id":2,"version":3,"created_At":4,"i\"d":5)" + noon_times + R"(,"_version":1})");
}

TEST(NewRecord, escapes_the_id) {
    const std::string record = made(R"({"a":1})", false, "a\"b\\c/é");
    EXPECT_TRUE(record.starts_with(R"({"id":"a\"b\\c/é","a":1,)")) << record;
    EXPECT_EQ(record_id_escaped(json::View(record)), R"(a\"b\\c/é)");
}

TEST(NewRecord, keeps_valid_times_normalised_where_asked) {
    const std::string fields =
        R"({"created_at":"2020-02-29T12:00:00+01:00","a":1,"updated_at":"2021-01-01"})";
    EXPECT_EQ(made(fields, true), R"({"id":"x","a":1,"created_at":"2020-02-29T11:00:00.000Z",)"
                                  R"("updated_at":"2021-01-01T00:00:00.000Z","_version":1})");
    EXPECT_EQ(made(fields, false), R"({"id":"x","a":1)" + noon_times + R"(,"_version":1})");
    EXPECT_EQ(made(R"({"created_at":"yesterday","updated_at":5})", true),
              R"({"id":"x")" + noon_times + R"(,"_version":1})");
    EXPECT_EQ(
        made(R"({"created_at":"2020-01-01"})", true),
        R"({"id":"x","created_at":"2020-01-01T00:00:00.000Z","updated_at":"2026-01-31T12:00:00.000Z","_version":1})");
}

/// An object whose stored form has `bytes` bytes.
std::string object_stored_as(std::size_t bytes) {
    const std::size_t around = made(R"({"a":""})").size();
    return R"({"a":")" + std::string(bytes - around, 'x') + R"("})";
}

TEST(NewRecord, takes_sixteen_mebibytes_and_not_a_byte_more) {
    const auto largest = new_record(json::View(object_stored_as(max_record_bytes)), "x", noon, false);
    ASSERT_TRUE(largest.ok());
    EXPECT_EQ(largest->size(), max_record_bytes);
    const auto larger = new_record(json::View(object_stored_as(max_record_bytes + 1)), "x", noon, false);
    EXPECT_EQ(larger.error().code, ErrorCode::PAYLOAD_TOO_LARGE);
    const auto grown =
        changed_record(json::View(made("{}")), json::View(object_stored_as(max_record_bytes + 1)), later);
    EXPECT_EQ(grown.error().code, ErrorCode::PAYLOAD_TOO_LARGE);
}

TEST(ChangedRecord, replaces_the_users_fields_and_counts) {
    const std::string first = made(R"({"a":1,"b":[1,{"c":"}"}]})");
    const std::string second = changed(first, R"({"b":2})");
    EXPECT_EQ(second, R"({"id":"x","b":2)" + later_times + R"(,"_version":2})");
    EXPECT_EQ(changed(second, "{}"), R"({"id":"x")" + later_times + R"(,"_version":3})");
    EXPECT_EQ(changed(changed(second, "{}"), R"({"a":1})"),
              R"({"id":"x","a":1)" + later_times + R"(,"_version":4})");
}

TEST(ChangedRecord, ignores_the_platforms_fields_given) {
    const std::string first = made(R"({"a":1})");
    EXPECT_EQ(
        changed(first, R"({"id":"other","a":2,"created_at":"2020-01-01","_version":77,"updated_at":1})"),
        R"({"id":"x","a":2)" + later_times + R"(,"_version":2})");
}

TEST(ChangedRecord, is_empty_where_nothing_changes) {
    const std::string first = made(R"({"a":1,"b":"\"}"})");
    EXPECT_EQ(changed(first, R"({"a":1,"b":"\"}"})"), "");
    EXPECT_EQ(changed(first, first), "") << "the platform's fields do not count";
    EXPECT_EQ(changed(made("{}"), R"({"_version":3})"), "");
    EXPECT_NE(changed(first, R"({"b":"\"}","a":1})"), "") << "another order is another text";
    EXPECT_NE(changed(first, R"({"a":1.0,"b":"\"}"})"), "");
}

TEST(ChangedRecord, counts_past_many_digits) {
    const std::string text = R"({"id":"x","a":1)" + noon_times + R"(,"_version":9999999999})";
    EXPECT_EQ(record_version(json::View(text)), 9'999'999'999u);
    EXPECT_EQ(record_version(json::View(changed(text, "{}"))), 10'000'000'000u);
}

TEST(StoredRecord, is_read_at_its_ends) {
    const std::string tricky =
        made(R"({"a":",\"_version\":5}","b":{"_version":6}})", false, "created_at\":\"");
    EXPECT_EQ(record_version(json::View(tricky)), 1u);
    EXPECT_EQ(record_id_escaped(json::View(tricky)), R"(created_at\":\")");
}

TEST(CheckId, takes_one_to_a_hundred_and_twenty_eight_bytes) {
    EXPECT_TRUE(check_id("a").ok());
    EXPECT_TRUE(check_id(std::string(max_id_bytes, 'a')).ok());
    EXPECT_FALSE(check_id("").ok());
    EXPECT_FALSE(check_id(std::string(max_id_bytes + 1, 'a')).ok());
}

TEST(CheckId, takes_any_text_without_control_characters) {
    for (const char* id : {"...", "a/b", " ", "a b", "?#%", "é", "𝄞", "\"\\", "\xc2\xa0", "-", "_id"}) {
        EXPECT_TRUE(check_id(id).ok()) << id;
    }
    for (const std::string_view id :
         {std::string_view("."), std::string_view(".."), std::string_view("a\nb"),
          std::string_view("a\0b", 3), std::string_view("\x7f"), std::string_view("\xc2\x80"),
          std::string_view("\xc2\x9f"), std::string_view("\xff"), std::string_view("a\xc2"),
          std::string_view("\xed\xa0\x80")}) {
        const Status checked = check_id(id);
        ASSERT_FALSE(checked.ok()) << id;
        EXPECT_EQ(checked.error().code, ErrorCode::INVALID_RECORD);
        EXPECT_EQ(checked.error().field, "id");
    }
}

TEST(PlatformFields, are_four) {
    for (const char* name : {"id", "created_at", "updated_at", "_version"})
        EXPECT_TRUE(is_platform_field(name));
    for (const char* name : {"", "_id", "ID", "created", "updated_a", "deleted_at", "version", "_versions"}) {
        EXPECT_FALSE(is_platform_field(name)) << name;
    }
}

}  // namespace
}  // namespace credvault::storage
