// What an update operator does to the value at one path. A modifier is parsed and checked once and then applied to any
// number of values. Internal to query/update. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"

namespace credvault::query {

/// What became of a value. Only `Written` has appended something.
enum class Change : std::uint8_t { Kept, Written, Removed };

/// What a modifier sees besides the value itself.
struct ModifierInput {
    json::View record;  ///< The whole, as it was.
    std::int64_t now_ms = 0;
    bool inside_array = false;  ///< The path led through an array's element.
};

/// How a modifier takes paths that lead nowhere.
struct PathRules {
    bool creates = true;       ///< Makes what is missing; else there is nothing to do.
    bool lenient = false;      ///< A path that can't lead anywhere is none of its business.
    bool insert_only = false;  ///< Does something only when a record is inserted.
};

class Modifier {
public:
    Modifier(std::string_view op, std::string path, PathRules rules)
        : op_(op), path_(std::move(path)), rules_(rules) {}
    virtual ~Modifier() = default;

    /// Appends the new value to `out`. `current` is null where there is none. On failure `out` holds anything.
    virtual Result<Change> apply(const json::View* current, const ModifierInput& in,
                                 std::string& out) const = 0;
    /// Whether it would do something to this record at all.
    virtual bool has_work(const json::View&) const { return true; }
    virtual bool is_rename() const { return false; }

    const PathRules& rules() const { return rules_; }
    std::string_view op() const { return op_; }
    const std::string& path() const { return path_; }

protected:
    /// INVALID_UPDATE naming the operator and the path.
    Error wrong(std::string_view what) const;

private:
    std::string_view op_;  ///< A literal.
    std::string path_;
    PathRules rules_;
};

using ModifierResult = Result<std::unique_ptr<Modifier>>;

/// The error of an operator's argument.
Error wrong_argument(std::string_view op, std::string_view path, std::string_view what);

/// Makes the modifier of an operator on one path from its argument. $rename is made apart, since it takes two paths.
using ModifierMaker = ModifierResult (*)(std::string path, const json::View& argument);
/// Null where the operator is not known.
ModifierMaker find_modifier(std::string_view op);

/// The makers by family: field_modifiers.cpp, number_modifiers.cpp, array_modifiers.cpp, push_modifier.cpp.
ModifierResult make_set(std::string path, const json::View& argument);
ModifierResult make_set_on_insert(std::string path, const json::View& argument);
ModifierResult make_unset(std::string path, const json::View& argument);
ModifierResult make_min(std::string path, const json::View& argument);
ModifierResult make_max(std::string path, const json::View& argument);
ModifierResult make_current_date(std::string path, const json::View& argument);
ModifierResult make_inc(std::string path, const json::View& argument);
ModifierResult make_mul(std::string path, const json::View& argument);
ModifierResult make_bit(std::string path, const json::View& argument);
ModifierResult make_push(std::string path, const json::View& argument);
ModifierResult make_add_to_set(std::string path, const json::View& argument);
ModifierResult make_pop(std::string path, const json::View& argument);
ModifierResult make_pull(std::string path, const json::View& argument);
ModifierResult make_pull_all(std::string path, const json::View& argument);
/// The two ends of a $rename. `from` is a path without positional parts.
std::unique_ptr<Modifier> make_rename_to(std::string to, std::string_view from);
std::unique_ptr<Modifier> make_rename_from(std::string from);

/// "an array", "a string" …, for messages.
std::string_view described_type(const json::View& value);

}  // namespace credvault::query
