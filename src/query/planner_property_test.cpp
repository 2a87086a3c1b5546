// Plans against brute force: random records, indexes, filters and sorts; each plan is walked over indexes that are
// plain sorted vectors, and must give what looking at every record gives, in whole and page by page.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "query/key_testing.h"
#include "query/planner.h"

namespace credvault::query {
namespace {

struct Entry {
    IndexEntry entry;
    std::size_t record = 0;
};

/// How often each kind of plan was tried, so that none goes untested unseen.
std::map<std::string, int> tried;

struct Collection {
    std::vector<std::string> texts;
    std::vector<std::string> ids;
    std::vector<IndexShape> shapes;
    std::vector<std::vector<Entry>> indexes;

    json::View record(std::size_t i) const { return json::View(texts[i]); }
};

/// On both sides of where keys are cut.
std::string long_text(RandomJson& random) {
    static const std::vector<std::size_t> sizes = {1'000, 1'005, 1'006, 1'020};
    return std::string(random.pick(sizes), 'x') + (random.chance(50) ? "a" : "b");
}

/// Values that meet often. `arrays` is the share of arrays, in percent.
json::Value field_value(RandomJson& random, unsigned arrays, bool long_texts) {
    static const std::vector<json::Value> few = {nullptr, 1, 2, 3, 1.0, 2.5, "a", "ab", "b", true, false};
    if (long_texts && random.chance(15)) return long_text(random);
    if (random.chance(arrays)) {
        json::Value::Array elements(random.below(4));
        for (json::Value& element : elements) element = field_value(random, arrays / 3, long_texts);
        return elements;
    }
    if (random.chance(10)) return random.object(2);
    return random.pick(few);
}

json::Value record_of(RandomJson& random, unsigned arrays, bool long_texts) {
    json::Value record = json::Value::Object();
    for (const char* name : {"a", "b", "c"}) {
        if (random.chance(80)) record.set(name, field_value(random, arrays, long_texts));
    }
    const auto item = [&] {
        json::Value object = json::Value::Object();
        for (const char* name : {"x", "y", "0"}) {
            if (random.chance(60)) object.set(name, field_value(random, arrays / 2, false));
        }
        return object;
    };
    if (random.chance(70)) {
        json::Value::Array items(random.below(4));
        for (json::Value& each : items)
            each = random.chance(85) ? item() : field_value(random, arrays, false);
        record.set("i", random.chance(arrays) ? json::Value(items) : item());
    }
    return record;
}

const std::vector<std::string> paths = {"a", "b", "c", "i.x", "i.y", "i", "i.0", "i.0.x", "id"};

Sort random_sort(RandomJson& random, std::size_t longest) {
    Sort sort;
    for (std::size_t i = random.below(longest + 1); i > 0; --i) {
        const Path path = *parse_path(random.pick(paths));
        if (std::ranges::find(sort, path, &SortKey::path) == sort.end())
            sort.push_back({path, random.chance(50)});
    }
    return sort;
}

/// A collection whose records all go into all of its indexes.
Collection random_collection(RandomJson& random) {
    Collection made;
    for (std::size_t i = random.below(4); i > 0; --i) {
        IndexShape shape;
        shape.name = "index" + std::to_string(i);
        while (shape.keys.fields.empty()) shape.keys.fields = random_sort(random, 3);
        // Two fields of one array's elements go into an index together.
        if (random.chance(20)) shape.keys.fields = *parse_sort(random.chance(50) ? "i.x,i.y" : "i.y,-i.x");
        shape.keys.sparse = random.chance(20);
        made.shapes.push_back(shape);
    }
    made.indexes.resize(made.shapes.size());
    std::vector<std::uint32_t> array_fields(made.shapes.size());
    const unsigned arrays = random.chance(40) ? 0 : 30;
    const bool long_texts = random.chance(20);
    std::set<std::string> used;
    for (std::size_t i = 0; i < 30; ++i) {
        json::Value record = record_of(random, arrays, long_texts);
        const std::string id = "r" + std::to_string(random.below(60));
        if (!used.insert(id).second) continue;
        record.set("id", id);
        const std::string text = record.text();
        std::vector<IndexKeys> all;
        for (const IndexShape& shape : made.shapes) {
            if (auto keys = index_keys(json::View(text), shape.keys); keys.ok())
                all.push_back(*std::move(keys));
        }
        if (all.size() != made.shapes.size()) continue;
        for (std::size_t k = 0; k < all.size(); ++k) {
            made.shapes[k].multikey |= all[k].multikey;
            array_fields[k] |= all[k].multikey_fields;
            made.shapes[k].cut |= all[k].cut;
            for (IndexEntry& entry : all[k].entries)
                made.indexes[k].push_back({std::move(entry), made.texts.size()});
        }
        made.texts.push_back(text);
        made.ids.push_back(id);
    }
    // Some engines know which fields hold arrays, some only that one does.
    for (std::size_t k = 0; k < made.shapes.size() && random.chance(60); ++k) {
        made.shapes[k].multikey_fields = array_fields[k];
    }
    for (auto& index : made.indexes) {
        std::ranges::sort(index, {}, [](const Entry& each) { return each.entry.key; });
    }
    return made;
}

std::string json_text(std::string_view text) { return json::Value(text).text(); }

std::string operand(RandomJson& random, const std::string& path) {
    if (path == "id" && random.chance(90)) return json_text("r" + std::to_string(random.below(60)));
    if (random.chance(8)) return json_text(long_text(random));
    return field_value(random, 10, false).text();
}

std::string list_of(RandomJson& random, const std::string& path) {
    std::string list;
    for (std::size_t i = random.below(5); i > 0; --i)
        list += (list.empty() ? "" : ",") + operand(random, path);
    return "[" + list + "]";
}

std::string predicate(RandomJson& random, const std::string& path) {
    static const std::vector<std::string> ranges = {"$gt", "$gte", "$lt", "$lte"};
    switch (random.below(13)) {
        case 0:
        case 1:
        case 2: return "{\"$eq\":" + operand(random, path) + "}";
        case 3:
        case 4: return "{\"" + random.pick(ranges) + "\":" + operand(random, path) + "}";
        case 5: return "{\"$gte\":" + operand(random, path) + ",\"$lt\":" + operand(random, path) + "}";
        case 6:
        case 12: return "{\"$in\":" + list_of(random, path) + "}";
        case 7: return std::string("{\"$exists\":") + (random.chance(60) ? "true}" : "false}");
        case 8: return random.chance(50) ? R"({"$regex":"^a"})" : R"({"$regex":"^r1.*"})";
        case 9: return "{\"$ne\":" + operand(random, path) + "}";
        case 10: return "{\"$all\":[" + operand(random, path) + "," + operand(random, path) + "]}";
        default:
            return "{\"$elemMatch\":{\"$gte\":" + operand(random, path) +
                   ",\"$lte\":" + operand(random, path) + "}}";
    }
}

/// Some index's fields, in their order; none where there is no index.
Sort indexed_fields(RandomJson& random, const Collection& collection) {
    return collection.shapes.empty() ? Sort() : random.pick(collection.shapes).keys.fields;
}

/// Often what an index could give: its fields, or those behind the first ones, in its direction or against it.
Sort wanted_sort(RandomJson& random, const Collection& collection) {
    Sort sort = indexed_fields(random, collection);
    if (sort.empty() || random.chance(40)) return random_sort(random, 3);
    const std::size_t skipped = random.below(sort.size() + 1);
    sort.erase(sort.begin(), sort.begin() + static_cast<std::ptrdiff_t>(skipped));
    const bool turned = random.chance(50);
    for (SortKey& key : sort) key.descending = key.descending != turned;
    return sort;
}

std::string random_filter(RandomJson& random, const Collection& collection) {
    const Sort fields = indexed_fields(random, collection);
    std::string conjuncts;
    for (std::size_t i = random.below(4); i > 0; --i) {
        const bool is_indexed = !fields.empty() && random.chance(75);
        const std::string path =
            is_indexed ? fields[random.below(fields.size())].path.text : random.pick(paths);
        std::string conjunct = "{" + json_text(path) + ":" + predicate(random, path) + "}";
        if (random.chance(8)) {
            conjunct = "{\"$or\":[" + conjunct + ",{" + json_text(path) + ":" + operand(random, path) + "}]}";
        } else if (random.chance(6)) {
            conjunct = R"({"i":{"$elemMatch":{"x":)" + predicate(random, "x") + R"(,"y":)" +
                       operand(random, "y") + "}}}";
        }
        conjuncts += (conjuncts.empty() ? "" : ",") + conjunct;
    }
    return conjuncts.empty() ? "{}" : "{\"$and\":[" + conjuncts + "]}";
}

/// One query over one collection, answered by plan and by brute force.
class Trial {
public:
    Trial(const Collection& collection, std::string text, Sort sort, RandomJson& random)
        : collection_(collection),
          text_(std::move(text)),
          filter_(*parse_filter(json::View(text_))),
          sort_(std::move(sort)) {
        any_order_ = random.chance(20);
        has_limit_ = random.chance(50);
    }

    void run(RandomJson& random) {
        const QueryShape query{filter_, sort_, any_order_, has_limit_};
        const Plan plan = make_plan(query, collection_.shapes);
        SCOPED_TRACE(explain(plan, query));
        count(plan);
        const auto expected = brute_force();
        auto rows = walk(plan);
        check_claims(plan, rows);
        std::erase_if(rows, [this](std::size_t i) { return !filter_.matches(collection_.record(i)); });
        if (any_order_ || !plan.ordered || !plan.distinct_rows) sort_rows(rows);
        ASSERT_EQ(rows, expected);
        if (!any_order_ && plan.ordered) check_pages(plan, query, expected, random);
    }

private:
    std::string explain(const Plan& plan, const QueryShape& query) const {
        std::string text = text_ + " by " + sort_text(sort_) + (any_order_ ? " (any order)" : "") + ": " +
                           describe(plan, query, collection_.shapes);
        for (const IndexShape& shape : collection_.shapes) {
            text += "\n  index " + sort_text(shape.keys.fields) + (shape.keys.sparse ? " sparse" : "") +
                    (shape.multikey ? " multikey" : "") + (shape.cut ? " cut" : "");
        }
        return text;
    }

    void count(const Plan& plan) const {
        static const char* const names[] = {"nothing", "ids", "id range", "index", "scan"};
        const std::string name = names[static_cast<int>(plan.access)];
        ++tried[name];
        if (plan.ordered && !any_order_) ++tried[name + " in order" + (plan.reverse ? " reversed" : "")];
        if (plan.exact && !filter_.matches_everything()) ++tried[name + " exact"];
        if (plan.access != Access::Index) return;
        const IndexShape& shape = collection_.shapes[plan.index];
        const bool is_ordered = plan.ordered && !any_order_;
        if (plan.ranges.size() > 1) ++tried[is_ordered ? "ranges in order" : "ranges"];
        if (plan.only_marked) ++tried[is_ordered ? "marked in order" : "marked"];
        if (!plan.distinct_rows) ++tried["repeats"];
        if (shape.multikey && is_ordered && !plan.only_marked) ++tried["arrays in order"];
        if (shape.multikey && plan.exact) ++tried["arrays exact"];
        if (shape.cut) ++tried[is_ordered ? "cut in order" : "cut"];
        if (shape.keys.sparse) ++tried["sparse"];
        for (const PositionPart& part : plan.parts) {
            if (is_ordered && !part.sort_key && !sort_.empty()) ++tried["fixed field in order"];
        }
    }

    std::string position(std::size_t i) const {
        std::string bytes;
        append_position(bytes, collection_.record(i), sort_);
        return bytes;
    }

    void sort_rows(std::vector<std::size_t>& rows) const {
        std::ranges::sort(rows, {}, [this](std::size_t i) { return position(i); });
        const auto [begin, end] = std::ranges::unique(rows);
        rows.erase(begin, end);
    }

    std::vector<std::size_t> brute_force() const {
        std::vector<std::size_t> rows;
        for (std::size_t i = 0; i < collection_.texts.size(); ++i) {
            if (filter_.matches(collection_.record(i))) rows.push_back(i);
        }
        sort_rows(rows);
        return rows;
    }

    static bool is_within(const KeyRange& range, std::string_view key) {
        return key >= range.low && (range.high.empty() || key < range.high);
    }

    /// What lies in the plan's ranges, in the order of the walk.
    std::vector<std::size_t> walk(const Plan& plan) const {
        std::vector<std::size_t> rows;
        std::map<std::string, std::size_t> by_id;
        for (std::size_t i = 0; i < collection_.ids.size(); ++i) by_id[collection_.ids[i]] = i;
        if (plan.access == Access::Scan) {
            for (std::size_t i = 0; i < collection_.texts.size(); ++i) rows.push_back(i);
        } else if (plan.access == Access::Ids) {
            for (const std::string& id : plan.ids) {
                if (by_id.contains(id)) rows.push_back(by_id[id]);
            }
        } else if (plan.access == Access::Index || plan.access == Access::IdRange) {
            for (const KeyRange& range : plan.ranges) {
                std::vector<std::size_t> part =
                    plan.access == Access::Index ? entries(plan, range) : id_range(by_id, range);
                if (plan.reverse) std::ranges::reverse(part);
                rows.insert(rows.end(), part.begin(), part.end());
            }
        }
        return rows;
    }

    std::vector<std::size_t> entries(const Plan& plan, const KeyRange& range) const {
        std::vector<std::size_t> rows;
        for (const Entry& each : collection_.indexes[plan.index]) {
            if (!is_within(range, each.entry.key)) continue;
            if (plan.only_marked && !(plan.reverse ? each.entry.greatest : each.entry.least)) continue;
            rows.push_back(each.record);
        }
        return rows;
    }

    static std::vector<std::size_t> id_range(const std::map<std::string, std::size_t>& by_id,
                                             const KeyRange& range) {
        std::vector<std::size_t> rows;
        for (const auto& [id, record] : by_id) {
            std::string key;
            append_id_key(key, id, false);
            if (is_within(range, key)) rows.push_back(record);
        }
        return rows;
    }

    void check_claims(const Plan& plan, const std::vector<std::size_t>& rows) const {
        const std::set<std::size_t> different(rows.begin(), rows.end());
        if (plan.distinct_rows) {
            EXPECT_EQ(different.size(), rows.size());
        }
        for (const std::size_t row : rows) {
            if (!plan.exact) break;
            EXPECT_TRUE(filter_.matches(collection_.record(row))) << collection_.texts[row];
        }
        for (std::size_t i = 1; i < plan.ranges.size(); ++i) {
            const KeyRange& low = plan.ranges[plan.reverse ? i : i - 1];
            const KeyRange& high = plan.ranges[plan.reverse ? i - 1 : i];
            EXPECT_LE(low.high, high.low);
        }
        // What is found in order is not looked at again, so it has to be found once.
        if (!any_order_) {
            EXPECT_TRUE(plan.distinct_rows || !plan.ordered);
        }
    }

    void check_pages(const Plan& plan, const QueryShape& query, const std::vector<std::size_t>& expected,
                     RandomJson& random) {
        std::vector<std::size_t> seen;
        Plan rest = plan;
        while (seen.size() <= expected.size()) {
            std::vector<std::size_t> rows = walk(rest);
            std::erase_if(rows, [this](std::size_t i) { return !filter_.matches(collection_.record(i)); });
            if (rows.empty()) break;
            rows.resize(std::min(rows.size(), 1 + random.below(4)));
            seen.insert(seen.end(), rows.begin(), rows.end());
            rest = make_plan(query, collection_.shapes);
            continue_after(rest, position(rows.back()), query, collection_.shapes);
        }
        ASSERT_EQ(seen, expected);
    }

    const Collection& collection_;
    std::string text_;
    Filter filter_;
    Sort sort_;
    bool any_order_ = false;
    bool has_limit_ = false;
};

TEST(PlannerProperty, GivesWhatBruteForceGives) {
    RandomJson random(11);
    for (int i = 0; i < 2'500; ++i) {
        const Collection collection = random_collection(random);
        for (int query = 0; query < 40; ++query) {
            Trial trial(collection, random_filter(random, collection), wanted_sort(random, collection),
                        random);
            trial.run(random);
            if (testing::Test::HasFailure()) return;
        }
    }
    for (const char* kind : {"ids",
                             "ids in order",
                             "ids in order reversed",
                             "ids exact",
                             "id range",
                             "id range in order",
                             "id range in order reversed",
                             "id range exact",
                             "index",
                             "index in order",
                             "index in order reversed",
                             "index exact",
                             "ranges",
                             "ranges in order",
                             "marked",
                             "marked in order",
                             "repeats",
                             "arrays in order",
                             "arrays exact",
                             "cut",
                             "cut in order",
                             "sparse",
                             "fixed field in order",
                             "nothing",
                             "scan"}) {
        EXPECT_GE(tried[kind], 5) << kind;
    }
}

}  // namespace
}  // namespace credvault::query
