#include "json/names.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace credvault::json {
namespace {

/// Names laid out one behind the other, as a parser would have them.
struct Laid {
    std::string canonical;
    std::vector<Name> names;
    std::vector<std::uint32_t> table;

    void add(std::string_view name, std::uint32_t hash) {
        const auto place = static_cast<std::uint32_t>(canonical.size());
        names.push_back({place, place, static_cast<std::uint32_t>(name.size()), hash});
        canonical.append(name);
    }
    const Name* duplicate() { return find_duplicate(names.data(), names.size(), canonical.data(), table); }
};

TEST(Names, FindsNothingAmongUniqueOnes) {
    Laid laid;
    EXPECT_EQ(laid.duplicate(), nullptr);
    for (int i = 0; i < 1000; ++i) {
        const std::string name = std::to_string(i);
        laid.add(name, hash_name(name));
    }
    EXPECT_EQ(laid.duplicate(), nullptr);
}

TEST(Names, FindsTheFirstThatRepeatsAnother) {
    Laid laid;
    for (const char* name : {"a", "b", "c", "b", "a"}) laid.add(name, hash_name(name));
    EXPECT_EQ(laid.duplicate(), &laid.names[3]);
}

TEST(Names, NamesMadeToCollideCostNoMoreThanSorting) {
    Laid laid;
    for (int i = 0; i < 200'000; ++i) laid.add("name" + std::to_string(i), 12345);
    EXPECT_EQ(laid.duplicate(), nullptr);
    laid.add("name777", 12345);
    laid.add("name0", 12345);
    EXPECT_EQ(laid.duplicate(), &laid.names[200'000]);
}

TEST(Names, HashDependsOnEveryByteAndTheSize) {
    std::set<std::uint32_t> hashes;
    std::size_t names = 0;
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string name(size, 'a');
        hashes.insert(hash_name(name));
        ++names;
        for (std::size_t place = 0; place < size; ++place) {
            std::string other = name;
            other[place] = 'b';
            hashes.insert(hash_name(other));
            ++names;
        }
    }
    EXPECT_EQ(hashes.size(), names);
}

}  // namespace
}  // namespace credvault::json
