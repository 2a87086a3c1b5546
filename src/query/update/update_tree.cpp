#include "query/update/update_tree.h"

#include <algorithm>

namespace credvault::query {
namespace {

bool is_digits(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

void take_over(UpdateNode& parent, UpdateNode& child) {
    child.seal();
    parent.on_update |= child.on_update;
    parent.creates |= child.creates;
    parent.strict |= child.strict;
}

}  // namespace

bool NameOrder::operator()(const std::string& a, const std::string& b) const {
    const bool a_number = is_digits(a);
    if (a_number != is_digits(b)) return a_number;
    if (!a_number) return a < b;
    const std::string_view a_digits =
        std::string_view(a).substr(std::min(a.find_first_not_of('0'), a.size()));
    const std::string_view b_digits =
        std::string_view(b).substr(std::min(b.find_first_not_of('0'), b.size()));
    if (a_digits.size() != b_digits.size()) return a_digits.size() < b_digits.size();
    return a_digits != b_digits ? a_digits < b_digits : a < b;
}

void UpdateNode::seal() {
    if (modifier) {
        const PathRules& rules = modifier->rules();
        on_update = !rules.insert_only;
        creates = rules.creates;
        strict = !rules.lenient;
        return;
    }
    for (const auto& [name, child] : named) {
        take_over(*this, *child);
        order.push_back(child.get());
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        children.push_back({&order[i]->part, UpdateNodes(&order[i], 1)});
        if (order.size() > few_update_children) by_name.emplace(order[i]->part.escaped, i);
    }
    if (positional) take_over(*this, *positional);
    for (const auto& [identifier, child] : filtered) take_over(*this, *child);
}

}  // namespace credvault::query
