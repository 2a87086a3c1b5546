#include "query/update/update_walk.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "json/writer.h"

namespace credvault::query {
namespace {

constexpr std::size_t not_found = static_cast<std::size_t>(-1);

/// The child of this escaped name.
std::size_t find_child(std::span<const UpdateChild> children, const UpdateNode* index,
                       std::string_view name) {
    if (index != nullptr && !index->by_name.empty()) {
        const auto found = index->by_name.find(name);
        return found == index->by_name.end() ? not_found : found->second;
    }
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (children[i].part->escaped == name) return i;
    }
    return not_found;
}

Error conflict(const UpdateNode& node) {
    const std::string path = node.modifier ? shown_name(node.modifier->path()) : shown_name(node.part.name);
    return Error(ErrorCode::INVALID_UPDATE,
                 "Several parts of the update change the same value at '" + path + "'", path);
}

void append_name(std::string& out, std::string_view escaped) {
    if (out.back() != '{') out += ',';
    out.append("\"").append(escaped).append("\":");
}

}  // namespace

/// Owns what its children refer to.
struct UpdateWalk::Merged {
    std::vector<UpdateChild> children;
    std::deque<std::vector<const UpdateNode*>> nodes;
    std::deque<PathPart> parts;
    std::map<std::string, std::pair<const PathPart*, std::vector<const UpdateNode*>>, NameOrder> by_name;
};

UpdateWalk::UpdateWalk(const ParsedUpdate& update, const json::View& record, const UpdateInput& input)
    : update_(update), input_(input), modifier_input_{record, input.now_ms, false} {}

Result<Change> UpdateWalk::run(std::string& out) {
    const UpdateNode* const root = &update_.root;
    return value(UpdateNodes(&root, 1), &modifier_input_.record, out);
}

bool UpdateWalk::acts(UpdateNodes nodes) const {
    return std::ranges::any_of(nodes, [this](const UpdateNode* node) { return acts(*node); });
}

Status UpdateWalk::check_bounds(std::size_t steps, const std::string& out) {
    work_ += steps;
    if (out.size() > update_.limits.max_bytes) {
        return Error(ErrorCode::PAYLOAD_TOO_LARGE, "The updated record would be larger than " +
                                                       std::to_string(update_.limits.max_bytes >> 20) +
                                                       " MiB");
    }
    if (work_ > update_.limits.max_work) {
        return Error(ErrorCode::INVALID_UPDATE,
                     "The update takes too many steps on one record; name fewer paths or array elements");
    }
    return {};
}

Result<Change> UpdateWalk::value(UpdateNodes nodes, const json::View* current, std::string& out) {
    TRY_VOID(check_bounds(nodes.size(), out));
    if (!acts(nodes)) return Change::Kept;
    const bool has_leaf = std::ranges::any_of(nodes, &UpdateNode::is_leaf);
    const bool has_filtered = std::ranges::any_of(nodes, [](auto* node) { return !node->filtered.empty(); });
    if (nodes.size() > 1) {
        const bool has_named =
            std::ranges::any_of(nodes, [](auto* node) { return !node->named.empty() || node->positional; });
        if (has_leaf || (has_filtered && has_named)) return conflict(*nodes.back());
    }
    if (has_leaf) return leaf(*nodes.front(), current, out);
    return has_filtered ? elements(nodes, current, out) : named(nodes, current, out);
}

Result<Change> UpdateWalk::leaf(const UpdateNode& node, const json::View* current, std::string& out) {
    const Modifier& modifier = *node.modifier;
    if (current == nullptr && !modifier.rules().creates) return Change::Kept;
    modifier_input_.inside_array = arrays_ > 0;
    TRY(const Change change, modifier.apply(current, modifier_input_, out));
    TRY_VOID(check_bounds(current == nullptr ? 1 : current->text().size() / 16, out));
    return change;
}

Result<Change> UpdateWalk::named(UpdateNodes nodes, const json::View* current, std::string& out) {
    if (nodes.size() == 1 && !nodes.front()->positional) {
        return children(nodes.front()->children, nodes.front(), current, out);
    }
    Merged merged;
    TRY_VOID(merge(nodes, merged));
    TRY_VOID(check_bounds(merged.children.size(), out));
    return children(merged.children, nullptr, current, out);
}

Status UpdateWalk::merge(UpdateNodes nodes, Merged& merged) const {
    const auto add = [&](const std::string& name, const PathPart& part, const UpdateNode* node) {
        auto& entry = merged.by_name[name];
        entry.first = &part;
        entry.second.push_back(node);
    };
    for (const UpdateNode* node : nodes) {
        for (const auto& [name, child] : node->named) add(name, child->part, child.get());
        if (!node->positional || !acts(*node->positional)) continue;
        if (!input_.position) {
            const Modifier* const first = first_strict(*node->positional);
            const std::string path = first ? shown_name(first->path()) : std::string("$");
            return Error(ErrorCode::INVALID_UPDATE,
                         "The positional operator '$' in '" + path +
                             "' needs a filter that matches an element of the array",
                         path);
        }
        const std::string name = std::to_string(*input_.position);
        merged.parts.push_back({name, name, *input_.position});
        add(name, merged.parts.back(), node->positional.get());
    }
    for (auto& [name, entry] : merged.by_name) {
        merged.nodes.push_back(std::move(entry.second));
        merged.children.push_back({entry.first, merged.nodes.back()});
    }
    return {};
}

Result<Change> UpdateWalk::children(std::span<const UpdateChild> children, const UpdateNode* index,
                                    const json::View* current, std::string& out) {
    if (current == nullptr) return missing(children, out);
    if (current->is_object()) return object(children, index, *current, out);
    if (current->is_array()) return array(children, *current, out);
    for (const UpdateChild& child : children) TRY_VOID(check_dead_end(child.nodes, *current));
    return Change::Kept;
}

Result<Change> UpdateWalk::missing(std::span<const UpdateChild> children, std::string& out) {
    const std::size_t start = out.size();
    out += '{';
    bool written = false;
    for (const UpdateChild& child : children) {
        const std::size_t mark = out.size();
        append_name(out, child.part->escaped);
        TRY(const Change change, value(child.nodes, nullptr, out));
        written |= change == Change::Written;
        if (change != Change::Written) out.resize(mark);
    }
    out += '}';
    if (written) return Change::Written;
    out.resize(start);
    return Change::Kept;
}

Result<Change> UpdateWalk::object(std::span<const UpdateChild> children, const UpdateNode* index,
                                  const json::View& current, std::string& out) {
    const std::size_t start = out.size();
    std::vector<bool> seen(children.size());
    bool changed = false;
    out += '{';
    std::size_t members = 0;
    for (const json::Member& member : current.members()) {
        ++members;
        const std::size_t mark = out.size();
        append_name(out, member.name);
        const std::size_t found = find_child(children, index, member.name);
        Change change = Change::Kept;
        if (found != not_found) {
            seen[found] = true;
            TRY(change, value(children[found].nodes, &member.value, out));
        }
        changed |= change != Change::Kept;
        if (change == Change::Kept) out += member.value.text();
        if (change == Change::Removed) out.resize(mark);
    }
    const bool scanned = index == nullptr && children.size() > few_update_children;
    TRY_VOID(check_bounds(members * (scanned ? children.size() : 1) / 8, out));
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (seen[i]) continue;
        const std::size_t mark = out.size();
        append_name(out, children[i].part->escaped);
        TRY(const Change change, value(children[i].nodes, nullptr, out));
        changed |= change == Change::Written;
        if (change != Change::Written) out.resize(mark);
    }
    out += '}';
    if (changed) return Change::Written;
    out.resize(start);
    return Change::Kept;
}

Result<Change> UpdateWalk::array(std::span<const UpdateChild> children, const json::View& current,
                                 std::string& out) {
    const std::size_t start = out.size();
    bool changed = false;
    ++arrays_;
    out += '[';
    std::size_t size = 0;
    std::vector<UpdateChild> numbered;  // They rise.
    for (const UpdateChild& child : children) {
        if (child.part->index) {
            numbered.push_back(child);
        } else {
            TRY_VOID(check_dead_end(child.nodes, current));
        }
    }
    auto child = numbered.begin();
    for (const json::View element : current.elements()) {
        if (size > 0) out += ',';
        Change change = Change::Kept;
        if (child != numbered.end() && child->part->index == size) {
            TRY(change, value(child->nodes, &element, out));
            ++child;
        }
        changed |= change != Change::Kept;
        if (change == Change::Kept) out += element.text();
        if (change == Change::Removed) out += "null";  // The others keep their positions.
        ++size;
    }
    for (; child != numbered.end(); ++child) {
        TRY(const bool grown, beyond_end(*child, size, out));
        if (grown) size = *child->part->index + std::size_t{1};
        changed |= grown;
    }
    out += ']';
    --arrays_;
    TRY_VOID(check_bounds(size / 8, out));
    if (changed) return Change::Written;
    out.resize(start);
    return Change::Kept;
}

/// Whether the child has made an element behind the end, with nulls in front of it.
Result<bool> UpdateWalk::beyond_end(const UpdateChild& child, std::size_t size, std::string& out) {
    if (!std::ranges::any_of(child.nodes, &UpdateNode::creates)) return false;
    const std::size_t mark = out.size();
    std::string made;
    TRY(const Change change, value(child.nodes, nullptr, made));
    if (change != Change::Written) return false;
    const std::size_t position = *child.part->index;
    if (position - size > update_.limits.max_padding) {
        return Error(ErrorCode::INVALID_UPDATE,
                     "Position " + std::to_string(position) + " is more than " +
                         std::to_string(update_.limits.max_padding) + " beyond the end of an array",
                     std::to_string(position));
    }
    for (std::size_t i = size; i < position; ++i) out += i == 0 ? "null" : ",null";
    if (position > 0) out += ',';
    out += made;
    TRY_VOID(check_bounds((out.size() - mark) / 16, out));
    return true;
}

Result<Change> UpdateWalk::elements(UpdateNodes nodes, const json::View* current, std::string& out) {
    if (current == nullptr || !current->is_array()) {
        const Modifier* first = nullptr;
        for (const UpdateNode* node : nodes) first = first ? first : first_strict(*node);
        const std::string path = first ? shown_name(first->path()) : shown_name(nodes.front()->part.name);
        return Error(ErrorCode::INVALID_UPDATE,
                     "'" + path + "' goes through the elements of an array; the record has " +
                         std::string(current ? described_type(*current) : "nothing") + " there",
                     path);
    }
    const std::size_t start = out.size();
    bool changed = false;
    ++arrays_;
    out += '[';
    bool first = true;
    for (const json::View element : current->elements()) {
        if (!std::exchange(first, false)) out += ',';
        TRY(const std::vector<const UpdateNode*> chosen, matching(nodes, element));
        Change change = Change::Kept;
        if (!chosen.empty()) {
            TRY(change, value(chosen, &element, out));
        }
        changed |= change != Change::Kept;
        if (change == Change::Kept) out += element.text();
        if (change == Change::Removed) out += "null";
        TRY_VOID(check_bounds(1, out));
    }
    out += ']';
    --arrays_;
    if (changed) return Change::Written;
    out.resize(start);
    return Change::Kept;
}

/// The nodes whose array filter the element meets.
Result<std::vector<const UpdateNode*>> UpdateWalk::matching(UpdateNodes nodes, const json::View& element) {
    std::vector<const UpdateNode*> chosen;
    std::string document;
    for (const UpdateNode* node : nodes) {
        for (const auto& [identifier, child] : node->filtered) {
            if (!identifier.empty()) {
                document.assign("{\"").append(identifier).append("\":");
                document.append(element.text()).append("}");
                TRY_VOID(check_bounds(1 + document.size() / 16, document));
                TRY(const bool met, update_.filters.at(identifier).test(json::View(document)));
                if (!met) continue;
            }
            chosen.push_back(child.get());
        }
    }
    return chosen;
}

Status UpdateWalk::check_dead_end(UpdateNodes nodes, const json::View& current) const {
    for (const UpdateNode* node : nodes) {
        const Modifier* const first = first_strict(*node);
        if (first == nullptr) continue;
        const std::string path = shown_name(first->path());
        return Error(ErrorCode::INVALID_UPDATE,
                     "'" + std::string(first->op()) + "' can't follow '" + path + "' to '" +
                         shown_name(node->part.name) + "': the record has " +
                         std::string(described_type(current)) + " before it",
                     path);
    }
    return {};
}

/// The first modifier in or below the node that minds a dead end in this record.
const Modifier* UpdateWalk::first_strict(const UpdateNode& node) const {
    if (!node.strict || !acts(node)) return nullptr;
    if (node.modifier) return node.modifier->has_work(modifier_input_.record) ? node.modifier.get() : nullptr;
    for (const UpdateNode* child : node.order) {
        if (const Modifier* const found = first_strict(*child)) return found;
    }
    if (node.positional) {
        if (const Modifier* const found = first_strict(*node.positional)) return found;
    }
    for (const auto& [identifier, child] : node.filtered) {
        if (const Modifier* const found = first_strict(*child)) return found;
    }
    return nullptr;
}

}  // namespace credvault::query
