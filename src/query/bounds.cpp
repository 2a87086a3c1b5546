#include "query/bounds.h"

#include <algorithm>
#include <utility>

#include "query/key.h"
#include "query/key_bytes.h"
#include "query/pattern.h"

namespace credvault::query {
namespace {

/// Arrays are matched whole or by element, which entries of single elements can't say.
bool is_point(const json::Value& operand) { return !operand.is_array(); }

std::string key_of(const json::Value& value) {
    std::string key;
    append_key(key, value);
    return key;
}

std::string tag_key(KeyTag tag) { return std::string(1, static_cast<char>(tag)); }

/// All keys of the operand's type: comparisons stay within a type.
KeyRange type_range(const json::Value& operand) {
    switch (operand.type()) {
        case json::Type::Int:
        case json::Type::Double:
            return {tag_key(tag_negative), key_after(tag_key(tag_positive))};
        case json::Type::String:
            return {tag_key(tag_string), key_after(tag_key(tag_string))};
        case json::Type::Object:
            return {tag_key(tag_object), key_after(tag_key(tag_object))};
        case json::Type::Bool:
            return {tag_key(tag_false), key_after(tag_key(tag_true))};
        default:
            return {tag_key(tag_null), key_after(tag_key(tag_null))};
    }
}

std::optional<KeyRange> comparison_range(const FilterNode& node) {
    const json::Value& operand = node.operands[0];
    if (!is_point(operand) || operand.is_null()) return {};
    KeyRange range = type_range(operand);
    const std::string key = key_of(operand);
    switch (node.op) {
        case FilterOp::Gt:
            range.low = after_prefix(key);
            break;
        case FilterOp::Gte:
            range.low = key;
            break;
        case FilterOp::Lt:
            range.high = key;
            break;
        default:
            range.high = after_prefix(key);
    }
    return range;
}

/// A pattern that begins with fixed text bounds the strings; it stays to be evaluated.
std::optional<KeyRange> pattern_range(const FilterNode& node) {
    const auto& prefix = node.patterns[0]->literal_prefix();
    if (!prefix || prefix->empty()) return {};
    std::string low = tag_key(tag_string);
    append_key_text(low, *prefix);
    std::string high = after_prefix(low);
    return KeyRange{std::move(low), std::move(high)};
}

std::optional<PathBounds> points_of(const FilterNode& node) {
    PathBounds bounds;
    if (node.operands.empty() || !node.patterns.empty()) return {};
    bounds.never_missing = true;
    for (const json::Value& operand : node.operands) {
        if (!is_point(operand)) return {};
        if (operand.is_null()) bounds.never_missing = false;
        bounds.points.push_back(key_of(operand));
    }
    std::sort(bounds.points.begin(), bounds.points.end());
    bounds.points.erase(std::unique(bounds.points.begin(), bounds.points.end()), bounds.points.end());
    bounds.used = 1;
    return bounds;
}

void narrow(PathBounds& bounds, KeyRange range) {
    if (!bounds.range) {
        bounds.range = std::move(range);
    } else {
        bounds.two_sided = true;
        bounds.range->low = std::max(bounds.range->low, range.low);
        if (bounds.range->high.empty() || (!range.high.empty() && range.high < bounds.range->high)) {
            bounds.range->high = std::move(range.high);
        }
    }
    bounds.never_missing = true;
}

}  // namespace

std::vector<const FilterNode*> conjuncts(const FilterNode& root) {
    if (root.op != FilterOp::And) return {&root};
    std::vector<const FilterNode*> all;
    for (const FilterNode& child : root.children) {
        const std::vector<const FilterNode*> inner = conjuncts(child);
        all.insert(all.end(), inner.begin(), inner.end());
    }
    return all;
}

std::optional<PathBounds> bounds_of(const std::vector<const FilterNode*>& conjuncts, const Path& path, bool multikey) {
    PathBounds ranges;
    for (const FilterNode* node : conjuncts) {
        if (!(node->path == path)) continue;
        if (node->op == FilterOp::Eq || node->op == FilterOp::In) {
            if (auto points = points_of(*node)) return points;
            continue;
        }
        if (multikey && ranges.range) continue;
        const bool comparison = node->op == FilterOp::Gt || node->op == FilterOp::Gte || node->op == FilterOp::Lt ||
                                node->op == FilterOp::Lte;
        if (comparison) {
            if (auto range = comparison_range(*node)) {
                narrow(ranges, std::move(*range));
                ++ranges.used;
            }
        } else if (node->op == FilterOp::Regex) {
            if (auto range = pattern_range(*node)) narrow(ranges, std::move(*range));
        }
    }
    if (!ranges.range) return {};
    return ranges;
}

bool implies_presence(const std::vector<const FilterNode*>& conjuncts, const Path& path) {
    for (const FilterNode* node : conjuncts) {
        if (!(node->path == path)) continue;
        if (node->op == FilterOp::Exists && node->operands[0].as_bool()) return true;
    }
    const auto bounds = bounds_of(conjuncts, path, true);
    return bounds && bounds->never_missing;
}

std::string after_prefix(std::string bytes) {
    while (!bytes.empty() && bytes.back() == '\xff') bytes.pop_back();
    if (!bytes.empty()) bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) + 1);
    return bytes;
}

}  // namespace credvault::query
