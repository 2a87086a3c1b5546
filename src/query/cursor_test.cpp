#include "query/cursor.h"

#include <gtest/gtest.h>

#include "json/canonical.h"
#include "query/key.h"

namespace credvault::query {
namespace {

std::string position(std::string_view record, const Sort& sort) {
    const std::string text = *json::canonicalize(record);
    std::string bytes;
    append_position(bytes, json::View(text), sort);
    return bytes;
}

struct Made {
    Sort sort = *parse_sort("-age,name");
    std::uint64_t fingerprint = fingerprint_of(R"({"status":"active"})", sort);
    Cursor cursor{position(R"({"id":"x1","age":30,"name":"Ada"})", sort), 137, false};
    std::string text = encode_cursor(cursor, fingerprint);
};

void expect_refused(std::string_view text, std::uint64_t fingerprint, const Sort& sort) {
    const auto decoded = decode_cursor(text, fingerprint, sort);
    ASSERT_FALSE(decoded.ok()) << text;
    EXPECT_EQ(decoded.error().code, ErrorCode::INVALID_CURSOR);
    EXPECT_EQ(decoded.error().field, "cursor");
}

TEST(Cursor, ComesBackWhole) {
    const Made made;
    const auto decoded = decode_cursor(made.text, made.fingerprint, made.sort);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded->position, made.cursor.position);
    EXPECT_EQ(decoded->total, 137U);
    EXPECT_FALSE(decoded->total_is_exact);
}

TEST(Cursor, KeepsAnyTotalOrNone) {
    Made made;
    for (const std::optional<std::uint64_t> total :
         {std::optional<std::uint64_t>(), {0}, {127}, {128}, {~std::uint64_t{0}}}) {
        made.cursor.total = total;
        const auto decoded =
            decode_cursor(encode_cursor(made.cursor, made.fingerprint), made.fingerprint, made.sort);
        ASSERT_TRUE(decoded.ok());
        EXPECT_EQ(decoded->total, total);
    }
}

TEST(Cursor, IsSafeInUrls) {
    const Made made;
    EXPECT_EQ(made.text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
}

TEST(Cursor, BelongsToOneFilterAndSort) {
    const Made made;
    expect_refused(made.text, fingerprint_of("{}", made.sort), made.sort);
    for (const std::string_view other : {"", "age,name", "-age", "name,-age", "-age,-name", "-agename"}) {
        const Sort sort = *parse_sort(other);
        expect_refused(made.text, fingerprint_of(R"({"status":"active"})", sort), sort);
    }
}

TEST(Cursor, RefusesEveryChangedByteAndEveryPart) {
    const Made made;
    for (std::size_t i = 0; i < made.text.size(); ++i) {
        expect_refused(made.text.substr(0, i), made.fingerprint, made.sort);
        std::string changed = made.text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        expect_refused(changed, made.fingerprint, made.sort);
    }
    expect_refused(made.text + "A", made.fingerprint, made.sort);
    expect_refused(made.text + "=", made.fingerprint, made.sort);
    expect_refused("not a cursor!", made.fingerprint, made.sort);
    expect_refused(std::string("\0\xff", 2), made.fingerprint, made.sort);
}

TEST(Cursor, RefusesPositionsThatAreNone) {
    const Made made;
    std::string no_id = made.cursor.position;
    no_id.pop_back();
    for (const std::string& wrong : {std::string(), std::string("x"), no_id, made.cursor.position + "x",
                                     position(R"({"id":"x"})", {}), std::string(10'000, '\x40')}) {
        const std::string text = encode_cursor({wrong, 1, true}, made.fingerprint);
        expect_refused(text, made.fingerprint, made.sort);
    }
}

TEST(Cursor, TextIsStable) {
    // Cursors outlive the process that made them.
    const Sort sort = *parse_sort("-age");
    EXPECT_EQ(fingerprint_of("{}", {}), fingerprint_of("{}", {}));
    EXPECT_NE(fingerprint_of("{}", {}), fingerprint_of("{}", sort));
    EXPECT_EQ(fingerprint_of(R"({"a":1})", sort), 153686735462425056ULL);
    EXPECT_EQ(
        encode_cursor({position(R"({"id":"x","age":3})", sort), 5, true}, fingerprint_of(R"({"a":1})", sort)),
        "AQMF7373h_80Kc01VkA2tA");
}

}  // namespace
}  // namespace credvault::query
