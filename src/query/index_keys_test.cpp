// What records put into indexes, by examples from MongoDB's manual and its key generator, and at the limits.
#include <gtest/gtest.h>

#include <algorithm>

#include "json/canonical.h"
#include "query/key.h"
#include "query/key_testing.h"

namespace credvault::query {
namespace {

IndexFields index_on(std::string_view fields, bool sparse = false) { return {*parse_sort(fields), sparse}; }

std::string canonical(std::string_view text) { return *json::canonicalize(text); }

IndexKeys keys_of(std::string_view record, const IndexFields& index) {
    const std::string text = canonical(record);
    auto keys = index_keys(json::View(text), index);
    EXPECT_TRUE(keys.ok()) << text;
    return std::move(keys).value();
}

/// The values of the entries, in words: a JSON array each, "[]" standing for the mark of an empty array.
std::vector<std::string> tuples(const IndexKeys& keys, const std::vector<std::string>& expected,
                                const IndexFields& index) {
    std::vector<std::string> found;
    for (const IndexEntry& entry : keys.entries) {
        std::string words = "?";
        for (const std::string& tuple : expected) {
            std::string key;
            std::size_t field = 0;
            for (const json::View value : json::View(tuple).elements()) {
                const bool descending = index.fields[field++].descending;
                if (value.is_array() && value.size() == 1 &&
                    value.elements().begin().operator*().text() == "\"empty\"") {
                    key.push_back(static_cast<char>(descending ? ~4 : 4));
                } else {
                    append_key(key, value, descending);
                }
            }
            if (key == values_of_entry(entry.key, index)) words = tuple;
        }
        found.push_back(words);
    }
    return found;
}

void expect_entries(std::string_view record, const IndexFields& index,
                    const std::vector<std::string>& expected) {
    const IndexKeys keys = keys_of(record, index);
    EXPECT_EQ(tuples(keys, expected, index), expected) << record;
    EXPECT_TRUE(std::ranges::is_sorted(keys.entries, {}, &IndexEntry::key)) << record;
}

TEST(IndexKeys, OneEntryForScalars) {
    expect_entries(R"({"id":"x","a":5})", index_on("a"), {"[5]"});
    expect_entries(R"({"id":"x","a":{"b":"y"}})", index_on("a.b"), {R"(["y"])"});
    expect_entries(R"({"id":"x","a":{"b":"y"}})", index_on("a"), {R"([{"b":"y"}])"});
    expect_entries(R"({"id":"x","a":1,"b":2})", index_on("b,-a"), {"[2,1]"});
    EXPECT_FALSE(keys_of(R"({"id":"x","a":1})", index_on("a")).multikey);
}

TEST(IndexKeys, MissingIsNull) {
    expect_entries(R"({"id":"x"})", index_on("a"), {"[null]"});
    expect_entries(R"({"id":"x","a":5})", index_on("a.b"), {"[null]"});
    expect_entries(R"({"id":"x","b":1})", index_on("a,b"), {"[null,1]"});
}

TEST(IndexKeys, AnEntryForEachElement) {
    expect_entries(R"({"id":"x","a":[3,1,2,1]})", index_on("a"), {"[1]", "[2]", "[3]"});
    expect_entries(R"({"id":"x","a":[3,1]})", index_on("-a"), {"[3]", "[1]"});
    expect_entries(R"({"id":"x","a":[]})", index_on("a"), {R"([["empty"]])"});
    expect_entries(R"({"id":"x","a":[[1,2],3]})", index_on("a"), {"[3]", "[[1,2]]"});
    expect_entries(R"({"id":"x","a":[null,1]})", index_on("a"), {"[null]", "[1]"});
    expect_entries(R"({"id":"x","a":[1,2],"b":"y"})", index_on("b,a"), {R"(["y",1])", R"(["y",2])"});
}

TEST(IndexKeys, ThroughArraysOfObjects) {
    expect_entries(R"({"id":"x","a":[{"b":2},{"b":1}]})", index_on("a.b"), {"[1]", "[2]"});
    expect_entries(R"({"id":"x","a":[{"b":2},{},7]})", index_on("a.b"), {"[null]", "[2]"});
    expect_entries(R"({"id":"x","a":[]})", index_on("a.b"), {R"([["empty"]])"});
    expect_entries(R"({"id":"x","a":[{"b":[1,2]},{"b":[]}]})", index_on("a.b"),
                   {R"([["empty"]])", "[1]", "[2]"});
    expect_entries(R"({"id":"x","a":[[{"b":1}]]})", index_on("a.b"), {"[null]"});
}

TEST(IndexKeys, ByPosition) {
    expect_entries(R"({"id":"x","a":[5,6]})", index_on("a.1"), {"[6]"});
    expect_entries(R"({"id":"x","a":[{"b":5},{"b":6}]})", index_on("a.0.b"), {"[5]"});
    expect_entries(R"({"id":"x","a":{"0":5}})", index_on("a.0"), {"[5]"});
    EXPECT_TRUE(keys_of(R"({"id":"x","a":[5,6]})", index_on("a.1")).multikey);
    EXPECT_FALSE(keys_of(R"({"id":"x","a":{"0":5}})", index_on("a.0")).multikey);
}

TEST(IndexKeys, SharedArraysGoTogether) {
    const std::string record = R"({"id":"x","a":[{"b":1,"c":9},{"b":2,"c":8}],"d":5})";
    expect_entries(record, index_on("a.b,a.c"), {"[1,9]", "[2,8]"});
    expect_entries(record, index_on("d,a.c"), {"[5,8]", "[5,9]"});
    const IndexKeys keys = keys_of(record, index_on("d,a.b,a.c"));
    EXPECT_EQ(keys.multikey_fields, 0b110U);
}

TEST(IndexKeys, RefusesParallelArrays) {
    const std::string text = R"({"id":"x","a":[1],"b":[2]})";
    const auto keys = index_keys(json::View(text), index_on("a,b"));
    ASSERT_FALSE(keys.ok());
    EXPECT_EQ(keys.error().code, ErrorCode::INVALID_RECORD);
    EXPECT_EQ(keys.error().field, "b");
    EXPECT_TRUE(index_keys(json::View(text), index_on("a,c")).ok());
}

TEST(IndexKeys, SparseLeavesOutWhatHasNoField) {
    EXPECT_TRUE(keys_of(R"({"id":"x","c":1})", index_on("a,b", true)).entries.empty());
    EXPECT_TRUE(keys_of(R"({"id":"x","a":[]})", index_on("a.b", true)).entries.empty());
    EXPECT_TRUE(keys_of(R"({"id":"x","a":[1,{}]})", index_on("a.b", true)).entries.empty());
    expect_entries(R"({"id":"x","b":1})", index_on("a,b", true), {"[null,1]"});
    expect_entries(R"({"id":"x","a":null})", index_on("a", true), {"[null]"});
    expect_entries(R"({"id":"x","a":[]})", index_on("a", true), {R"([["empty"]])"});
}

TEST(IndexKeys, MarksTheOutermostEntries) {
    const IndexKeys keys = keys_of(R"({"id":"x","a":[2,1,3]})", index_on("a"));
    ASSERT_EQ(keys.entries.size(), 3U);
    EXPECT_TRUE(keys.entries[0].least && !keys.entries[0].greatest);
    EXPECT_TRUE(!keys.entries[1].least && !keys.entries[1].greatest);
    EXPECT_TRUE(!keys.entries[2].least && keys.entries[2].greatest);
    const IndexKeys single = keys_of(R"({"id":"x","a":[1,1]})", index_on("a"));
    ASSERT_EQ(single.entries.size(), 1U);
    EXPECT_TRUE(single.entries[0].least && single.entries[0].greatest);
}

TEST(IndexKeys, CutsLongValuesAndKeepsThemApart) {
    const IndexFields index = index_on("a");
    const auto entry = [&](const std::string& value) {
        const std::string record = R"({"id":"x","a":")" + value + "\"}";
        return *index_keys(json::View(record), index);
    };
    // A tag and an end are two bytes of a string's key.
    EXPECT_FALSE(entry(std::string(max_key_bytes - 16 - 2, 'v')).cut);
    const IndexKeys cut = entry(std::string(max_key_bytes - 16 - 1, 'v'));
    EXPECT_TRUE(cut.cut);
    EXPECT_EQ(values_of_entry(cut.entries[0].key, index).size(), max_key_bytes);
    const IndexKeys other = entry(std::string(5'000, 'v'));
    EXPECT_EQ(values_of_entry(other.entries[0].key, index).size(), max_key_bytes);
    EXPECT_NE(values_of_entry(other.entries[0].key, index), values_of_entry(cut.entries[0].key, index));
    EXPECT_LT(entry(std::string(900, 'v')).entries[0].key, other.entries[0].key);
    EXPECT_GT(entry(std::string(500, 'v') + std::string(5'000, 'w')).entries[0].key, other.entries[0].key);
}

TEST(IndexKeys, CutsAlikeWithAndWithoutArrays) {
    const std::string value(3'000, 'v');
    const IndexFields index = index_on("a,b");
    const std::string plain = R"({"id":"x","a":")" + value + R"(","b":1})";
    const std::string array = R"({"id":"x","a":")" + value + R"(","b":[1]})";
    EXPECT_EQ(index_keys(json::View(plain), index)->entries[0].key,
              index_keys(json::View(array), index)->entries[0].key);
}

TEST(IndexKeys, TellsValuesFromIdWhateverTheRecord) {
    RandomJson random(7);
    const std::vector<std::string> paths = {"a", "b", "a.b", "b.a", "c.0", "c"};
    for (int i = 0; i < 20'000; ++i) {
        json::Value record = random.object(3);
        if (random.chance(10)) record.set("a", std::string(random.below(2'500), 'x'));
        record.set("id", "some-id");
        IndexFields index;
        for (const std::string& path : paths) {
            if (random.chance(30)) index.fields.push_back({*parse_path(path), random.chance(50)});
        }
        if (index.fields.empty()) continue;
        const std::string text = record.text();
        const auto keys = index_keys(json::View(text), index);
        if (!keys.ok()) continue;
        std::string id;
        append_id_key(id, "some-id", id_descending(index.fields));
        for (const IndexEntry& entry : keys->entries) {
            EXPECT_EQ(std::string(values_of_entry(entry.key, index)) + id, entry.key) << text;
        }
    }
}

std::string numbers(std::size_t count, std::size_t different) {
    std::string text = R"({"id":"x","a":[)";
    for (std::size_t i = 0; i < count; ++i) text += (i ? "," : "") + std::to_string(i % different);
    return text + "]}";
}

TEST(IndexKeys, BoundsTheEntriesOfARecord) {
    const IndexFields index = index_on("a");
    const auto result = [&](const std::string& record) { return index_keys(json::View(record), index); };
    EXPECT_EQ(result(numbers(max_index_entries, max_index_entries))->entries.size(), max_index_entries);
    const auto refused = result(numbers(max_index_entries + 1, max_index_entries + 1));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::INVALID_RECORD);
    EXPECT_EQ(refused.error().field, "a");
    EXPECT_EQ(result(numbers(max_index_elements, 10))->entries.size(), 10U);
    EXPECT_FALSE(result(numbers(max_index_elements + 1, 10)).ok());
}

}  // namespace
}  // namespace credvault::query
