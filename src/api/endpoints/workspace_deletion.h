// The job that removes a workspace's data; app/ runs it, and begins it anew where a stop came between.
#pragma once

#include <string>

#include "jobs/jobs.h"

namespace credvault::api {

jobs::JobRequest deletion_of(const std::string& workspace, const std::string& actor);

}  // namespace credvault::api
