// Random values and records for the tests of keys and plans: small domains, so that values meet, and the corners of
// every type. Deterministic by its seed.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "json/value.h"

namespace credvault::query {

class RandomJson {
public:
    explicit RandomJson(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }

    json::Value scalar() {
        static const std::vector<json::Value> values = {nullptr,
                                                        nullptr,
                                                        true,
                                                        false,
                                                        0,
                                                        1,
                                                        2,
                                                        3,
                                                        -1,
                                                        -0.0,
                                                        1.0,
                                                        1.5,
                                                        -1.5,
                                                        1e300,
                                                        -1e300,
                                                        5e-324,
                                                        std::int64_t{9007199254740992},
                                                        std::int64_t{9007199254740993},
                                                        9007199254740992.0,
                                                        9223372036854775808.0,
                                                        std::int64_t{9223372036854775807},
                                                        std::int64_t{9223372036854775806},
                                                        INT64_MIN,
                                                        std::int64_t{INT64_MIN + 1},
                                                        -9223372036854775808.0,
                                                        "",
                                                        "a",
                                                        "ab",
                                                        "abc",
                                                        "b",
                                                        "\x01",
                                                        "\x02",
                                                        "a\x01",
                                                        "é",
                                                        "\U0001f600",
                                                        "a\nb",
                                                        "\"\\"};
        return pick(values);
    }

    json::Value value(std::size_t depth = 3) {
        if (depth == 0 || chance(60)) return scalar();
        if (chance(50)) return array(depth);
        return object(depth);
    }

    json::Value array(std::size_t depth) {
        json::Value::Array elements(below(4));
        for (json::Value& element : elements) element = value(depth - 1);
        return elements;
    }

    json::Value object(std::size_t depth) {
        static const std::vector<std::string> names = {"a", "b", "c", "", "a\n", "0"};
        json::Value members = json::Value::Object();
        for (std::size_t i = below(4); i > 0; --i) members.set(pick(names), value(depth - 1));
        return members;
    }

    std::int64_t integer() {
        return static_cast<std::int64_t>(engine_() << below(64)) ^ static_cast<std::int64_t>(below(5));
    }
    double real() {
        return std::ldexp(static_cast<double>(static_cast<std::int64_t>(engine_())),
                          static_cast<int>(below(140)) - 110);
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace credvault::query
