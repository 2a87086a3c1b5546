// $documents: documents that are written down, or computed from nothing but variables. A pipeline begins with it.
#pragma once

#include <string>
#include <utility>

#include "query/expression/expression.h"
#include "query/pipeline/batch.h"
#include "query/pipeline/stage.h"
#include "query/pipeline/stage_parsing.h"

namespace credvault::query {

class DocumentsStage final : public Stage {
public:
    static Result<StageRef> parse(const json::View& spec, const StagePlace& place);
    DocumentsStage(Expression documents, std::string where)
        : Stage("$documents", StageShape::Collecting),
          documents_(std::move(documents)),
          where_(std::move(where)) {}

    std::unique_ptr<Step> step(Run&, Step&) const override { return nullptr; }
    bool asks_store() const override { return true; }
    /// Adds the documents. Fails with INVALID_PIPELINE where they are no array of objects.
    Status append(Batch& to, Run& run) const;

private:
    Expression documents_;
    std::string where_;
};

}  // namespace credvault::query
