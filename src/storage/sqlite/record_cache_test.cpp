// Records kept in memory: never anything but the newest committed state, never more than the size.
#include "storage/sqlite/record_cache.h"

#include <atomic>
#include <climits>
#include <deque>
#include <map>
#include <random>
#include <thread>

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::TestEngine;
using testing::TextSink;

constexpr std::size_t mib = 1024 * 1024;

Result<WriteOutcome> replace(TestEngine& test, std::string_view id, std::string_view record) {
    return test.write(PutRecord{"things", id, record, false, {}});
}

std::string found(RecordCache& cache, const RecordCache::Key& key) {
    std::string text;
    return cache.find(key, text) ? text : std::string();
}

TEST(RecordCache, KeepsWhatWasReadAndTellsKeysApart) {
    RecordCache cache(mib);
    cache.keep({1, 2}, 3, "{\"n\":1}", cache.now());
    std::string text;
    EXPECT_EQ(cache.find({1, 2}, text), 3u);
    EXPECT_EQ(text, "{\"n\":1}");
    EXPECT_EQ(found(cache, {2, 2}), "");
    EXPECT_EQ(found(cache, {1, 3}), "");
}

TEST(RecordCache, GivesATransactionNothingThatWasReadAfterItBegan) {
    RecordCache cache(mib);
    const std::uint64_t early = cache.now();
    const RecordCache::Guard guards[] = {cache.shut({1, 9})};
    cache.open(guards);  // Something was committed.
    const std::uint64_t late = cache.now();
    cache.keep({1, 1}, 1, "x", late);
    std::string text;
    EXPECT_FALSE(cache.find({1, 1}, text, early));
    EXPECT_TRUE(cache.find({1, 1}, text, late));
    EXPECT_TRUE(cache.find({1, 1}, text));
}

TEST(RecordCache, TakesNothingOlderThanTheLastChange) {
    RecordCache cache(mib);
    const RecordCache::Key key{1, 1};
    const std::uint64_t before = cache.now();
    cache.keep(key, 1, "old", before);
    const RecordCache::Guard guards[] = {cache.shut(key)};
    EXPECT_EQ(found(cache, key), "") << "taken out before the change commits";
    cache.keep(key, 1, "old", cache.now());
    EXPECT_EQ(found(cache, key), "") << "a change is under way";
    cache.open(guards);
    cache.keep(key, 1, "old", before);
    EXPECT_EQ(found(cache, key), "") << "read by a transaction from before the change";
    cache.keep(key, 2, "new", cache.now());
    EXPECT_EQ(found(cache, key), "new");
}

TEST(RecordCache, StaysShutWhileAnyWriterIsAtIt) {
    RecordCache cache(mib);
    const RecordCache::Key key{1, 1};
    const RecordCache::Guard first[] = {cache.shut(key)};
    const RecordCache::Guard second[] = {cache.shut(key)};
    cache.open(first);
    cache.keep(key, 1, "x", cache.now());
    EXPECT_EQ(found(cache, key), "");
    cache.open(second);
    cache.keep(key, 1, "x", cache.now());
    EXPECT_EQ(found(cache, key), "x");
}

TEST(RecordCache, ForgetsTheOldestAndKeepsWhatIsAskedFor) {
    RecordCache cache(mib);
    const std::string text(1'000, 'x');
    cache.keep({1, -1}, 1, "wanted", cache.now());
    int kept = 0;
    for (int i = 0; i < 10'000; ++i) {
        cache.keep({1, i}, 1, text, cache.now());
        ASSERT_EQ(found(cache, {1, -1}), "wanted") << i;
    }
    for (int i = 0; i < 10'000; ++i) kept += found(cache, {1, i}) == text ? 1 : 0;
    EXPECT_GT(kept, 700);
    EXPECT_LT(kept, 1'000);  // 1,064 bytes each.
}

TEST(RecordCache, KeepsNothingLargeAndNothingWhereThereIsNoRoom) {
    RecordCache cache(mib);
    cache.keep({1, 1}, 1, std::string(RecordCache::max_record_bytes, 'x'), cache.now());
    EXPECT_EQ(found(cache, {1, 1}).size(), RecordCache::max_record_bytes);
    cache.keep({1, 2}, 1, std::string(RecordCache::max_record_bytes + 1, 'x'), cache.now());
    EXPECT_EQ(found(cache, {1, 2}), "");
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{64 * 1024 - 1}}) {
        RecordCache none(bytes);
        none.keep({1, 1}, 1, "x", none.now());
        EXPECT_EQ(found(none, {1, 1}), "");
        const RecordCache::Guard guards[] = {none.shut({1, 1})};
        none.open(guards);
    }
}

/// Every size of entry at every place of the ring, in the smallest one there is.
TEST(RecordCache, GivesBackExactlyWhatItWasGiven) {
    RecordCache cache(64 * 1024);
    std::mt19937 random(7);
    std::map<int, std::string> last;
    for (int i = 0; i < 200'000; ++i) {
        const int id = static_cast<int>(random() % 400);
        const RecordCache::Key key{1, id};
        std::string text;
        if (cache.find(key, text)) {
            ASSERT_EQ(text, last[id]);
        } else {
            last[id] = std::string(random() % (random() % 100 == 0 ? 16'000 : 300),
                                   static_cast<char>('a' + random() % 26));
            cache.keep(key, 1, last[id], cache.now());
        }
        if (random() % 10 == 0) {
            const RecordCache::Guard guards[] = {cache.shut(key)};
            cache.open(guards);
            ASSERT_EQ(found(cache, key), "");
        }
    }
}

TEST(RecordCache, AnswersReadsOfTheEngineUntilTheRecordChanges) {
    TestEngine test;
    ASSERT_TRUE(test.insert(R"({"id":"a","n":1})").ok());
    const std::string first = test.get("a");
    const std::uint64_t before = test.engine().metrics().cached_reads;
    EXPECT_EQ(test.get("a"), first);
    EXPECT_EQ(test.engine().metrics().cached_reads, before + 1);
    ASSERT_TRUE(replace(test, "a", R"({"n":2})").ok());
    EXPECT_NE(test.get("a"), first);
    ASSERT_TRUE(test.write(RemoveRecord{"things", "a", {}}).ok());
    EXPECT_EQ(test.get("a"), "");
}

/// Readers on other threads while one record is counted up: nobody may see a number that is less than one that was
/// acknowledged before he asked, or than one that he saw.
TEST(RecordCache, ReadersNeverSeeWhatWasAlreadyReplaced) {
    TestEngine test;
    for (const char* id : {"a", "b", "c"}) {
        ASSERT_TRUE(test.insert("{\"id\":\"" + std::string(id) + "\",\"n\":1000000}").ok());
    }
    std::atomic<long> acknowledged{1'000'000};
    std::atomic<bool> done{false};
    std::deque<std::thread> readers;
    std::atomic<int> wrong{0};
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            RunLoop loop;
            long seen = 0;
            while (!done) {
                const long least = std::max(seen, acknowledged.load());
                TextSink sink;
                const auto read = loop.wait(test.engine().get({"db", "things", "b"}, sink));
                const std::string& text = sink.records.empty() ? std::string() : sink.records[0];
                seen = text.empty() ? 0 : std::stol(text.substr(text.find("\"n\":") + 4, 7));
                if (!read.ok() || seen < least) ++wrong;
            }
        });
    }
    for (long n = 1'000'001; n <= 1'001'000; ++n) {
        ASSERT_TRUE(replace(test, "b", "{\"n\":" + std::to_string(n) + "}").ok());
        acknowledged = n;
    }
    done = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(test.engine().metrics().cached_reads, 0u);
}

/// Ten is moved from one record to another in one batch, again and again: whoever reads all by an index in one slice
/// finds each record once, in order, and the sum.
TEST(RecordCache, WalksAlongIndexesSeeOneStateBesideAWriter) {
    constexpr int records = 100;
    TestEngine test;
    ASSERT_TRUE(test.write(CreateIndex{"things", testing::index_of("by_n", "n")}).ok());
    const auto record = [](int i, int n) {
        return "{\"id\":\"" + std::to_string(i) + "\",\"n\":" + std::to_string(n) + "}";
    };
    for (int i = 0; i < records; ++i) ASSERT_TRUE(test.insert(record(i, 1'000)).ok());
    std::atomic<bool> done{false};
    std::atomic<int> rounds{0};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        RunLoop loop;
        while (!done) {
            FindRequest request;
            request.database = "db";
            request.collection = "things";
            request.filter = testing::filter_of(R"({"n":{"$gt":-1000000}})");
            request.sort = *query::parse_sort("n");
            request.limit = 1'000;
            TextSink sink;
            const auto found = loop.wait(test.engine().find(request, sink));
            long total = 0;
            long last = LONG_MIN;
            for (const std::string& text : sink.records) {
                const long n = std::stol(text.substr(text.find("\"n\":") + 4));
                if (n < last) ++wrong;
                last = n;
                total += n;
            }
            if (!found.ok() || found->stats.index != "by_n" || sink.records.size() != records ||
                total != 1'000L * records)
                ++wrong;
            ++rounds;
        }
    });
    std::vector<int> numbers(records, 1'000);
    for (int i = 0; i < 500 || (rounds < 100 && i < 50'000); ++i) {
        const auto from = static_cast<std::size_t>(i * 37 % records);
        const auto to = static_cast<std::size_t>(i * 11 + 1) % records;
        if (from == to) continue;
        numbers[from] -= 10;
        numbers[to] += 10;
        const std::string ids[] = {std::to_string(from), std::to_string(to)};
        const std::string changed[] = {record(static_cast<int>(from), numbers[from]),
                                       record(static_cast<int>(to), numbers[to])};
        ASSERT_TRUE(test.write({PutRecord{"things", ids[0], changed[0], false, {}},
                                PutRecord{"things", ids[1], changed[1], false, {}}})
                        .ok());
    }
    done = true;
    reader.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GE(rounds, 100);
}

}  // namespace
}  // namespace credvault::storage
