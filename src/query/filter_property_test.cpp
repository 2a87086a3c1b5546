// Laws that hold for all filters and records, tried on random ones; and the walk against a plain reading of the rules.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "json/order.h"
#include "query/filter_testing.h"

namespace credvault::query {
namespace {

constexpr int rounds = 5'000;

/// Small random values and filters over few names, so that they often meet.
class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}

    int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(engine_); }

    std::string scalar() {
        static const char* const values[] = {"null", "true", "false", "0",     "1",    "2",  "1.0",
                                             "-0.0", "2.5",  "\"a\"", "\"b\"", "\"\"", "{}", "[]"};
        return values[below(std::size(values))];
    }

    std::string name() { return std::string(1, "ab01"[below(4)]); }

    std::string value(int depth) {
        const int kind = depth > 0 ? below(4) : 0;
        if (kind == 2) return object(depth - 1);
        if (kind != 3) return scalar();
        std::string array;
        for (int i = below(4); i > 0; --i) array += (array.empty() ? "" : ",") + value(depth - 1);
        return "[" + array + "]";
    }

    std::string object(int depth) {
        std::string members;
        for (const char name : std::string("ab01")) {
            if (below(2) == 0) continue;
            members += (members.empty() ? "\"" : ",\"") + std::string(1, name) + "\":" + value(depth);
        }
        return "{" + members + "}";
    }

    std::string path() {
        std::string path = name();
        while (below(2) == 0) path += "." + name();
        return path;
    }

    std::string comparison() {
        static const char* const names[] = {"$eq", "$gt", "$gte", "$lt", "$lte", "$ne"};
        return "{\"" + std::string(names[below(std::size(names))]) + "\":" + value(1) + "}";
    }

    std::string operators() {
        switch (below(7)) {
            case 0: return R"({"$in":[)" + value(1) + "," + scalar() + "]}";
            case 1: return R"({"$exists":)" + std::string(below(2) == 0 ? "true}" : "false}");
            case 2: return R"({"$size":)" + std::to_string(below(3)) + "}";
            case 3: return R"({"$elemMatch":)" + comparison() + "}";
            case 4: return R"({"$all":[)" + scalar() + "," + scalar() + "]}";
            default: return comparison();
        }
    }

    std::string predicate() { return "{\"" + path() + "\":" + operators() + "}"; }

private:
    std::mt19937 engine_;
};

TEST(FilterProperty, NorIsNotOr) {
    Dice dice(1);
    for (int i = 0; i < rounds; ++i) {
        const std::string branches = "[" + dice.predicate() + "," + dice.predicate() + "]";
        const std::string record = dice.object(2);
        ASSERT_NE(matches(filter_of(R"({"$or":)" + branches + "}"), record),
                  matches(filter_of(R"({"$nor":)" + branches + "}"), record))
            << branches << ' ' << record;
    }
}

TEST(FilterProperty, DoubleNegationChangesNothing) {
    Dice dice(2);
    for (int i = 0; i < rounds; ++i) {
        const std::string path = dice.path();
        const std::string operators = dice.operators();
        const std::string record = dice.object(2);
        const std::string plain = join({"{\"", path, "\":", operators, "}"});
        const std::string once = join({"{\"", path, R"(":{"$not":)", operators, "}}"});
        const std::string twice = join({"{\"", path, R"(":{"$not":{"$not":)", operators, "}}}"});
        const bool found = matches(filter_of(plain), record);
        ASSERT_NE(matches(filter_of(once), record), found) << once << ' ' << record;
        ASSERT_EQ(matches(filter_of(twice), record), found) << twice << ' ' << record;
    }
}

TEST(FilterProperty, AndOfPartsIsTheWhole) {
    Dice dice(3);
    for (int i = 0; i < rounds; ++i) {
        const std::string a = dice.predicate();
        const std::string b = dice.predicate();
        const std::string record = dice.object(2);
        const bool each = matches(filter_of(a), record) && matches(filter_of(b), record);
        const std::string whole = join({R"({"$and":[)", a, ",", b, "]}"});
        ASSERT_EQ(matches(filter_of(whole), record), each) << whole << record;
        ASSERT_EQ(matches(both(filter_of(a), filter_of(b)), record), each) << a << b << record;
    }
}

TEST(FilterProperty, PositionsDoNotChangeTheAnswer) {
    Dice dice(4);
    for (int i = 0; i < rounds; ++i) {
        const Filter filter =
            filter_of(join({R"({"$and":[)", dice.predicate(), ",", dice.predicate(), "]}"}));
        const std::string record = canonical(dice.object(2));
        std::optional<std::uint32_t> position;
        ASSERT_EQ(filter.matches(json::View(record), &position), filter.matches(json::View(record)));
    }
}

/// A plain reading of MongoDB's rules: all values that a path leads to, missing ones as nothing.
using Values = std::vector<const json::Value*>;

void collect_from_array(const json::Value& array, const std::vector<std::string>& parts, std::size_t next,
                        Values& out);

void collect(const json::Value& document, const std::vector<std::string>& parts, std::size_t next,
             Values& out) {
    const json::Value* value = document.find(parts[next]);
    if (value != nullptr && value->is_array()) {
        collect_from_array(*value, parts, next + 1, out);
    } else if (value != nullptr && next + 1 == parts.size()) {
        out.push_back(value);
    } else if (value != nullptr && value->is_object()) {
        collect(*value, parts, next + 1, out);
    } else {
        out.push_back(nullptr);
    }
}

void collect_from_array(const json::Value& array, const std::vector<std::string>& parts, std::size_t next,
                        Values& out) {
    const bool at_end = next == parts.size();
    for (std::size_t i = 0; i < array.as_array().size(); ++i) {
        const json::Value& element = array.as_array()[i];
        if (at_end) {
            out.push_back(&element);
            continue;
        }
        if (element.is_object()) collect(element, parts, next, out);
        if (parts[next] != std::to_string(i)) continue;
        if (next + 1 == parts.size()) {
            out.push_back(&element);
        } else if (element.is_object()) {
            collect(element, parts, next + 1, out);
        } else if (element.is_array()) {
            collect_from_array(element, parts, next + 1, out);
        }
    }
    if (at_end) out.push_back(&array);
}

TEST(FilterProperty, AgreesWithAPlainReading) {
    Dice dice(5);
    const json::Value null;
    for (int i = 0; i < rounds; ++i) {
        std::vector<std::string> parts = {dice.name()};
        std::string path = parts[0];
        while (dice.below(2) == 0) path += "." + parts.emplace_back(dice.name());
        const std::string wanted_text = canonical(dice.value(1));
        const json::Value wanted{json::View(wanted_text)};
        const std::string record = canonical(dice.object(3));
        Values values;
        const json::Value owned{json::View(record)};
        collect(owned, parts, 0, values);

        const auto compares = [&](auto test) {
            return std::ranges::any_of(values, [&](const json::Value* value) {
                const json::Value& present = value == nullptr ? null : *value;
                return json::order_rank(present.type()) == json::order_rank(wanted.type()) &&
                       test(json::compare(present, wanted));
            });
        };
        const auto found = [&](std::string_view name) {
            return matches(filter_of(join({"{\"", path, "\":{\"", name, "\":", wanted_text, "}}"})), record);
        };
        ASSERT_EQ(found("$eq"), compares([](auto order) { return order == 0; }))
            << path << wanted_text << record;
        ASSERT_EQ(found("$gt"), compares([](auto order) { return order > 0; }))
            << path << wanted_text << record;
        ASSERT_EQ(found("$lte"), compares([](auto order) { return order <= 0; }))
            << path << wanted_text << record;
        const bool exists =
            std::ranges::any_of(values, [](const json::Value* value) { return value != nullptr; });
        ASSERT_EQ(matches(filter_of(join({"{\"", path, R"(":{"$exists":true}})"})), record), exists)
            << path << record;
    }
}

}  // namespace
}  // namespace credvault::query
