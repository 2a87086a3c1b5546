#include <algorithm>
#include <cstring>
#include <utility>

#include "query/filter_match.h"

namespace credvault::query {
namespace {

/// So many names are compared one by one, and their fields need no heap.
constexpr std::size_t few_names = 8;
constexpr std::size_t not_found = static_cast<std::size_t>(-1);

std::uint64_t length_bit(std::size_t size) { return std::uint64_t{1} << (size % 64); }

}  // namespace

MatchScope::MatchScope(const FilterNode& root) {
    ScopeNames names;
    if (root.op == FilterOp::And) {
        conjuncts_.reserve(root.children.size());
        for (const FilterNode& child : root.children) conjuncts_.emplace_back(child, names);
    } else {
        conjuncts_.emplace_back(root, names);
    }
    for (const PathPart* part : names) {
        names_.push_back({part->escaped, part, {}});
        lengths_ |= length_bit(part->escaped.size());
        if (names.size() > few_names) by_name_.emplace(part->escaped, names_.size() - 1);
    }
    for (std::uint32_t i = 0; i < conjuncts_.size(); ++i) {
        const std::optional<std::size_t> slot = conjuncts_[i].only_slot();
        (slot ? names_[*slot].conjuncts : joint_).push_back(i);
    }
}

/// The place of a name, or not_found.
std::size_t MatchScope::index_of(const char* name, std::size_t size) const {
    if ((lengths_ & length_bit(size)) == 0) return not_found;
    if (!by_name_.empty()) {
        const auto found = by_name_.find(std::string_view(name, size));
        return found != by_name_.end() ? found->second : not_found;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const std::string_view wanted = names_[i].escaped;
        if (wanted.size() == size && std::memcmp(wanted.data(), name, size) == 0) return i;
    }
    return not_found;
}

bool MatchScope::decided_match(std::size_t name, Slots slots) const {
    for (const std::uint32_t conjunct : names_[name].conjuncts) {
        if (!conjuncts_[conjunct].matches(slots, nullptr)) return false;
    }
    return true;
}

/// Finds the fields. With `stop_early`, false as soon as a field that is there fails what it decides alone. Walks the
/// text by hand: this loop is most of what a collection scan costs.
bool MatchScope::read_object(const json::View& object, std::span<FieldText> fields, bool stop_early) const {
    const char* at = object.text().data() + 1;
    const char* const limit = object.text().data() + object.text().size() - 1;
    std::size_t missing = fields.size();
    while (at < limit && missing > 0) {
        const char* const colon = json::skip_value(at, limit);
        if (colon - at < 2 || limit - colon < 2) break;  // Only in a damaged record.
        const char* const value = colon + 1;
        const char* const end = json::skip_value(value, limit);
        const std::size_t name = index_of(at + 1, static_cast<std::size_t>(colon - at) - 2);
        at = end + 1;
        if (name == not_found) continue;
        fields[name] = {value, static_cast<std::size_t>(end - value)};
        if (stop_early && !decided_match(name, {fields, object})) return false;
        --missing;
    }
    return true;
}

bool MatchScope::read_array(const json::View& array, std::span<FieldText> fields, bool stop_early) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const std::optional<json::View> element = child_of(array, *names_[i].part);
        if (!element) continue;
        fields[i] = {element->text().data(), element->text().size()};
        if (stop_early && !decided_match(i, {fields, array})) return false;
    }
    return true;
}

bool MatchScope::matches(const json::View& document, std::span<FieldText> fields, Position* position,
                         ExpressionRun* run) const {
    std::ranges::fill(fields, FieldText{nullptr, 0});
    const Slots slots{fields, document, run};
    const bool stop_early = position == nullptr;
    const bool read = document.is_array() ? read_array(document, fields, stop_early)
                                          : read_object(document, fields, stop_early);
    if (!read) return false;
    if (position) {
        const auto matching = [&](const Predicate& conjunct) { return conjunct.matches(slots, position); };
        const bool all = std::ranges::all_of(conjuncts_, matching);
        if (!all) position->reset();
        return all;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (fields[i].data == nullptr && !decided_match(i, slots)) return false;
    }
    return std::ranges::all_of(joint_,
                               [&](std::uint32_t i) { return conjuncts_[i].matches(slots, nullptr); });
}

bool MatchScope::matches(const json::View& document, Position* position, ExpressionRun* run) const {
    if (names_.size() > few_names) {
        std::vector<FieldText> fields(names_.size());
        return matches(document, fields, position, run);
    }
    FieldText fields[few_names];
    return matches(document, std::span(fields, names_.size()), position, run);
}

}  // namespace credvault::query
