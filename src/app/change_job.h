// Updates and deletes of many records as jobs: the runners that join jobs/ with documents/mass_change.
#pragma once

#include "api/restricted_database.h"
#include "jobs/jobs.h"
#include "storage/engine.h"

namespace credvault::app {

/// Makes "update" and "delete" types of jobs. Everything must outlive the jobs. Before Jobs::open.
void add_change_jobs(jobs::Jobs& jobs, storage::Engine& engine, const api::JobDatabases& databases);

}  // namespace credvault::app
