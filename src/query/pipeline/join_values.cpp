#include "query/pipeline/join_values.h"

#include <algorithm>

#include "json/value.h"
#include "query/path_walk.h"
#include "query/pipeline/group_table.h"

namespace credvault::query {
namespace {

/// Follows a path, through arrays too.
class Collector {
public:
    explicit Collector(const Path& path) : path_(path) {}

    void value(const json::View& at, std::size_t part) {
        // Several numbers in a path can lead to the same value in exponentially many ways.
        if (++steps_ > max_steps) return;
        if (part == path_.parts.size()) return leaf(at);
        if (at.is_object()) {
            if (const auto child = at.find(path_.parts[part].escaped)) value(*child, part + 1);
            return;
        }
        if (!at.is_array()) return;
        met_array = true;
        std::uint32_t index = 0;
        for (const json::View element : at.elements()) {
            if (path_.parts[part].index == index++) value(element, part + 1);
            if (element.is_object()) value(element, part);
        }
    }

    std::vector<json::View> values;
    bool met_array = false;

private:
    void leaf(const json::View& at) {
        if (!at.is_array()) {
            values.push_back(at);
            return;
        }
        met_array = true;
        for (const json::View element : at.elements()) values.push_back(element);
    }

    static constexpr std::size_t max_steps = 10'000'000;

    const Path& path_;
    std::size_t steps_ = 0;
};

}  // namespace

std::string join_key(const json::View& value) {
    std::string scratch;
    return std::string(group_key(value.text(), scratch));
}

std::vector<json::View> asking_values(const json::View& document, const Path& path) {
    Collector collector(path);
    collector.value(document, 0);
    if (collector.values.empty() && !collector.met_array) collector.values.emplace_back();
    return std::move(collector.values);
}

std::vector<std::string> found_keys(const json::View& document, const Path& path) {
    std::vector<std::string> keys;
    auto visit = [&](const json::View* value, Position) {
        keys.push_back(value != nullptr ? join_key(*value) : std::string("null"));
        return false;
    };
    PathWalk walk(std::span(path.parts), LeafArrays::Elements, visit);
    const auto first = document.find(path.parts.front().escaped);
    walk.from(first ? &*first : nullptr);
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

Filter filter_of_values(const Path& path, std::span<const std::string> texts) {
    FilterNode in;
    in.op = texts.empty() ? FilterOp::Never : FilterOp::In;
    in.path = path;
    for (const std::string& text : texts) in.operands.emplace_back(json::View(text));
    FilterNode root;
    root.children.push_back(std::move(in));
    return Filter(std::move(root));
}

}  // namespace credvault::query
