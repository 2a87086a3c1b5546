// Pipelines whose leading stages the store answers (its indexes, its order, its limit) against the same ones that it
// can't see into, and against the oracle, which looks at every record: random pipelines over random records and
// indexes. CREDVAULT_SEED begins at another seed, CREDVAULT_ORACLE_ROUNDS plays more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/worker_pool.h"
#include "documents/aggregations.h"
#include "engine/engine_stack.h"
#include "engine/random_json.h"
#include "engine/store.h"

namespace credvault::storage::suite {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Where two lists of results part, for the reader of a failure; empty where they are the same.
std::string difference(const std::vector<std::string>& got, const std::vector<std::string>& expected) {
    if (got == expected) return {};
    std::size_t at = 0;
    while (at < got.size() && at < expected.size() && got[at] == expected[at]) ++at;
    return std::to_string(got.size()) + " results instead of " + std::to_string(expected.size()) +
           "; number " + std::to_string(at) + " is\n  " +
           (at < got.size() ? got[at].substr(0, 500) : "missing") + "\ninstead of\n  " +
           (at < expected.size() ? expected[at].substr(0, 500) : "nothing") + "\n";
}

/// Stages as text, and what may be compared of the results.
struct RandomPipeline {
    std::string stages;    ///< Without brackets.
    bool in_order = true;  ///< Else the results come in any.

    void add(const std::string& stage) { stages += (stages.empty() ? "" : ",") + stage; }
    std::string text() const { return "[" + stages + "]"; }
    /// The same, behind a stage that changes nothing and that no store does.
    std::string hidden() const {
        return "[{\"$unset\":\"never_there\"}" + (stages.empty() ? "" : "," + stages) + "]";
    }
};

std::string sort_stage(RandomJson& random) {
    std::string text;
    for (const char* const name : {"a", "b", "t", "n.x"}) {
        if (!random.chance(0.4)) continue;
        text +=
            std::string(text.empty() ? "" : ",") + "\"" + name + "\":" + (random.chance(0.5) ? "1" : "-1");
    }
    if (text.empty()) text = random.chance(0.5) ? "\"id\":1" : "\"id\":-1";
    return "{\"$sort\":{" + text + "}}";
}

RandomPipeline random_pipeline(RandomJson& random) {
    RandomPipeline made;
    const std::size_t size = 1 + random.below(5);
    for (std::size_t i = 0; i < size; ++i) {
        switch (random.below(8)) {
            case 0:
            case 1:
            case 2: made.add("{\"$match\":" + random.filter() + "}"); break;
            case 3:
            case 4: made.add(sort_stage(random)); break;
            case 5: made.add("{\"$skip\":" + std::to_string(random.below(12)) + "}"); break;
            case 6: made.add("{\"$limit\":" + std::to_string(1 + random.below(30)) + "}"); break;
            default: made.add("{\"$set\":{\"s\":\"$" + random.path() + "\"}}"); break;
        }
    }
    if (random.chance(0.3)) {
        // What groups hold does not depend on the order that their documents come in: 0 and 0.0 are one key, and which
        // is shown is the first.
        made.add(
            R"({"$group":{"_id":{"$type":"$a"},"n":{"$sum":1},"least":{"$min":"$id"},"most":{"$max":"$id"}}})");
        made.in_order = false;
    } else if (random.chance(0.2)) {
        made.add(R"({"$unwind":{"path":"$t","preserveNullAndEmptyArrays":true}})");
    }
    return made;
}

class PipelineOracle : public testing::Test {
protected:
    std::uint64_t first_seed = from_environment("CREDVAULT_SEED", 1);
    std::uint64_t rounds = from_environment("CREDVAULT_ORACLE_ROUNDS", 10);
    WorkerPool pool{{"pipelines", 2, 64, 0}};
    documents::QuerySettings settings;

    /// The results as texts, without times; or the error.
    std::vector<std::string> results(Store& store, const std::string& pipeline, bool in_order) {
        documents::Aggregations aggregations(store.engine(), pool, settings);
        documents::DatabaseEntry entry;
        entry.id = "db_1";
        const auto database = std::make_shared<const documents::DatabaseEntry>(std::move(entry));
        documents::AggregateQuery query;
        query.pipeline = canonical(pipeline);
        const auto page = store.wait(aggregations.page(documents::Place(database, "things"), query, {}));
        if (!page.ok()) return {std::string(error_name(page.error().code)) + " " + page.error().message};
        std::vector<std::string> texts;
        for (const json::View row : json::View(page->rows).elements()) texts.push_back(without_times(row));
        if (!in_order) std::sort(texts.begin(), texts.end());
        return texts;
    }
    static std::string without_times(const json::View& row) {
        json::Value value(row);
        value.remove("created_at");
        value.remove("updated_at");
        // Of records that have the same one, or of a time.
        if (const json::Value* set = value.find("s");
            set != nullptr && set->is_string() && set->as_string().ends_with("Z"))
            value.remove("s");
        return value.text();
    }
    void fill(Store& store, std::uint64_t seed) {
        RandomJson random(seed);
        std::vector<std::string> records;
        for (int i = 0; i < 120; ++i) {
            const std::string fields = random.fields();
            records.push_back("{\"id\":\"s" + std::to_string(i) + "\"" +
                              (fields.empty() ? "" : "," + fields) + "}");
        }
        store.make();
        store.insert_all(records);
    }
};

TEST_F(PipelineOracle, pushed_down_stages_give_what_they_give_as_stages) {
    for (std::uint64_t seed = first_seed; seed < first_seed + rounds && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE("CREDVAULT_SEED=" + std::to_string(seed));
        RandomJson random(seed);
        EngineStack oracle_stack({"memory", Base::Memory, false, false});
        EngineStack sqlite_stack({"sqlite", Base::Sqlite, false, true}, [&](SqliteOptions& options) {
            options.inline_rows = 1 + random.below(60);
            options.slice_rows = 1 + random.below(60);
        });
        Store oracle(oracle_stack.top(), "db_1", "things");
        Store sqlite(sqlite_stack.top(), "db_1", "things");
        fill(oracle, seed);
        fill(sqlite, seed);
        for (std::size_t i = random.below(4); i > 0; --i)
            sqlite.build(
                index_of("index_" + std::to_string(i), random.index_fields(), false, random.chance(0.3)));
        for (int i = 0; i < 40; ++i) {
            const RandomPipeline pipeline = random_pipeline(random);
            SCOPED_TRACE(pipeline.text());
            const auto expected = results(oracle, pipeline.hidden(), pipeline.in_order);
            ASSERT_EQ(difference(results(sqlite, pipeline.hidden(), pipeline.in_order), expected), "");
            ASSERT_EQ(difference(results(sqlite, pipeline.text(), pipeline.in_order), expected), "");
            ASSERT_EQ(difference(results(oracle, pipeline.text(), pipeline.in_order), expected), "");
        }
    }
}

}  // namespace
}  // namespace credvault::storage::suite
