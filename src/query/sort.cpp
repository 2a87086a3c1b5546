#include "query/sort.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "json/writer.h"
#include "query/key.h"
#include "query/key_walk.h"

namespace credvault::query {
namespace {

constexpr std::string_view example = "; for instance {\"age\": -1, \"name\": 1} or \"-age,name\"";

Error wrong(std::string_view message, std::string field) {
    return Error(ErrorCode::INVALID_SORT, std::string(message), std::move(field));
}

Status add_key(Sort& sort, std::string_view name, bool descending) {
    if (sort.size() == max_sort_keys) {
        return wrong("A sort may have at most " + std::to_string(max_sort_keys) + " keys", shown_name(name));
    }
    TRY(Path path, parse_path(name, ErrorCode::INVALID_SORT));
    const auto is_operator = [](const PathPart& part) { return part.name.starts_with('$'); };
    if (std::ranges::any_of(path.parts, is_operator)) {
        return wrong("A name in a sort must not begin with '$'", shown_name(name));
    }
    if (std::ranges::find(sort, path, &SortKey::path) != sort.end()) {
        return wrong("The sort names '" + shown_name(name) + "' twice", shown_name(name));
    }
    sort.push_back({std::move(path), descending});
    return {};
}

/// 1 is ascending, -1 descending.
std::optional<bool> is_descending(const json::View& value) {
    if (!value.is_number()) return std::nullopt;
    const double direction = value.as_double();
    if (direction != 1 && direction != -1) return std::nullopt;
    return direction == -1;
}

/// Whether it is {"$meta": "textScore"}.
Result<bool> is_rank(const json::View& value, std::string_view name) {
    if (!value.is_object()) return false;
    const std::optional<json::View> meta = value.find("$meta");
    if (meta && value.size() == 1 && meta->text() == "\"textScore\"") return true;
    return wrong("A sort takes 1, -1 or {\"$meta\": \"textScore\"}", shown_name(name));
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// Keeps the least of the encodings of what an array stands for.
class LeastElement {
public:
    explicit LeastElement(const SortKey& key) : key_(key) {}

    void enter(const KeyStep& array) {
        if (array.value.empty()) {
            append_empty_array(candidate_, key_.descending);
            take();
        }
        for (const json::View element : array.value.elements()) {
            const KeyStep step = next_step(element, key_.path, array.part);
            if (step.kind == KeyStep::Kind::Array) {
                enter(step);
            } else {
                append_step(candidate_, step, key_.descending);
                take();
            }
        }
    }
    const std::string& bytes() const { return least_; }

private:
    void take() {
        // No encoding is empty, so that empty means none yet.
        if (least_.empty() || candidate_ < least_) std::swap(least_, candidate_);
        candidate_.clear();
    }

    const SortKey& key_;
    std::string least_;
    std::string candidate_;
};

}  // namespace

Result<Sort> parse_sort(const json::View& value) {
    if (value.is_string()) return parse_sort(std::string_view(value.as_string()));
    if (!value.is_object()) return wrong("A sort must be an object or a text" + std::string(example), "sort");
    Sort sort;
    for (const json::Member& member : value.members()) {
        std::string name;
        json::append_decoded(name, member.name);
        TRY(const bool rank, is_rank(member.value, name));
        const std::optional<bool> descending = rank ? true : is_descending(member.value);
        if (!descending)
            return wrong("A sort direction must be 1 or -1" + std::string(example), shown_name(name));
        if (rank && has_rank(sort)) return wrong("A sort names the score once", shown_name(name));
        TRY_VOID(add_key(sort, name, *descending));
        sort.back().rank = rank;
    }
    return sort;
}

Result<Sort> parse_sort(std::string_view comma_separated) {
    Sort sort;
    if (trimmed(comma_separated).empty()) return sort;
    for (std::size_t begin = 0; begin <= comma_separated.size();) {
        const std::size_t end = std::min(comma_separated.find(',', begin), comma_separated.size());
        std::string_view name = trimmed(comma_separated.substr(begin, end - begin));
        const bool descending = name.starts_with('-');
        if (descending || name.starts_with('+')) name = trimmed(name.substr(1));
        if (name.empty())
            return wrong("A sort must name a field between its commas" + std::string(example), "sort");
        TRY_VOID(add_key(sort, name, descending));
        begin = end + 1;
    }
    return sort;
}

std::string sort_text(const Sort& sort) {
    std::string text;
    for (const SortKey& key : sort) {
        if (!text.empty()) text.push_back(',');
        if (key.descending) {
            text.push_back('-');
        } else if (key.path.text.starts_with('-') || key.path.text.starts_with('+')) {
            text.push_back('+');
        }
        text.append(key.path.text);
    }
    return text;
}

Sort nearest_first() {
    SortKey key;
    key.path.text = "distance";
    key.rank = true;
    return {std::move(key)};
}

bool has_rank(const Sort& sort) { return std::ranges::any_of(sort, &SortKey::rank); }

bool id_descending(const Sort& sort) { return !sort.empty() && sort.back().descending && !sort.back().rank; }

void append_position(std::string& out, const json::View& record, const Sort& sort, double rank) {
    for (const SortKey& key : sort) {
        if (key.rank) {
            append_key(out, json::Value(rank), key.descending);
            continue;
        }
        const KeyStep step = first_step(record, key.path);
        if (step.kind == KeyStep::Kind::Array) {
            LeastElement least(key);
            least.enter(step);
            out.append(least.bytes());
        } else {
            append_step(out, step, key.descending);
        }
    }
    const std::optional<json::View> id = record.find("id");
    std::string scratch;
    append_id_key(out, id && id->is_string() ? id->decoded(scratch) : std::string_view(),
                  id_descending(sort));
}

}  // namespace credvault::query
