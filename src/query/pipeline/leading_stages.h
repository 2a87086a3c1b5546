// The stages that a pipeline may begin with and an engine can answer: which documents, in which order, how many. The
// service reads them to ask the engine (leading_query.h); elsewhere in a pipeline they are steps as all others.
#pragma once

#include <cstdint>
#include <memory>

#include "query/pipeline/stage.h"
#include "query/pipeline/stage_parsing.h"

namespace credvault::query {

/// The filter with the values that the run has for its variables.
Filter bound(const Filter& filter, const Run& run);

class MatchStage final : public Stage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    explicit MatchStage(Filter filter) : Stage("$match", StageShape::Filter), filter_(std::move(filter)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override;
    const Filter& filter() const { return filter_; }

private:
    Filter filter_;
};

/// Ties go by id as in every sort, then by which came first.
class SortStage final : public Stage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    SortStage(Sort sort, std::uint64_t limit, std::string where)
        : Stage("$sort", StageShape::Collecting),
          sort_(std::move(sort)),
          limit_(limit),
          where_(std::move(where)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override;
    const Sort& sort() const { return sort_; }
    /// Of all that it would give, only so many are wanted.
    std::uint64_t limit() const { return limit_; }
    const std::string& where() const { return where_; }

private:
    Sort sort_;
    std::uint64_t limit_;
    std::string where_;
};

class LimitStage final : public Stage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    explicit LimitStage(std::uint64_t count) : Stage("$limit", StageShape::Counting), count_(count) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override;
    std::uint64_t count() const { return count_; }

private:
    std::uint64_t count_;
};

class SkipStage final : public Stage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    explicit SkipStage(std::uint64_t count) : Stage("$skip", StageShape::Counting), count_(count) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override;
    std::uint64_t count() const { return count_; }

private:
    std::uint64_t count_;
};

}  // namespace credvault::query
