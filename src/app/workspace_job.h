// The job that removes the data of a deleted workspace: what joins access/, documents/ and jobs/ for it.
#pragma once

#include "api/service_set.h"
#include "base/reply.h"

namespace credvault::app {

/// Makes "delete_workspace" a type of job. The set must outlive the jobs. Before Jobs::open.
void add_workspace_job(api::ServiceSet& services);
/// Begins the jobs of deletions that a stop cut off before theirs was written. After Jobs::open.
Reply<void> resume_workspace_deletions(api::ServiceSet& services);

}  // namespace credvault::app
