// The change log: what is in it, images, pages, positions, and who is told of commits.
#include <atomic>
#include <mutex>

#include "base/clock.h"
#include "engine/engine_test.h"
#include "storage/change_consumers.h"
#include "storage/hidden.h"

namespace credvault::storage::suite {
namespace {

ENGINE_TESTS(Changes);

class Told final : public CommitListener {
public:
    void committed(std::string_view database) override {
        std::lock_guard lock(mutex_);
        databases_.emplace_back(database);
    }
    std::vector<std::string> take() {
        std::lock_guard lock(mutex_);
        return std::exchange(databases_, {});
    }

private:
    std::mutex mutex_;
    std::vector<std::string> databases_;
};

class Set final : public RecordChange {
public:
    explicit Set(std::string text) : text_(std::move(text)) {}
    Result<std::string> apply(const json::View&) const override { return text_; }

private:
    const std::string text_;
};

struct Asked {
    std::optional<std::uint64_t> after = {};
    std::uint64_t limit = 1'000;
    std::string_view collection = {};
    bool images = false;
    bool current = false;
    bool catalogue = false;
};

Result<ChangesPage> read(Store& store, const Asked& asked, std::string_view database = "db_1") {
    ChangesRequest request;
    request.database = database;
    request.after = asked.after;
    request.limit = asked.limit;
    request.collection = asked.collection;
    request.images = asked.images;
    request.current = asked.current;
    request.catalogue = asked.catalogue;
    return store.wait(store.engine().changes(request));
}

/// "insert a, update a, drop things"
std::string told(const ChangesPage& page) {
    std::string text;
    for (const Change& change : page.changes) {
        static constexpr const char* names[] = {"?",      "insert", "update", "delete",  "drop",  "replace",
                                                "create", "alter",  "index",  "unindex", "ready", "failed"};
        if (!text.empty()) text += ", ";
        text += names[static_cast<int>(change.kind)];
        text += ' ' + (change.id.empty() ? change.collection : change.id);
    }
    return text;
}

/// With the catalogue's.
std::string all_told(Store& store, std::uint64_t after) {
    Asked asked;
    asked.after = after;
    asked.catalogue = true;
    const auto page = read(store, asked);
    EXPECT_TRUE(page.ok());
    return page.ok() ? told(*page) : "";
}

TEST_P(Changes, hold_every_write_in_order) {
    const Set change(R"({"n":2})");
    store.must(store.insertion(R"({"id":"a","n":1})"));
    const Revision changed = store.must(store.modification("a", change)).revision;
    store.must(store.modification("a", change));  // Changes nothing.
    ASSERT_TRUE(store.write({store.insertion(R"({"id":"b"})"), store.removal("a")}).ok());
    const auto page = read(store, {});
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(told(*page), "insert a, update a, insert b, delete a");
    EXPECT_FALSE(page->has_more());
    const Change& update = page->changes.at(1);
    EXPECT_EQ(update.revision, changed);
    EXPECT_EQ(update.collection, "things");
    EXPECT_EQ(update.actor, "key_test");
    EXPECT_GT(update.time_ms, 0);
    EXPECT_EQ(page->changes.at(3).revision, changed) << "a removal tells the revision that was removed";
}

TEST_P(Changes, of_a_batch_that_fails_are_none) {
    const std::uint64_t before = read(store, {})->horizon;
    store.refused({store.insertion(R"({"id":"a"})"), store.insertion(R"({"id":"a"})")});
    store.must(store.insertion(R"({"id":"b"})"));
    EXPECT_EQ(told(*read(store, {before})), "insert b");
}

TEST_P(Changes, of_the_catalogue_are_for_those_who_ask) {
    const std::uint64_t before = read(store, {})->horizon;
    store.must(CreateCollection{"others", "{}"});
    store.must(AlterCollection{"others", R"({"x":1})"});
    store.must(AlterCollection{"others", R"({"x":1})"});  // Changes nothing.
    store.must(store.index(index_of("by_n", "n")));
    store.must(store.insertion(R"({"id":"a"})"));
    store.must(DropIndex{"things", "by_n"});
    store.must(DropCollection{"others"});
    EXPECT_EQ(all_told(store, before),
              "create others, alter others, index by_n, ready by_n, insert a, unindex by_n, drop others");
    EXPECT_EQ(told(*read(store, {before})), "insert a, drop others");
    Asked asked{before};
    asked.catalogue = true;
    asked.collection = "things";
    const auto page = read(store, asked);
    EXPECT_EQ(told(*page), "index by_n, ready by_n, insert a, unindex by_n");
    EXPECT_EQ(page->changes.at(0).collection, "things");
    EXPECT_EQ(page->changes.at(0).actor, "key_test");
    EXPECT_GT(page->changes.at(0).time_ms, 0);
}

TEST_P(Changes, of_the_catalogue_are_part_of_their_batch) {
    const std::uint64_t before = read(store, {})->horizon;
    store.refused({CreateCollection{"others", "{}"}, store.index(index_of("by_n", "n")),
                   AlterCollection{"nowhere", "{}"}});
    EXPECT_EQ(all_told(store, before), "");
    store.must(store.insertion(R"({"id":"a"})"));
    EXPECT_EQ(all_told(store, before), "insert a");
}

TEST_P(Changes, tell_of_a_published_collection_whether_it_is_new) {
    const std::uint64_t before = read(store, {})->horizon;
    for (int i = 0; i < 2; ++i) {
        const std::string hidden = hidden_name(now_ms());
        Store of_it(engine(), "db_1", hidden);
        ASSERT_TRUE(store
                        .write({CreateCollection{hidden, "{}"},
                                CreateIndex{of_it.keep(hidden), index_of("by_n", "n")},
                                AlterCollection{hidden, R"({"x":1})"}})
                        .ok());
        store.must(PublishCollection{hidden, "others"});
    }
    EXPECT_EQ(all_told(store, before), "create others, replace others, replace others");
}

TEST_P(Changes, are_read_in_pages) {
    std::vector<std::string> records;
    for (int i = 100; i < 150; ++i) records.push_back("{\"id\":\"r" + std::to_string(i) + "\"}");
    store.insert_all(records);
    std::optional<std::uint64_t> after;
    std::string all;
    for (int pages = 0; pages < 8; ++pages) {
        const auto page = read(store, {after, 7});
        ASSERT_TRUE(page.ok());
        EXPECT_EQ(page->changes.size(), pages < 7 ? 7u : 1u);
        EXPECT_EQ(page->has_more(), pages < 7);
        for (const Change& change : page->changes) all += change.id;
        after = page->position;
    }
    std::string expected;
    for (int i = 100; i < 150; ++i) expected += "r" + std::to_string(i);
    EXPECT_EQ(all, expected);
    const auto nothing = read(store, {after});
    ASSERT_TRUE(nothing.ok());
    EXPECT_TRUE(nothing->changes.empty());
    EXPECT_EQ(nothing->position, *after);
}

TEST_P(Changes, of_no_limit_tell_where_the_log_stands) {
    store.must(store.insertion(R"({"id":"a"})"));
    const auto page = read(store, {{}, 0});
    ASSERT_TRUE(page.ok());
    EXPECT_TRUE(page->changes.empty());
    EXPECT_EQ(page->position, page->oldest);
    EXPECT_EQ(told(*read(store, {page->horizon})), "");
}

TEST_P(Changes, beyond_the_end_are_refused) {
    const std::uint64_t end = read(store, {})->horizon;
    EXPECT_TRUE(read(store, {end}).ok());
    const auto ahead = read(store, {end + 1});
    ASSERT_FALSE(ahead.ok());
    EXPECT_EQ(ahead.error().code, ErrorCode::INVALID_CURSOR);
}

TEST_P(Changes, of_an_unknown_database_are_refused) {
    const auto none = read(store, {}, "db_9");
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::DATABASE_NOT_FOUND);
}

TEST_P(Changes, are_picked_by_collection) {
    Store other(engine(), "db_1", "other");
    other.must(CreateCollection{"other", "{}"});
    for (int i = 0; i < 300; ++i) store.must(store.insertion("{}"));
    other.must(other.insertion(R"({"id":"o"})"));
    const auto page = read(store, {{}, 10, "other"});
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(told(*page), "insert o");
    EXPECT_FALSE(page->has_more());
    EXPECT_EQ(read(store, {{}, 10'000, "things"})->changes.size(), 300u);
}

TEST_P(Changes, name_collections_that_are_gone) {
    store.must(store.insertion(R"({"id":"a","n":1})"));
    ASSERT_TRUE(store.write({DropCollection{"things"}, CreateCollection{"things", "{}"}}).ok());
    store.must(store.insertion(R"({"id":"a","n":2})"));
    store.must(DropCollection{"things"});
    const auto page = read(store, {{}, 100, "things", false, true});
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(told(*page), "insert a, drop things, insert a, drop things");
    for (const Change& change : page->changes) EXPECT_FALSE(change.current) << "all of it is gone";
}

TEST_P(Changes, show_the_record_as_it_is_now_where_asked) {
    const Set change(R"({"n":2})");
    store.must(store.insertion(R"({"id":"a","n":1})"));
    store.must(store.modification("a", change));
    store.must(store.insertion(R"({"id":"b"})"));
    store.must(store.removal("b"));
    EXPECT_FALSE(read(store, {})->changes.at(0).current);
    const auto page = read(store, {{}, 100, {}, false, true});
    ASSERT_EQ(page->changes.size(), 4u);
    ASSERT_TRUE(page->changes[0].current);
    EXPECT_EQ(page->changes[0].current->revision.version, 2u) << "newer than the change";
    EXPECT_EQ(page->changes[1].current->revision, page->changes[1].revision);
    EXPECT_EQ(page->changes[1].current->text, store.get("a")->text);
    EXPECT_FALSE(page->changes[2].current);
    EXPECT_FALSE(page->changes[3].current);
}

struct Kept {
    const char* option;
    bool before;
    bool after;
};

TEST_P(Changes, keep_the_images_that_the_collection_asks_for) {
    const Set change(R"({"n":2})");
    for (const Kept& kept :
         {Kept{"off", false, false}, Kept{"after", false, true}, Kept{"both", true, true}}) {
        const std::string options = std::string("{\"change_images\":\"") + kept.option + "\"}";
        store.must(AlterCollection{"things", options});
        const std::uint64_t from = read(store, {})->horizon;
        store.must(store.insertion(R"({"id":"a","n":1})"));
        const std::string first = store.get("a")->text;
        store.must(store.modification("a", change));
        const std::string second = store.get("a")->text;
        store.must(store.removal("a"));
        const auto page = read(store, {from, 100, {}, true});
        ASSERT_EQ(page->changes.size(), 3u);
        const auto image = [](bool is_kept, const std::string& text) {
            return is_kept ? std::optional(text) : std::nullopt;
        };
        EXPECT_EQ(page->changes[0].before, std::nullopt);
        EXPECT_EQ(page->changes[0].after, image(kept.after, first)) << kept.option;
        EXPECT_EQ(page->changes[1].before, image(kept.before, first)) << kept.option;
        EXPECT_EQ(page->changes[1].after, image(kept.after, second)) << kept.option;
        EXPECT_EQ(page->changes[2].before, image(kept.before, second)) << kept.option;
        EXPECT_EQ(page->changes[2].after, std::nullopt);
        const auto bare = read(store, {from});
        for (const Change& one : bare->changes) EXPECT_FALSE(one.before || one.after);
    }
}

/// Needs images of the collection "things" of the database db_1.
class Wanting final : public CommitListener {
public:
    void committed(std::string_view) override {}
    ChangeImages images(std::string_view database, std::string_view collection) const override {
        return database == "db_1" && collection == "things" ? wanted : ChangeImages::Off;
    }
    ChangeImages wanted = ChangeImages::Both;
};

TEST_P(Changes, keep_the_images_that_a_consumer_needs) {
    Wanting both, after;
    after.wanted = ChangeImages::After;
    ChangeConsumers consumers(engine());
    const Set change(R"({"n":2})");
    store.must(CreateCollection{"others", "{}"});
    const auto kept = [&] {
        const std::uint64_t from = read(store, {})->horizon;
        store.must(store.insertion(R"({"id":"a","n":1})"));
        store.must(store.modification("a", change));
        store.must(store.removal("a"));
        store.must(InsertRecord{"others", R"({"id":"b"})"});
        store.must(RemoveRecord{"others", "b", {}});
        std::string found;
        const auto page = read(store, {from, 100, {}, true});
        for (const Change& one : page->changes)
            found += std::string(one.before ? "b" : "-") + (one.after ? "a" : "-") + " ";
        return found;
    };
    EXPECT_EQ(kept(), "-- -- -- -- -- ");
    consumers.add(after);
    EXPECT_EQ(kept(), "-a -a -- -- -- ");
    consumers.add(both);
    EXPECT_EQ(kept(), "-a ba b- -- -- ");
    consumers.remove(both);
    EXPECT_EQ(kept(), "-a -a -- -- -- ");
    consumers.remove(after);
    EXPECT_EQ(kept(), "-- -- -- -- -- ");
}

TEST_P(Changes, tell_all_consumers) {
    Told first, second;
    ChangeConsumers consumers(engine());
    consumers.add(first);
    consumers.add(second);
    store.must(store.insertion(R"({"id":"a"})"));
    EXPECT_EQ(first.take(), std::vector<std::string>{"db_1"});
    EXPECT_EQ(second.take(), std::vector<std::string>{"db_1"});
    consumers.remove(first);
    store.must(store.insertion(R"({"id":"b"})"));
    EXPECT_TRUE(first.take().empty());
    EXPECT_EQ(second.take(), std::vector<std::string>{"db_1"});
    consumers.remove(second);
}

TEST_P(Changes, tell_a_listener_after_they_can_be_read) {
    Told told;
    engine().set_commit_listener(&told);
    store.must(store.insertion(R"({"id":"a"})"));
    EXPECT_EQ(told.take(), std::vector<std::string>{"db_1"});
    store.must(AlterCollection{"things", "{}"});
    store.refused({store.insertion(R"({"id":"a"})")});
    EXPECT_TRUE(told.take().empty()) << "nothing was logged";
    store.must(DropCollection{"things"});
    EXPECT_EQ(told.take(), std::vector<std::string>{"db_1"});
    ASSERT_TRUE(store.wait(engine().drop_database("db_1")).ok());
    EXPECT_EQ(told.take(), std::vector<std::string>{"db_1"});
    engine().set_commit_listener(nullptr);
}

}  // namespace
}  // namespace credvault::storage::suite
