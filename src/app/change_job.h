// Updates and deletes of many records as jobs: the runners that join jobs/ with documents/mass_change.
#pragma once

#include "jobs/jobs.h"
#include "storage/engine.h"

namespace credvault::app {

/// Makes "update" and "delete" types of jobs. The engine must outlive the jobs. Before Jobs::open.
void add_change_jobs(jobs::Jobs& jobs, storage::Engine& engine);

}  // namespace credvault::app
