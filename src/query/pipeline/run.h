// What the steps of one run share: its work account and the evaluation of its expressions. Belongs to the run.
#pragma once

#include <vector>

#include "query/expression/evaluation.h"
#include "query/pipeline/work.h"

namespace credvault::query {

struct Run {
    Work& work;
    /// Variables are set by whoever began the run; a step begins it anew with the document that it looks at.
    Evaluation& evaluation;
    std::vector<Item> variables = {};  ///< Those of the scope that the pipeline was parsed with, by slot.
    class Profile* profile = nullptr;  ///< Of the run that is explained; none in pipelines within it.
};

}  // namespace credvault::query
