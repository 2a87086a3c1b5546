// The paths of an update as a tree, so that one walk over a record meets each part once and conflicts show while it is
// built. Internal to query/update. Immutable once sealed; thread-safe then.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/path.h"
#include "query/update/modifier.h"

namespace credvault::query {

struct UpdateNode;
using UpdateNodes = std::span<const UpdateNode* const>;

/// One child of a node, or of several nodes that apply to the same value.
struct UpdateChild {
    const PathPart* part;
    UpdateNodes nodes;
};

/// Numbers by their value, then names by code point: the order in which MongoDB adds fields.
struct NameOrder {
    bool operator()(const std::string& a, const std::string& b) const;
};

struct UpdateNode {
    PathPart part;                       ///< The name that led here; unset for positional ones.
    std::unique_ptr<Modifier> modifier;  ///< Of a leaf.
    std::map<std::string, std::unique_ptr<UpdateNode>, NameOrder> named;
    std::unique_ptr<UpdateNode> positional;                       ///< Under `$`.
    std::map<std::string, std::unique_ptr<UpdateNode>> filtered;  ///< By identifier; `$[]` is the empty one.

    // Made by seal().
    std::vector<const UpdateNode*> order;
    std::vector<UpdateChild> children;                          ///< Views into `order`.
    std::unordered_map<std::string_view, std::size_t> by_name;  ///< Only where there are many children.
    bool on_update = false;  ///< Some modifier below does something to a record that is there.
    bool creates = false;    ///< Some modifier below makes what is missing.
    bool strict = false;     ///< Some modifier below minds a path that leads nowhere.

    bool is_leaf() const { return modifier != nullptr; }
    bool is_empty() const { return !is_leaf() && named.empty() && !positional && filtered.empty(); }
    /// Works the last members out, for the whole tree below.
    void seal();
};

/// So many names are compared one by one.
constexpr std::size_t few_update_children = 8;

}  // namespace credvault::query
