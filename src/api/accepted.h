// The answer to what a job will do.
#pragma once

#include <string>
#include <utility>

#include "api/answer.h"

namespace credvault::api {

/// 202 with the job, and where it is.
template <class Job>
struct Accepted {
    Job job;
    std::string location;
};

template <class Job>
struct Answer<Accepted<Job>> : Answer<Resource<Job>> {
    static std::vector<AnswerStatus> statuses() { return {{202, true}}; }
    static void encode(http::Response& to, Accepted<Job> from) {
        to.status = 202;
        put_location(to, from.location);
        put_data(to, from.job);
    }
};

}  // namespace credvault::api
