// Random records, filters, sorts and indexes that are made to meet: few names, small pools of values full of edges
// (numbers around 2^53 and 2^63, long texts that begin alike, nested arrays). The same seed gives the same sequence.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace credvault::storage::suite {

class RandomJson {
public:
    explicit RandomJson(std::uint64_t seed) : random_(seed) {}

    /// 0 to n - 1.
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }

    std::string value(int depth = 2);
    /// Members of a record, without braces and id: `"a":1,"t":[…]`.
    std::string fields();
    std::string path();
    /// A filter document.
    std::string filter(int depth = 2);
    /// As "-a,n.x"; often empty.
    std::string sort();
    /// An update of one to three operators. Its paths may conflict.
    std::string update();
    /// One to three different paths, as in a sort.
    std::string index_fields();

private:
    std::string pick(const std::vector<std::string>& pool) { return pool[below(pool.size())]; }
    std::string scalar();
    /// A modifier's name and its argument, as in `"$inc":{"a":1}`.
    std::string modifier(std::size_t which);
    std::string list(std::size_t most);
    /// An operator object without braces: `"$gt":5`.
    std::string predicate(int depth);
    /// A value to compare an id with.
    std::string id_value();
    std::string id_predicate();

    std::mt19937_64 random_;
};

}  // namespace credvault::storage::suite
