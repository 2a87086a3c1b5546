// What the steps of one run share: its work account and the evaluation of its expressions. Belongs to the run.
#pragma once

#include "query/expression/evaluation.h"
#include "query/pipeline/work.h"

namespace credvault::query {

struct Run {
    Work& work;
    /// Variables are set by whoever began the run; a step begins it anew with the document that it looks at.
    Evaluation& evaluation;
};

}  // namespace credvault::query
