#include "query/key.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "json/canonical.h"
#include "json/order.h"
#include "query/key_bytes.h"
#include "query/key_testing.h"

namespace credvault::query {
namespace {

std::string key_of(const json::Value& value, bool descending = false) {
    std::string key;
    append_key(key, value, descending);
    return key;
}

std::strong_ordering by_bytes(const std::string& a, const std::string& b) { return a.compare(b) <=> 0; }

void expect_agreement(const json::Value& a, const json::Value& b) {
    const auto order = json::compare(a, b);
    EXPECT_EQ(by_bytes(key_of(a), key_of(b)), order) << a.text() << " and " << b.text();
    EXPECT_EQ(by_bytes(key_of(a, true), key_of(b, true)), 0 <=> order) << a.text() << " and " << b.text();
}

TEST(Key, OrdersAsValuesDo) {
    RandomJson random(1);
    for (int i = 0; i < 50'000; ++i) expect_agreement(random.value(), random.value());
}

TEST(Key, OrdersNumbersExactly) {
    RandomJson random(2);
    for (int i = 0; i < 50'000; ++i) {
        const std::int64_t integer = random.integer();
        const double near = static_cast<double>(integer);
        expect_agreement(integer, near);
        expect_agreement(integer, std::nextafter(near, random.chance(50) ? 1e300 : -1e300));
        expect_agreement(integer, random.integer());
        expect_agreement(random.real(), random.real());
        if (integer != std::numeric_limits<std::int64_t>::max()) expect_agreement(integer, integer + 1);
    }
}

TEST(Key, GivesEqualNumbersEqualBytes) {
    EXPECT_EQ(key_of(1), key_of(1.0));
    EXPECT_EQ(key_of(0), key_of(-0.0));
    EXPECT_EQ(key_of(INT64_MIN), key_of(-9223372036854775808.0));
    EXPECT_NE(key_of(std::int64_t{9007199254740993}), key_of(9007199254740992.0));
    EXPECT_NE(key_of(INT64_MAX), key_of(9223372036854775808.0));
}

TEST(Key, KeepsSmallIntegersShort) {
    EXPECT_EQ(key_of(0).size(), 2U);
    EXPECT_LE(key_of(42).size(), 4U);
    EXPECT_LE(key_of(-100'000).size(), 5U);
    EXPECT_LE(key_of(INT64_MAX).size(), 12U);
}

TEST(Key, OrdersTuplesWithMixedDirections) {
    RandomJson random(3);
    for (int i = 0; i < 30'000; ++i) {
        const bool directions[] = {random.chance(50), random.chance(50), random.chance(50)};
        std::string keys[2];
        std::strong_ordering order = std::strong_ordering::equal;
        for (const bool descending : directions) {
            const json::Value a = random.value(2);
            const json::Value b = random.chance(50) ? a : random.value(2);
            append_key(keys[0], a, descending);
            append_key(keys[1], b, descending);
            if (order == 0) order = descending ? json::compare(b, a) : json::compare(a, b);
        }
        EXPECT_EQ(by_bytes(keys[0], keys[1]), order);
    }
}

TEST(Key, IsTheSameFromTextAndFromValue) {
    RandomJson random(4);
    for (int i = 0; i < 20'000; ++i) {
        const json::Value value = random.value();
        const std::string text = value.text();
        std::string key;
        append_key(key, json::View(text), i % 2 == 0);
        EXPECT_EQ(key, key_of(value, i % 2 == 0)) << text;
    }
}

TEST(Key, EndsByItself) {
    RandomJson random(5);
    for (int i = 0; i < 20'000; ++i) {
        const bool descending = random.chance(50);
        const std::string key = key_of(random.value(), descending);
        for (const std::string& tail : {std::string(), std::string(3, '\0'), std::string(3, '\xff')}) {
            const auto length = key_length(key + tail, descending);
            ASSERT_TRUE(length.ok());
            EXPECT_EQ(*length, key.size());
        }
        for (std::size_t cut = 0; cut < key.size(); ++cut) {
            EXPECT_FALSE(key_length(std::string_view(key).substr(0, cut), descending).ok());
        }
    }
}

TEST(Key, RefusesBytesThatAreNone) {
    for (const std::string& bytes :
         {std::string("\x00", 1), std::string("\x03"),
          std::string("\x20"
                      "a\x01\x03\x00",
                      5),
          std::string(1, '\x61'), std::string(200, '\x40') + std::string(200, '\0')}) {
        EXPECT_EQ(key_length(bytes, false).error().code, ErrorCode::INVALID_CURSOR);
    }
    // A number with a zero group at its end, which has a shorter form.
    EXPECT_FALSE(key_length(std::string("\x10\x03\x00", 3), false).ok());
    // As deep as records go, and a level deeper.
    EXPECT_TRUE(key_length(std::string(100, '\x40') + std::string(100, '\0'), false).ok());
    EXPECT_FALSE(key_length(std::string(101, '\x40') + std::string(101, '\0'), false).ok());
}

TEST(Key, KeepsIds) {
    for (const std::string& id : {std::string("01HZX5W3K8Q2V7N4M6P9R0S1T2"), std::string("é"), std::string(),
                                  std::string("a\x01\x02", 3), std::string("a\0b", 3)}) {
        for (const bool descending : {false, true}) {
            std::string key;
            append_id_key(key, id, descending);
            const auto decoded = decode_id_key(key, descending);
            ASSERT_TRUE(decoded.ok());
            EXPECT_EQ(*decoded, id);
            EXPECT_FALSE(decode_id_key(key + "x", descending).ok());
            EXPECT_FALSE(decode_id_key(std::string_view(key).substr(1), !descending).ok());
        }
    }
    EXPECT_FALSE(decode_id_key("", false).ok());
}

TEST(Key, KnowsWhatFollowsAPrefix) {
    EXPECT_EQ(key_after("ab"), "ac");
    EXPECT_EQ(key_after("a\xff\xff"), "b");
    EXPECT_EQ(key_after(std::string("a\0", 2)), "a\x01");
}

}  // namespace
}  // namespace credvault::query
