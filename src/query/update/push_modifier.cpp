// $push with $each, $slice, $sort and $position.
#include <algorithm>
#include <utility>
#include <vector>

#include "json/order.h"
#include "json/writer.h"
#include "query/path.h"
#include "query/path_walk.h"
#include "query/update/modifier.h"
#include "query/whole_number.h"

namespace credvault::query {
namespace {

/// How the array is ordered after the push.
struct PushSort {
    struct Key {
        Path path;
        bool descending;
    };
    std::vector<Key> keys;    ///< None: by the elements themselves.
    bool descending = false;  ///< Without keys.
};

struct PushPlan {
    std::vector<std::string> values;
    std::optional<std::int64_t> position;
    std::optional<std::int64_t> slice;
    std::optional<PushSort> sort;
};

/// The value that an element is sorted by; missing sorts as null.
json::View sort_value(const json::View& element, const Path& path) {
    std::optional<json::View> at = element;
    for (const PathPart& part : path.parts) {
        at = child_of(*at, part);
        if (!at) return {};
    }
    return *at;
}

bool comes_before(const PushSort& sort, const std::vector<json::View>& a, const std::vector<json::View>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto order = json::compare(a[i], b[i]);
        if (order == 0) continue;
        const bool descending = sort.keys.empty() ? sort.descending : sort.keys[i].descending;
        return descending ? std::is_gt(order) : std::is_lt(order);
    }
    return false;
}

void sort_elements(std::vector<json::View>& elements, const PushSort& sort) {
    struct Item {
        std::vector<json::View> key;
        json::View element;
    };
    std::vector<Item> items;
    items.reserve(elements.size());
    for (const json::View element : elements) {
        Item item{{}, element};
        for (const PushSort::Key& key : sort.keys) item.key.push_back(sort_value(element, key.path));
        if (sort.keys.empty()) item.key.push_back(element);
        items.push_back(std::move(item));
    }
    std::ranges::stable_sort(items,
                             [&](const Item& a, const Item& b) { return comes_before(sort, a.key, b.key); });
    std::ranges::transform(items, elements.begin(), &Item::element);
}

class Push final : public Modifier {
public:
    Push(std::string path, PushPlan plan) : Modifier("$push", std::move(path), {}), plan_(std::move(plan)) {}

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        std::vector<json::View> elements;
        if (current != nullptr) {
            if (!current->is_array()) {
                return wrong("it needs an array there; the record has " +
                             std::string(described_type(*current)));
            }
            for (const json::View element : current->elements()) elements.push_back(element);
        }
        insert_into(elements);
        if (plan_.sort) sort_elements(elements, *plan_.sort);
        const std::size_t start = out.size();
        append_slice(out, elements);
        if (current == nullptr || std::string_view(out).substr(start) != current->text())
            return Change::Written;
        out.resize(start);
        return Change::Kept;
    }

private:
    void insert_into(std::vector<json::View>& elements) const {
        const auto size = static_cast<std::int64_t>(elements.size());
        std::int64_t at = plan_.position.value_or(size);
        at = at < 0 ? std::max<std::int64_t>(0, at + size) : std::min(at, size);
        std::vector<json::View> values;
        for (const std::string& value : plan_.values) values.emplace_back(value);
        elements.insert(elements.begin() + at, values.begin(), values.end());
    }
    void append_slice(std::string& out, const std::vector<json::View>& elements) const {
        const auto size = static_cast<std::int64_t>(elements.size());
        std::int64_t begin = 0;
        std::int64_t end = size;
        if (plan_.slice && *plan_.slice >= 0) end = std::min(size, *plan_.slice);
        if (plan_.slice && *plan_.slice < 0 && *plan_.slice > -size) begin = size + *plan_.slice;
        out += '[';
        for (std::int64_t i = begin; i < end; ++i) {
            if (i > begin) out += ',';
            out += elements[static_cast<std::size_t>(i)].text();
        }
        out += ']';
    }

    PushPlan plan_;
};

Result<PushSort> parse_push_sort(std::string_view path, const json::View& spec) {
    constexpr std::string_view right = R"($sort takes 1, -1 or an object of paths such as {"score": -1})";
    const auto direction = [](const json::View& value) -> std::optional<bool> {
        const std::optional<std::int64_t> number = whole_number(value);
        if (!number || (*number != 1 && *number != -1)) return std::nullopt;
        return *number == -1;
    };
    PushSort sort;
    if (const auto descending = direction(spec)) {
        sort.descending = *descending;
        return sort;
    }
    if (!spec.is_object() || spec.empty()) return wrong_argument("$push", path, right);
    for (const json::Member& member : spec.members()) {
        const auto descending = direction(member.value);
        std::string name;
        json::append_decoded(name, member.name);
        if (!descending) return wrong_argument("$push", path, right);
        TRY(Path key, parse_path(name, ErrorCode::INVALID_UPDATE));
        sort.keys.push_back({std::move(key), *descending});
        if (sort.keys.size() > 32) return wrong_argument("$push", path, "$sort takes at most 32 paths");
    }
    return sort;
}

Status parse_clause(PushPlan& plan, std::string_view path, const json::Member& clause) {
    const std::string name(clause.name);
    if (name == "$each") {
        if (!clause.value.is_array()) return wrong_argument("$push", path, "$each takes an array");
        for (const json::View value : clause.value.elements()) plan.values.emplace_back(value.text());
        return {};
    }
    if (name == "$sort") {
        TRY(plan.sort, parse_push_sort(path, clause.value));
        return {};
    }
    if (name != "$slice" && name != "$position") {
        return wrong_argument(
            "$push", path,
            "'" + shown_name(name) + "' is unknown; $slice, $sort and $position may stand beside $each");
    }
    const std::optional<std::int64_t> number = whole_number(clause.value);
    if (!number) return wrong_argument("$push", path, name + " takes an integer");
    (name == "$slice" ? plan.slice : plan.position) =
        std::clamp<std::int64_t>(*number, -1'000'000'000, 1'000'000'000);
    return {};
}

}  // namespace

ModifierResult make_push(std::string path, const json::View& argument) {
    PushPlan plan;
    if (!argument.find("$each")) {
        plan.values.emplace_back(argument.text());
    } else {
        for (const json::Member& clause : argument.members()) TRY_VOID(parse_clause(plan, path, clause));
    }
    return std::make_unique<Push>(std::move(path), std::move(plan));
}

}  // namespace credvault::query
