#include "storage/errors.h"

#include <gtest/gtest.h>

#include "query/sort.h"

namespace credvault::storage {
namespace {

IndexSpec unique_index(const char* fields) {
    return {"by_it", {query::parse_sort(std::string_view(fields)).value(), false}, true};
}

TEST(Errors, name_what_the_user_named) {
    EXPECT_EQ(database_not_found("shop").message, "There is no database named 'shop'");
    EXPECT_EQ(database_not_found().message, "This database does not exist");
    EXPECT_EQ(collection_not_found("cars").message, "There is no collection named 'cars'");
    EXPECT_EQ(record_exists("a1").message, "A record with the id 'a1' exists already");
    EXPECT_EQ(record_exists("a1").field, "id");
}

TEST(Errors, cut_what_is_long_where_a_character_begins) {
    std::string name;
    for (int i = 0; i < 100; ++i) name += "é";
    const std::string message = collection_not_found("x" + name).message;
    EXPECT_LT(message.size(), 180u);
    EXPECT_TRUE(message.ends_with("é…'")) << message;
}

TEST(DuplicateKey, shows_index_and_values) {
    const json::View record(R"({"id":"1","email":"a@b","address":{"city":"X"},"tags":[1,2]})");
    const Error one = duplicate_key(unique_index("email"), record);
    EXPECT_EQ(one.code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(one.field, "email");
    EXPECT_EQ(one.message, R"(The unique index 'by_it' has another record with email = "a@b")");
    EXPECT_EQ(duplicate_key(unique_index("address.city,-missing"), record).message,
              R"(The unique index 'by_it' has another record with address.city = "X", missing = null)");
    EXPECT_EQ(duplicate_key(unique_index("tags"), record).message,
              "The unique index 'by_it' has another record with tags in [1,2]");
}

TEST(Precondition, holds_of_what_is_stored) {
    const Revision now{7, 3};
    const auto holds = [](const Precondition& condition, std::optional<Revision> stored) {
        const json::View record(R"({"id":"x","a":1})");
        const auto row = stored ? std::optional(Row{record, *stored}) : std::nullopt;
        const Status checked = check_precondition(condition, "x", row);
        if (!checked.ok()) {
            EXPECT_EQ(checked.error().code, ErrorCode::PRECONDITION_FAILED);
        }
        return checked.ok();
    };
    Precondition none;
    EXPECT_TRUE(holds(none, now) && holds(none, {}));
    Precondition absent;
    absent.if_absent = true;
    EXPECT_TRUE(holds(absent, {}) && !holds(absent, now));
    Precondition exists;
    exists.if_exists = true;
    EXPECT_TRUE(holds(exists, now) && !holds(exists, {}));
    Precondition match;
    match.if_match = {{7, 2}, {7, 3}};
    EXPECT_TRUE(holds(match, now) && !holds(match, {}));
    match.if_match = {{7, 2}, {6, 3}};
    EXPECT_FALSE(holds(match, now));
    match.if_match = std::vector<Revision>();
    EXPECT_FALSE(holds(match, now)) << "an empty list matches nothing";
    Precondition other;
    other.if_none_match = {{7, 3}};
    EXPECT_TRUE(!holds(other, now) && holds(other, {}) && holds(other, Revision{7, 4}));
}

TEST(CheckIndex, wants_one_to_thirty_two_different_fields) {
    EXPECT_TRUE(check_index(unique_index("a,-b.c")).ok());
    EXPECT_EQ(check_index(IndexSpec{"x", {}, false}).error().code, ErrorCode::INVALID_INDEX);
    IndexSpec twice = unique_index("a,b");
    twice.keys.fields.push_back({twice.keys.fields[0].path, true});
    EXPECT_EQ(check_index(twice).error().field, "fields.2");
    IndexSpec many = unique_index("f0");
    for (int i = 1; i < 32; ++i)
        many.keys.fields.push_back({*query::parse_path("f" + std::to_string(i)), false});
    EXPECT_TRUE(check_index(many).ok());
    many.keys.fields.push_back({*query::parse_path("f32"), false});
    EXPECT_FALSE(check_index(many).ok());
}

TEST(AtOperation, puts_the_position_in_front_where_there_are_several) {
    EXPECT_EQ(at_operation(record_exists("a"), 3, 9).field, "3.id");
    EXPECT_EQ(at_operation(record_not_found("a"), 0, 2).field, "0");
    EXPECT_EQ(at_operation(record_exists("a"), 0, 1).field, "id");
}

}  // namespace
}  // namespace credvault::storage
