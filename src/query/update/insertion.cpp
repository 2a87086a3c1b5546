#include "query/update/insertion.h"

#include <map>
#include <memory>
#include <utility>

#include "json/writer.h"
#include "query/path.h"

namespace credvault::query {
namespace {

/// The fixed values by path.
struct SeedNode {
    const json::Value* value = nullptr;
    std::map<std::string, std::unique_ptr<SeedNode>> children;
};

class Seed {
public:
    Status collect(const FilterNode& node);
    void append(std::string& out) const { append(out, root_); }
    const SeedNode* id() const {
        const auto found = root_.children.find("id");
        return found == root_.children.end() ? nullptr : found->second.get();
    }

private:
    Status fix(const Path& path, const json::Value& value);
    static void append(std::string& out, const SeedNode& node);

    SeedNode root_;
};

/// The value that a predicate fixes, or null.
const json::Value* fixed_value(const FilterNode& node) {
    const bool one = node.operands.size() == 1 && node.patterns.empty();
    return one && (node.op == FilterOp::Eq || node.op == FilterOp::In) ? &node.operands.front() : nullptr;
}

Status Seed::collect(const FilterNode& node) {
    const bool joint = node.op == FilterOp::And || node.op == FilterOp::All ||
                       (node.op == FilterOp::Or && node.children.size() == 1);
    if (joint) {
        for (const FilterNode& child : node.children) TRY_VOID(collect(child));
        return {};
    }
    const json::Value* const value = fixed_value(node);
    if (value == nullptr || node.path.parts.empty()) return {};
    return fix(node.path, *value);
}

Status Seed::fix(const Path& path, const json::Value& value) {
    const std::string shown = shown_name(path.text);
    const std::string& first = path.parts.front().name;
    if (first == "created_at" || first == "updated_at" || first == "_version") {
        return Error(ErrorCode::IMMUTABLE_FIELD,
                     "An upsert can't insert a record with the '" + first +
                         "' that the filter wants: the platform sets it",
                     shown);
    }
    SeedNode* node = &root_;
    bool within = false;
    for (const PathPart& part : path.parts) {
        within |= node->value != nullptr;
        std::unique_ptr<SeedNode>& child = node->children[part.name];
        if (!child) child = std::make_unique<SeedNode>();
        node = child.get();
    }
    if (within || node->value != nullptr || !node->children.empty()) {
        return Error(
            ErrorCode::INVALID_UPDATE,
            "The filter fixes '" + shown +
                "' twice, or it and something within it, so that an upsert can't tell what to insert",
            shown);
    }
    node->value = &value;
    return {};
}

void Seed::append(std::string& out, const SeedNode& node) {
    if (node.value != nullptr) return node.value->append_text(out);
    out += '{';
    bool first = true;
    for (const auto& [name, child] : node.children) {
        if (!std::exchange(first, false)) out += ',';
        json::append_string(out, name);
        out += ':';
        append(out, *child);
    }
    out += '}';
}

}  // namespace

Result<std::string> insertion_seed(const Filter& filter, SeedFields fields) {
    Seed seed;
    TRY_VOID(seed.collect(filter.root()));
    std::string out;
    if (fields == SeedFields::All) {
        seed.append(out);
        return out;
    }
    out = "{";
    if (const SeedNode* const id = seed.id(); id != nullptr && id->value != nullptr) {
        out += R"("id":)";
        id->value->append_text(out);
    }
    out += '}';
    return out;
}

}  // namespace credvault::query
