// Imports as jobs: the runner that joins jobs/ with documents/transfer/.
#pragma once

#include "api/restricted_database.h"
#include "base/reply.h"
#include "documents/transfer/transfers.h"
#include "jobs/jobs.h"
#include "storage/engine.h"

namespace credvault::app {

/// Makes "import" a type of job. Everything must outlive the jobs. Before Jobs::open.
void add_import_job(jobs::Jobs& jobs, storage::Engine& engine, const documents::TransferSettings& settings,
                    const api::JobDatabases& databases);
/// Removes spooled data that no job knows of. Before the first call is served.
Reply<void> remove_orphaned_imports(storage::Engine& engine, const std::string& directory);

}  // namespace credvault::app
