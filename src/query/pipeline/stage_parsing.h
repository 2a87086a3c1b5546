// What the parsers of stages share: where they are, for messages, and small checks. Internal to query/pipeline/.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "json/view.h"
#include "query/expression/expression.h"
#include "query/limits.h"
#include "query/path.h"
#include "query/pipeline/stage.h"

namespace credvault::query {

/// What the parser of one stage sees.
struct StagePlace {
    // No aggregate: scope must be given.
    StagePlace(std::string at, const Scope& variables) : where(std::move(at)), scope(variables) {}

    std::string where;  ///< "pipeline.2.$group": what errors name.
    const Scope& scope;
    std::size_t depth = 0;               ///< Of this pipeline in others.
    std::size_t* stages_left = nullptr;  ///< Of the whole pipeline.
    PipelineLimits limits;
    /// What $text in a filter searches; null where there is nothing.
    std::shared_ptr<const TextSource> text = nullptr;
    /// FilterLimits::no_search for filters in the stage; empty in a $match that the engine answers.
    std::string_view no_search = "In a pipeline only the first $match may search or ask what is near";

    /// The same for something below the stage.
    std::string below(std::string_view name) const { return where + "." + std::string(name); }
    /// An expression, its errors placed; `name` may be empty where it is the stage's whole value.
    Result<Expression> expression(const json::View& spec, std::string_view name) const;
    /// A filter, the same.
    Result<Filter> filter(const json::View& spec, std::string_view name) const;
    /// Puts where the error is in front of its field.
    Error placed(Error error, std::string_view name) const;
    Error wrong(std::string message) const {
        return Error(ErrorCode::INVALID_PIPELINE, std::move(message), where);
    }
    Error wrong(std::string message, std::string_view name) const {
        return Error(ErrorCode::INVALID_PIPELINE, std::move(message), below(name));
    }
};

/// Fails on members of `spec` that are not among the names.
Status check_members(const json::View& spec, std::initializer_list<std::string_view> names,
                     const StagePlace& place);
/// Whether a `let` may declare this name: letters, digits and underscores, beginning with a lower-case letter; or not
/// ASCII.
Status check_variable_name(std::string_view name, const StagePlace& place);
/// A path written as a plain name with dots: no dollar signs, no empty parts. `name` is the option it was given for.
Result<Path> field_name(const json::View& value, const StagePlace& place, std::string_view name);
/// The same written as "$path".
Result<Path> field_reference(const json::View& value, const StagePlace& place, std::string_view name);

}  // namespace credvault::query
