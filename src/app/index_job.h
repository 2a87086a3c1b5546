// Builds of indexes as jobs: the store builds them by itself, between the writes of others; the job tells how far that
// is and can end it.
#pragma once

#include "api/restricted_database.h"
#include "jobs/jobs.h"
#include "storage/engine.h"

namespace credvault::app {

/// Makes "index" a type of job (its parameters are documents::IndexBuildOrder). Everything must outlive the jobs.
/// Before Jobs::open.
void add_index_job(jobs::Jobs& jobs, storage::Engine& engine, const api::JobDatabases& databases);

}  // namespace credvault::app
