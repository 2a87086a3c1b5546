// Applies a tree of updates to one record: copies what no path touches, and calls the modifiers where the paths end.
// Used once; one thread. Recursion is bounded by the parts of the paths.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/update/parsed_update.h"
#include "query/update/update.h"
#include "query/update/update_tree.h"

namespace credvault::query {

class UpdateWalk {
public:
    /// All must outlive the walk.
    UpdateWalk(const ParsedUpdate& update, const json::View& record, const UpdateInput& input);

    /// Appends the changed record to `out`, or nothing where it stays as it is.
    Result<Change> run(std::string& out);

private:
    /// The children of nodes that meet at one value, merged.
    struct Merged;

    /// `current` is null where there is nothing.
    Result<Change> value(UpdateNodes nodes, const json::View* current, std::string& out);
    Result<Change> leaf(const UpdateNode& node, const json::View* current, std::string& out);
    Result<Change> named(UpdateNodes nodes, const json::View* current, std::string& out);
    Result<Change> children(std::span<const UpdateChild> children, const UpdateNode* index,
                            const json::View* current, std::string& out);
    Result<Change> missing(std::span<const UpdateChild> children, std::string& out);
    Result<Change> object(std::span<const UpdateChild> children, const UpdateNode* index,
                          const json::View& current, std::string& out);
    Result<Change> array(std::span<const UpdateChild> children, const json::View& current, std::string& out);
    Result<bool> beyond_end(const UpdateChild& child, std::size_t size, std::string& out);
    Result<Change> elements(UpdateNodes nodes, const json::View* current, std::string& out);
    Result<std::vector<const UpdateNode*>> matching(UpdateNodes nodes, const json::View& element);
    Status merge(UpdateNodes nodes, Merged& merged) const;

    bool acts(const UpdateNode& node) const { return input_.inserting || node.on_update; }
    bool acts(UpdateNodes nodes) const;
    /// The error of the first modifier that minds that the path can't lead on; none if none does.
    Status check_dead_end(UpdateNodes nodes, const json::View& current) const;
    const Modifier* first_strict(const UpdateNode& node) const;
    Status check_bounds(std::size_t steps, const std::string& out);

    const ParsedUpdate& update_;
    const UpdateInput& input_;
    ModifierInput modifier_input_;
    std::size_t arrays_ = 0;  ///< That the walk stands in.
    std::size_t work_ = 0;
};

}  // namespace credvault::query
