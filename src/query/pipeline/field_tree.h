// The fields that a $project, $addFields or $unset names, as a tree, and how a document is written through it: what is
// kept, dropped, computed. Internal to query/pipeline/. Immutable once parsed; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/expression/expression.h"
#include "query/pipeline/stage_parsing.h"

namespace credvault::query {

/// What happens to a field that the tree does not name.
enum class Others : bool { Dropped, Kept };

struct TreeField {
    enum class Kind : std::uint8_t { Fields, Keep, Drop, Compute };

    std::string name;  ///< Escaped.
    Kind kind = Kind::Fields;
    std::optional<Expression> expression;  ///< Compute.
    std::vector<TreeField> children;       ///< Fields, in the order written.
    std::vector<std::uint32_t> by_name;    ///< The children's places by their names, where they are many.
    bool computes = false;                 ///< Something below is computed.
};

class FieldTree {
public:
    explicit FieldTree(Others others) : others_(others) {}

    Status append(std::string& out, const json::View& document, Evaluation& evaluation) const;

    Others others() const { return others_; }
    void set_others(Others others) { others_ = others; }
    TreeField& root() { return root_; }
    /// The new field at this path, valid until the next one. Fails where one path contains another, or is none.
    Result<TreeField*> insert(const Path& path, const StagePlace& place);
    /// To be called once all fields are there.
    void finish() { finish(root_); }

private:
    static void finish(TreeField& field);

    Others others_;
    TreeField root_;
};

}  // namespace credvault::query
