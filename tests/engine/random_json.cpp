#include "engine/random_json.h"

#include <algorithm>

namespace credvault::storage::suite {
namespace {

const std::string long_text(1500, 'l');

const std::vector<std::string>& numbers() {
    static const std::vector<std::string> pool{"0",
                                               "-0.0",
                                               "0.0",
                                               "1",
                                               "1.0",
                                               "2",
                                               "2.5",
                                               "-1",
                                               "-1.5",
                                               "3",
                                               "7",
                                               "10",
                                               "100",
                                               "0.1",
                                               "1e-7",
                                               "5e-324",
                                               "1e300",
                                               "-1e300",
                                               "9007199254740991",
                                               "9007199254740992",
                                               "9007199254740993",
                                               "9007199254740992.0",
                                               "9007199254740994.0",
                                               "-9007199254740993",
                                               "9223372036854775807",
                                               "9223372036854775806",
                                               "9223372036854775808.0",
                                               "-9223372036854775808",
                                               "-9223372036854775808.0",
                                               "4294967296",
                                               "2147483647",
                                               "-2147483649"};
    return pool;
}

const std::vector<std::string>& strings() {
    static const std::vector<std::string> pool{R"("")",
                                               R"("a")",
                                               R"("b")",
                                               R"("ab")",
                                               R"("aB")",
                                               R"("é")",
                                               R"("e\u0301")",
                                               R"("𝄞")",
                                               R"("\uffff")",
                                               R"("1")",
                                               R"("null")",
                                               R"("\u0001")",
                                               R"("a\u0001")",
                                               R"("z\"\\/")",
                                               "\"" + long_text + "\"",
                                               "\"" + long_text + "a\"",
                                               "\"" + long_text + "b\"",
                                               "\"" + long_text.substr(0, 1400) + "\""};
    return pool;
}

const std::vector<std::string> names{"a", "b", "n", "t", "x"};
const std::vector<std::string> paths{"a",     "b",   "n",   "t",     "x",     "n.x", "n.a",
                                     "n.a.b", "t.a", "t.0", "t.1.a", "t.a.b", "none"};

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

}  // namespace

std::string RandomJson::scalar() {
    switch (below(8)) {
        case 0: return "null";
        case 1: return chance(0.5) ? "true" : "false";
        case 2:
        case 3:
        case 4: return chance(0.6) ? std::to_string(below(6)) : pick(numbers());
        default:
            return chance(0.6) ? quoted(std::string(1, static_cast<char>('a' + below(5)))) : pick(strings());
    }
}

std::string RandomJson::list(std::size_t most) {
    std::string text = "[";
    const std::size_t size = below(most + 1);
    for (std::size_t i = 0; i < size; ++i) text += (i > 0 ? "," : "") + value(1);
    return text + "]";
}

std::string RandomJson::value(int depth) {
    if (depth <= 0 || chance(0.6)) return scalar();
    if (chance(0.55)) {
        std::string text = "[";
        const std::size_t size = below(4);
        for (std::size_t i = 0; i < size; ++i) text += (i > 0 ? "," : "") + value(depth - 1);
        return text + "]";
    }
    std::string text = "{";
    for (const std::string& name : names) {
        if (chance(0.35)) text += (text.size() > 1 ? "," : "") + quoted(name) + ":" + value(depth - 1);
    }
    return text + "}";
}

std::string RandomJson::fields() {
    std::vector<std::string> order = names;
    std::shuffle(order.begin(), order.end(), random_);
    std::string text;
    for (const std::string& name : order) {
        if (!chance(0.7)) continue;
        text += (text.empty() ? "" : ",") + quoted(name) + ":" + value(3);
    }
    return text;
}

std::string RandomJson::path() { return pick(paths); }

std::string RandomJson::id_value() {
    if (chance(0.1)) return scalar();
    return quoted("s" + std::to_string(below(80)));
}

std::string RandomJson::id_predicate() {
    switch (below(6)) {
        case 0: return R"("$in":[)" + id_value() + "," + id_value() + "," + id_value() + "]";
        case 1: return R"("$gte":)" + id_value() + R"(,"$lt":)" + id_value();
        case 2: return R"("$lte":)" + id_value();
        case 3: return R"("$ne":)" + id_value();
        case 4: return R"("$regex":"^s1")";
        default: return R"("$eq":)" + id_value();
    }
}

std::string RandomJson::predicate(int depth) {
    static const std::vector<std::string> comparisons{"$eq", "$gt", "$gte", "$lt", "$lte"};
    static const std::vector<std::string> types{
        R"("string")", R"("number")", R"("int")",   R"("long")",   R"("double")",
        R"("bool")",   R"("null")",   R"("array")", R"("object")", R"(["int","string"])"};
    static const std::vector<std::string> patterns{R"("^a")", R"("b$")", R"("^l+a?$")", R"("é|𝄞")", R"("")"};
    static const std::vector<std::string> bits{"$bitsAllSet", "$bitsAllClear", "$bitsAnySet",
                                               "$bitsAnyClear"};
    switch (below(depth > 0 ? 16 : 13)) {
        case 0:
        case 1:
        case 2: return quoted(pick(comparisons)) + ":" + value(1);
        case 3: return R"("$gte":)" + scalar() + R"(,"$lt":)" + scalar();
        case 4: return R"("$gt":)" + scalar() + R"(,"$lte":)" + scalar();
        case 5: return R"("$ne":)" + value(1);
        case 6: return R"("$in":)" + list(5);
        case 7: return R"("$nin":)" + list(3);
        case 8: return R"("$exists":)" + std::string(chance(0.5) ? "true" : "false");
        case 9: return R"("$type":)" + pick(types);
        case 10: return R"("$regex":)" + pick(patterns) + (chance(0.2) ? R"(,"$options":"i")" : "");
        case 11: return R"("$size":)" + std::to_string(below(4));
        case 12:
            return chance(0.5)
                       ? R"("$mod":[)" + std::to_string(1 + below(4)) + "," + std::to_string(below(3)) + "]"
                       : quoted(pick(bits)) + ":" + std::to_string(below(8));
        case 13: return R"("$all":)" + list(2);
        case 14:
            return R"("$elemMatch":{)" +
                   (chance(0.5) ? predicate(depth - 1) : quoted(pick(names)) + ":" + scalar()) + "}";
        default: return R"("$not":{)" + predicate(depth - 1) + "}";
    }
}

std::string RandomJson::filter(int depth) {
    if (chance(0.08)) return "{}";
    if (depth > 0 && chance(0.3)) {
        static const std::vector<std::string> joins{"$and", "$or", "$nor"};
        std::string text = "{" + quoted(pick(joins)) + ":[";
        const std::size_t size = 1 + below(3);
        for (std::size_t i = 0; i < size; ++i) text += (i > 0 ? "," : "") + filter(depth - 1);
        text += "]";
        if (chance(0.3)) text += "," + quoted(path()) + ":" + scalar();
        return text + "}";
    }
    std::string text;
    std::vector<std::string> used;
    const std::size_t size = 1 + below(chance(0.3) ? 3 : 1);
    for (std::size_t i = 0; i < size; ++i) {
        const std::string on = chance(0.1) ? "id" : path();
        if (std::find(used.begin(), used.end(), on) != used.end()) continue;
        used.push_back(on);
        text += (text.empty() ? "" : ",") + quoted(on) + ":";
        if (on == "id") {
            text += chance(0.3) ? id_value() : "{" + id_predicate() + "}";
        } else {
            text += chance(0.25) ? value(1) : "{" + predicate(depth) + "}";
        }
    }
    return "{" + text + "}";
}

std::string RandomJson::modifier(std::size_t which) {
    const auto on_path = [this](std::string_view op, const std::string& argument) {
        return quoted(std::string(op)) + ":{" + quoted(path()) + ":" + argument + "}";
    };
    switch (which) {
        case 0: return on_path("$set", value(2));
        case 1: return on_path("$unset", "1");
        case 2: return on_path("$inc", chance(0.5) ? "1" : "0.5");
        case 3: return on_path("$push", R"({"$each":[)" + value(1) + R"(],"$slice":-3})");
        case 4: return on_path("$addToSet", value(1));
        case 5: return on_path("$pull", chance(0.5) ? scalar() : R"({"$gte":)" + scalar() + "}");
        case 6: return on_path(chance(0.5) ? "$min" : "$max", scalar());
        case 7: return on_path("$rename", quoted(path()));
        default: return on_path("$pop", chance(0.5) ? "1" : "-1");
    }
}

std::string RandomJson::update() {
    std::vector<std::size_t> kinds{0, 1, 2, 3, 4, 5, 6, 7, 8};
    std::shuffle(kinds.begin(), kinds.end(), random_);
    std::string text;
    for (std::size_t i = 0; i <= below(3); ++i) text += (text.empty() ? "" : ",") + modifier(kinds[i]);
    return "{" + text + "}";
}

std::string RandomJson::index_fields() {
    std::vector<std::string> some = paths;
    some.push_back("id");
    std::shuffle(some.begin(), some.end(), random_);
    some.resize(1 + (chance(0.5) ? below(3) : 0));
    std::string text;
    for (const std::string& one : some)
        text += (text.empty() ? "" : ",") + std::string(chance(0.4) ? "-" : "") + one;
    return text;
}

std::string RandomJson::sort() { return chance(0.35) ? "" : index_fields(); }

}  // namespace credvault::storage::suite
