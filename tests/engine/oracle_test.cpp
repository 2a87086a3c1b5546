// SQLite against the oracle: random collections, indexes, writes, filters, sorts and pages must have the same answers,
// byte for byte and in the same order. CREDVAULT_SEED begins at another seed, CREDVAULT_ORACLE_ROUNDS plays more.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "engine/engine_stack.h"
#include "engine/query_update.h"
#include "engine/random_json.h"
#include "engine/store.h"
#include "json/canonical.h"

namespace credvault::storage::suite {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// The record without its times, which differ from engine to engine.
std::string comparable(const std::string& record) {
    std::string text = record;
    for (const std::string_view name : {"\"created_at\":\"", "\"updated_at\":\""}) {
        const std::size_t at = text.rfind(name);
        if (at != std::string::npos) text.replace(at + name.size(), 24, "-");
    }
    return text;
}

std::vector<std::string> comparable(const std::vector<StoredRow>& rows) {
    std::vector<std::string> texts;
    for (const StoredRow& row : rows) texts.push_back(comparable(row.text));
    return texts;
}

std::string shortened(const std::string& text) {
    return text.size() <= 600 ? text : text.substr(0, 500) + "…" + text.substr(text.size() - 80);
}

/// Where two lists of rows part, for the reader of a failure; empty where they are the same.
std::string difference(const std::vector<std::string>& got, const std::vector<std::string>& expected) {
    if (got == expected) return {};
    std::size_t at = 0;
    while (at < got.size() && at < expected.size() && got[at] == expected[at]) ++at;
    return std::to_string(got.size()) + " rows instead of " + std::to_string(expected.size()) + "; row " +
           std::to_string(at) + " is\n  " + (at < got.size() ? shortened(got[at]) : "missing") +
           "\ninstead of\n  " + (at < expected.size() ? shortened(expected[at]) : "nothing") + "\n";
}

std::string outcome_text(const Result<WriteOutcome>& outcome) {
    if (!outcome.ok()) {
        return std::string(error_name(outcome.error().code)) + " " + outcome.error().field + " " +
               outcome.error().message;
    }
    std::string text;
    for (const OperationOutcome& one : outcome->operations) {
        text += std::to_string(static_cast<int>(one.effect)) + " " + std::to_string(one.matched) + " " +
                std::to_string(one.modified) + " " + comparable(one.record) + " " + comparable(one.before);
        if (one.error) text += std::string(error_name(one.error->code)) + " " + one.error->message;
        text += "\n";
    }
    return text;
}

/// The two engines with one collection each that hold the same.
class Twins {
public:
    explicit Twins(std::uint64_t seed, bool contract = true)
        : random(seed),
          sqlite_stack_({"sqlite", Base::Sqlite, false, contract}, [this](SqliteOptions& options) {
              options.inline_rows = 1 + random.below(60);
              options.slice_rows = 1 + random.below(60);
              options.instant_index_records = random.below(120);
          }) {
        oracle.make();
        sqlite.make();
    }

    /// The same random batch to both; they must say the same of it.
    void write_both() {
        const std::uint64_t seed = random.below(1u << 30);
        const auto outcome = outcome_text(random_batch(oracle, seed));
        ASSERT_EQ(outcome_text(random_batch(sqlite, seed)), outcome) << indexes;
    }

    void create_index(int number) {
        const std::string name = "index_" + std::to_string(number);
        const IndexSpec spec = index_of(name, random.index_fields(), random.chance(0.15), random.chance(0.3));
        indexes += name + ": " + query::sort_text(spec.keys.fields) + (spec.unique ? " unique" : "") +
                   (spec.keys.sparse ? " sparse" : "") + "\n";
        const IndexInfo expected = oracle.build(spec);
        const IndexInfo built = sqlite.build(spec);
        // Of several records that do not allow the index each engine names the one that it comes by first.
        ASSERT_EQ(built.state, expected.state) << indexes << built.failure << expected.failure;
    }

    RandomJson random;
    std::string indexes;

private:
    Result<WriteOutcome> random_batch(Store& store, std::uint64_t seed) {
        RandomJson own(seed);
        std::vector<Operation> operations;
        const std::size_t size = 1 + own.below(own.chance(0.2) ? 20 : 3);
        for (std::size_t i = 0; i < size; ++i) {
            const std::string id = "s" + std::to_string(own.below(80));
            const std::string fields = own.fields();
            if (own.chance(0.3)) {
                add_update(own, operations);
            } else if (own.chance(0.2)) {
                operations.emplace_back(store.removal(id));
            } else if (own.chance(0.4)) {
                operations.emplace_back(store.put(id, "{" + fields + "}", own.chance(0.8)));
            } else {
                operations.emplace_back(
                    store.insertion(R"({"id":")" + id + R"(")" + (fields.empty() ? "" : "," + fields) + "}"));
            }
        }
        WriteBatch batch = store.batch(std::move(operations));
        batch.want_before = own.chance(0.5);
        batch.on_failure = static_cast<OnFailure>(own.below(3));
        auto outcome = store.wait(store.engine().write(batch));
        updates_.clear();
        return outcome;
    }

    /// A random update or removal of what a random filter finds.
    void add_update(RandomJson& own, std::vector<Operation>& operations) {
        const std::string filter =
            own.chance(0.3) ? R"({"id":"s)" + std::to_string(own.below(80)) + "\"}" : own.filter();
        const std::uint64_t limit = own.chance(0.7) ? 1 : no_limit;
        const query::Sort sort = sort_of(own.sort());
        const std::string update = canonical(own.update());
        if (own.chance(0.1)) {
            operations.emplace_back(RemoveMatches{"things", filter_of(filter), sort, 1});
        } else if (query::Update::parse(json::View(update)).ok()) {
            updates_.push_back(std::make_unique<QueryUpdate>(update, filter));
            operations.emplace_back(
                ModifyMatches{"things", filter_of(filter), sort, limit, updates_.back().get(), false});
        } else {
            operations.emplace_back(CheckMatches{"things", filter_of(filter), own.chance(0.5)});
        }
    }

    std::vector<std::unique_ptr<QueryUpdate>> updates_;

    EngineStack oracle_stack_{{"memory", Base::Memory, false, false}};
    EngineStack sqlite_stack_;

public:
    Store oracle{oracle_stack_.top(), "db_1", "things"};
    Store sqlite{sqlite_stack_.top(), "db_1", "things"};
};

struct Question {
    std::string filter;
    std::string sort;
    std::uint64_t limit = no_limit;
    std::uint64_t offset = 0;
    std::uint64_t count_to = 0;
    bool any_order = false;

    FindRequest request(Store& store) const {
        FindRequest request = store.request(filter, sort);
        request.limit = limit;
        request.offset = offset;
        request.count_to = count_to;
        request.any_order = any_order;
        request.explain = true;
        return request;
    }
    std::string text() const {
        return "filter " + filter + " sort '" + sort + "' limit " + std::to_string(limit) + " offset " +
               std::to_string(offset) + " count_to " + std::to_string(count_to) +
               (any_order ? " any order" : "");
    }
};

Question random_question(RandomJson& random) {
    Question question{random.filter(), random.sort()};
    if (random.chance(0.5)) question.limit = 1 + random.below(20);
    if (random.chance(0.2)) question.offset = random.below(30);
    if (random.chance(0.4)) question.count_to = random.chance(0.3) ? no_limit : 1 + random.below(40);
    question.any_order = random.chance(0.1);
    return question;
}

void expect_same(Twins& twins, const Question& question) {
    Page expected = twins.oracle.find(question.request(twins.oracle));
    Page got = twins.sqlite.find(question.request(twins.sqlite));
    SCOPED_TRACE(question.text() + "\n" + twins.indexes +
                 "plan: " + (got.result.ok() ? got.result->stats.plan : ""));
    ASSERT_TRUE(expected.result.ok()) << expected.result.error().message;
    ASSERT_TRUE(got.result.ok()) << got.result.error().message << " " << got.result.error().cause;
    auto texts = comparable(got.rows);
    auto expected_texts = comparable(expected.rows);
    if (!question.any_order) {
        ASSERT_EQ(difference(texts, expected_texts), "");
    } else if (question.limit < no_limit || question.offset > 0) {
        ASSERT_EQ(texts.size(), expected_texts.size());
    } else {
        std::sort(texts.begin(), texts.end());
        std::sort(expected_texts.begin(), expected_texts.end());
        ASSERT_EQ(difference(texts, expected_texts), "");
    }
    ASSERT_EQ(got.result->has_more, expected.result->has_more);
    if (!question.any_order) {
        ASSERT_EQ(got.result->next, expected.result->next);
    }
    ASSERT_EQ(got.result->total, expected.result->total);
    ASSERT_EQ(got.result->total_is_exact, expected.result->total_is_exact);
    ASSERT_EQ(twins.sqlite.count(question.filter), twins.oracle.count(question.filter));
}

/// Walks both by cursors, in pages of one size.
void expect_same_pages(Twins& twins, Question question, std::uint64_t size) {
    question.limit = size;
    question.offset = 0;
    question.any_order = false;
    FindRequest oracle_request = question.request(twins.oracle);
    FindRequest sqlite_request = question.request(twins.sqlite);
    for (int number = 0; number < 200; ++number) {
        const Page expected = twins.oracle.find(oracle_request);
        const Page got = twins.sqlite.find(sqlite_request);
        SCOPED_TRACE(question.text() + "\npage " + std::to_string(number) + "\n" + twins.indexes +
                     "plan: " + (got.result.ok() ? got.result->stats.plan : ""));
        ASSERT_TRUE(got.result.ok()) << got.result.error().message << " " << got.result.error().cause;
        ASSERT_EQ(difference(comparable(got.rows), comparable(expected.rows)), "");
        ASSERT_EQ(got.result->next, expected.result->next);
        ASSERT_EQ(got.result->total, expected.result->total);
        if (!expected.result->has_more) return;
        oracle_request.after = expected.result->next;
        sqlite_request.after = got.result->next;
    }
}

class Oracle : public testing::Test {
protected:
    std::uint64_t first_seed = from_environment("CREDVAULT_SEED", 1);
    std::uint64_t rounds = from_environment("CREDVAULT_ORACLE_ROUNDS", 25);
};

TEST_F(Oracle, answers_as_sqlite_does) {
    for (std::uint64_t seed = first_seed; seed < first_seed + rounds && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE("CREDVAULT_SEED=" + std::to_string(seed));
        Twins twins(seed);
        const std::size_t indexes = twins.random.below(5);
        const std::size_t batches = 20 + twins.random.below(60);
        for (std::size_t i = 0; i < batches; ++i) {
            twins.write_both();
            if (i % 10 == 9 && i / 10 < indexes) twins.create_index(static_cast<int>(i / 10));
            if (HasFatalFailure()) return;
        }
        for (int i = 0; i < 60; ++i) {
            expect_same(twins, random_question(twins.random));
            if (HasFatalFailure()) return;
            if (i % 4 == 0)
                expect_same_pages(twins, random_question(twins.random), 1 + twins.random.below(12));
            if (HasFatalFailure()) return;
            if (i % 10 == 0) twins.write_both();
        }
    }
}

/// Writes records with ids from "v", again and again, until it is told to stop.
class Disturbance {
public:
    Disturbance(Engine& engine, std::uint64_t seed) : thread_([this, &engine, seed] { run(engine, seed); }) {}
    ~Disturbance() {
        stop_ = true;
        thread_.join();
    }
    std::uint64_t writes() const { return writes_; }

private:
    void run(Engine& engine, std::uint64_t seed) {
        Store store(engine, "db_1", "things");
        RandomJson random(seed);
        while (!stop_) {
            const std::string id = "v" + std::to_string(random.below(40));
            // Fails where there is none to remove or an index refuses the record: no matter.
            const Operation operation = random.chance(0.3)
                                            ? Operation(store.removal(id))
                                            : Operation(store.put(id, "{" + random.fields() + "}", true));
            (void)store.write({operation});
            ++writes_;
        }
    }

    std::atomic<bool> stop_ = false;
    std::atomic<std::uint64_t> writes_ = 0;
    std::thread thread_;
};

std::vector<std::string> stable(const std::vector<StoredRow>& rows) {
    std::vector<std::string> texts;
    for (const StoredRow& row : rows) {
        if (row.text.starts_with(R"({"id":"s)")) texts.push_back(comparable(row.text));
    }
    return texts;
}

/// The stable records of all pages.
std::vector<std::string> stable_by_pages(Store& store, const Question& question, std::uint64_t size) {
    FindRequest request = question.request(store);
    request.limit = size;
    std::vector<std::string> found;
    // There are 80 stable ids, and each page moves on; what is written meanwhile adds a few.
    for (int pages = 0; pages < 5000; ++pages) {
        const Page page = store.find(request);
        if (!page.result.ok()) {
            ADD_FAILURE() << page.result.error().message << " " << page.result.error().cause;
            return found;
        }
        const auto texts = stable(page.rows);
        found.insert(found.end(), texts.begin(), texts.end());
        if (!page.result->has_more) return found;
        request.after = page.result->next;
    }
    ADD_FAILURE() << "the pages never end; " << found.size() << " stable records so far";
    return found;
}

TEST_F(Oracle, finds_every_stable_record_once_while_others_are_written) {
    for (std::uint64_t seed = first_seed; seed < first_seed + rounds && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE("CREDVAULT_SEED=" + std::to_string(seed));
        // Without the wrapper: a record that is written meanwhile may come again elsewhere; those that stay may not.
        Twins twins(seed + 1'000'000, false);
        for (int i = 0; i < 60; ++i) twins.write_both();
        for (int i = 0; i < 3; ++i) {
            const IndexSpec spec = index_of("index_" + std::to_string(i), twins.random.index_fields());
            twins.indexes += query::sort_text(spec.keys.fields) + "\n";
            twins.sqlite.must(twins.sqlite.index(spec));
        }
        const Disturbance disturbance(twins.sqlite.engine(), seed);
        while (disturbance.writes() == 0) std::this_thread::yield();
        for (int i = 0; i < 25; ++i) {
            const Question question{twins.random.filter(), twins.random.sort()};
            const auto expected = comparable(twins.oracle.find(question.request(twins.oracle)).rows);
            const std::uint64_t size = twins.random.chance(0.3) ? no_limit : 1 + twins.random.below(15);
            SCOPED_TRACE(question.text() + "\n" + twins.indexes);
            ASSERT_EQ(difference(stable_by_pages(twins.sqlite, question, size), expected), "");
        }
    }
}

}  // namespace
}  // namespace credvault::storage::suite
