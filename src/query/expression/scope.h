// The variables that an expression may name, each with the slot that holds its value while the expression is evaluated
// (Evaluation::variable). What opens a scope declares names, parses, and sets the values before evaluating: aggregate's
// and $lookup's `let`, $redact's KEEP, PRUNE and DESCEND. A value type.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace credvault::query {

class Scope {
public:
    /// Declares a variable, without its dollar signs, and returns its slot. It hides an earlier one of that name.
    std::size_t declare(std::string name) {
        names_.push_back(std::move(name));
        return names_.size() - 1;
    }
    /// The slot of the variable declared last under this name.
    std::optional<std::size_t> find(std::string_view name) const {
        const auto found = std::find(names_.rbegin(), names_.rend(), name);
        if (found == names_.rend()) return std::nullopt;
        return static_cast<std::size_t>(names_.rend() - found) - 1;
    }
    /// Takes back what was declared since the size was this.
    void shrink(std::size_t size) { names_.resize(size); }
    std::size_t size() const { return names_.size(); }

    /// Whether documents have a score (Evaluation::text_score), so that {$meta: "textScore"} means something.
    bool has_text_score() const { return has_text_score_; }
    void set_text_score(bool there) { has_text_score_ = there; }

private:
    std::vector<std::string> names_;  ///< By slot.
    bool has_text_score_ = false;
};

}  // namespace credvault::query
