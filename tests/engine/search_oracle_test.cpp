// Random texts, places, searches and shapes: what SQLite answers with its indexes is what the evaluator says.
#include <random>

#include "engine/engine_test.h"
#include "engine/search_testing.h"

namespace credvault::storage::suite {
namespace {

class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    double between(double low, double high) { return std::uniform_real_distribution<>(low, high)(engine_); }
    bool chance(unsigned percent) { return below(100) < percent; }

    std::string word() {
        static const char* const words[] = {"run",   "runs",   "running", "café",   "cafe", "the", "Tree",
                                            "trees", "東京都", "river",   "rivers", "rive", "x1",  "don't"};
        return words[below(std::size(words))];
    }
    std::string text(std::size_t most) {
        std::string text;
        for (std::size_t i = below(most + 1); i > 0; --i) text += word() + " ";
        return text;
    }
    std::string search() {
        std::string search;
        for (std::size_t i = 1 + below(3); i > 0; --i) {
            if (chance(15)) search += "-";
            if (chance(20)) {
                search += "\\\"" + word() + " " + word() + "\\\" ";
            } else {
                const std::string one = word();
                search += chance(20) && one[0] > 0 ? one.substr(0, 1 + below(3)) + "* " : one + " ";
            }
        }
        std::string options;
        if (chance(10)) options += R"(,"$caseSensitive":true)";
        if (chance(10)) options += R"(,"$diacriticSensitive":true)";
        return R"("$text":{"$search":")" + search + "\"" + options + "}";
    }

    /// Often where numbers change sign, at the edges, or near others.
    std::string position() {
        const auto edge = [this](double most) {
            const double edges[] = {-most, most, 0, most - 0.5, 0.5 - most};
            return edges[below(5)];
        };
        const double x = chance(25) ? edge(180) : chance(40) ? between(9, 11) : between(-180, 180);
        const double y = chance(25) ? edge(90) : chance(40) ? between(49, 51) : between(-90, 90);
        return "[" + std::to_string(x) + "," + std::to_string(y) + "]";
    }
    std::string place() {
        switch (below(5)) {
            case 0: return R"({"type":"Point","coordinates":)" + position() + "}";
            case 1: return "[" + position() + "," + position() + "]";
            case 2: return chance(50) ? "[]" : "\"nowhere\"";
            default: return position();
        }
    }
    std::string shape() {
        const double x = between(-180, 180);
        const double y = between(-89, 89);
        const double size = chance(50) ? between(0, 5) : between(0, 60);
        const auto at = [&](double dx, double dy) {
            double lon = x + dx;
            if (lon > 180) lon -= 360;
            if (lon < -180) lon += 360;
            const double lat = std::min(90.0, std::max(-90.0, y + dy));
            return "[" + std::to_string(lon) + "," + std::to_string(lat) + "]";
        };
        switch (below(5)) {
            case 0: return R"({"$box":[)" + position() + "," + position() + "]}";
            case 1: return R"({"$polygon":[)" + position() + "," + position() + "," + position() + "]}";
            case 2: return R"({"$center":[)" + position() + "," + std::to_string(size) + "]}";
            case 3: return R"({"$centerSphere":[)" + position() + "," + std::to_string(size / 57) + "]}";
            default:
                return R"({"$geometry":{"type":"Polygon","coordinates":[[)" + at(0, 0) + "," + at(size, 0) +
                       "," + at(size, size) + "," + at(0, size) + "," + at(0, 0) + "]]}}";
        }
    }
    std::string near() {
        std::string bounds;
        const bool metres = chance(60);
        if (chance(50)) bounds += R"(,"$maxDistance":)" + std::to_string(between(0, metres ? 3e6 : 2));
        if (chance(20)) bounds += R"(,"$minDistance":)" + std::to_string(between(0, metres ? 1e6 : 1));
        if (metres)
            return R"({"$near":{"$geometry":{"type":"Point","coordinates":)" + position() + "}" + bounds +
                   "}}";
        return (chance(50) ? R"({"$near":)" : R"({"$nearSphere":)") + position() + bounds + "}";
    }

private:
    std::mt19937_64 engine_;
};

class SearchTwins {
public:
    explicit SearchTwins(std::uint32_t seed)
        : random(seed), sqlite_stack_({"sqlite", Base::Sqlite, false, true}, [this](SqliteOptions& options) {
              options.inline_rows = 1 + random.below(40);
              options.slice_rows = 1 + random.below(40);
              options.instant_index_records = random.below(100);
          }) {
        oracle.make();
        sqlite.make();
    }

    void write_both(const std::string& id) {
        if (random.chance(20)) {
            for (Store* store : {&oracle, &sqlite}) std::ignore = store->write({store->removal(id)});
            return;
        }
        const std::string record = R"({"n":)" + std::to_string(random.below(5)) + R"(,"a":")" +
                                   random.text(6) + R"(","b":[")" + random.text(3) + R"("],"at":)" +
                                   random.place() + "}";
        for (Store* store : {&oracle, &sqlite}) store->must(store->put(id, record, true));
    }

    void ask_both(const std::string& filter, const query::Sort& sort) {
        SCOPED_TRACE(filter);
        std::string after;
        for (int pages = 0; pages < 4; ++pages) {
            FindRequest request = oracle.request("{}");
            request.filter = search_of(filter, texts);
            request.sort = sort;
            request.limit = 1 + random.below(15);
            request.offset = random.chance(10) ? random.below(5) : 0;
            request.count_to = pages == 0 ? random.below(200) : 0;
            request.after = after;
            RankSink expected;
            RankSink given;
            const auto told = oracle.wait(oracle.engine().find(request, expected));
            const auto found = sqlite.wait(sqlite.engine().find(request, given));
            ASSERT_TRUE(told.ok() && found.ok());
            ASSERT_EQ(given.ids, expected.ids) << "limit " << request.limit << " offset " << request.offset;
            if (request.needs_rank()) {
                ASSERT_EQ(given.ranks, expected.ranks);
            }
            ASSERT_EQ(found->has_more, told->has_more);
            ASSERT_EQ(found->next, told->next);
            ASSERT_EQ(found->total, told->total);
            if (!found->has_more) break;
            after = found->next;
        }
        CountRequest counting;
        counting.database = "db_1";
        counting.collection = "things";
        counting.filter = search_of(filter, texts);
        ASSERT_EQ(sqlite.wait(sqlite.engine().count(counting))->count,
                  oracle.wait(oracle.engine().count(counting))->count);
    }

    Random random;
    IndexSpec texts = text_index("a,b", "english", {3, 1});

private:
    EngineStack oracle_stack_{{"memory", Base::Memory, false, false}};
    EngineStack sqlite_stack_;

public:
    Store oracle{oracle_stack_.top(), "db_1", "things"};
    Store sqlite{sqlite_stack_.top(), "db_1", "things"};
};

void play(std::uint32_t seed) {
    SearchTwins twins(seed);
    Random& random = twins.random;
    for (int i = 0; i < 120; ++i) twins.write_both("s" + std::to_string(random.below(90)));
    for (Store* store : {&twins.oracle, &twins.sqlite}) {
        store->build(twins.texts);
        store->build(geo_index("at"));
    }
    for (int i = 0; i < 60; ++i) twins.write_both("s" + std::to_string(random.below(90)));
    for (int i = 0; i < 40; ++i) {
        const std::string more = random.chance(30) ? R"(,"n":{"$gt":1})" : "";
        const query::Sort orders[] = {best_first(), {}, sort_of("-id"), sort_of("n")};
        twins.ask_both("{" + random.search() + more + "}", orders[random.below(4)]);
        const query::Sort places[] = {{}, sort_of("-n")};
        twins.ask_both(R"({"at":{"$geoWithin":)" + random.shape() + "}" + more + "}",
                       places[random.below(2)]);
        const query::Sort nearest[] = {query::nearest_first(), query::nearest_first(), sort_of("n")};
        twins.ask_both(R"({"at":)" + random.near() + more + "}", nearest[random.below(3)]);
        if (testing::Test::HasFatalFailure()) return;
    }
}

TEST(SearchOracle, agrees_with_the_evaluator) {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE(seed);
        play(seed);
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace credvault::storage::suite
