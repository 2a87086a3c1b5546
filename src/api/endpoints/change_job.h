// Updates and deletes by filter that run as jobs, since more records match than one call may change or since the client
// asks for it. Under an Idempotency-Key the job is named in the database that it changes, so that a repeated call finds
// either the answer or the job, whichever the first one came to.
#pragma once

#include <optional>
#include <string>

#include "api/context.h"
#include "api/endpoints/job_shapes.h"
#include "api/endpoints/update_shapes.h"
#include "documents/change_order.h"
#include "storage/write.h"

namespace credvault::api {

/// The answer of a call that was no job.
template <class Shape>
DoneOrJob<Raw<Shape>, Raw<JobShape>> done_of(StoredAnswer answer) {
    DoneOrJob<Raw<Shape>, Raw<JobShape>> response;
    response.done = Raw<Shape>{std::move(answer.data)};
    response.violations = std::move(answer.violations);
    return response;
}

/// The same of one that was kept from the first time.
template <class Shape>
Result<DoneOrJob<Raw<Shape>, Raw<JobShape>>> done_from(const std::string& stored) {
    TRY(StoredAnswer answer, StoredAnswer::parse(stored));
    return done_of<Shape>(std::move(answer));
}

/// What a call came to: one of them is there.
struct ChangeLater {
    std::string answer;  ///< A StoredAnswer of the first call under the same key, which was no job.
    std::string job;     ///< The job's text.
    std::string job_id;

    /// As the response of the call. Shape is that of its answer.
    template <class Shape>
    Result<DoneOrJob<Raw<Shape>, Raw<JobShape>>> as() {
        if (!answer.empty()) return done_from<Shape>(answer);
        DoneOrJob<Raw<Shape>, Raw<JobShape>> response;
        response.job.text = std::move(job);
        response.location = job_url(job_id);
        return response;
    }
};

/// Queues a job of the type ("update" or "delete"). `order` lacks its collection_ms, which is filled in. Fails with
/// DATABASE_NOT_FOUND, COLLECTION_NOT_FOUND, JOB_NOT_FOUND (the job of the first call has ended and is gone),
/// INVALID_RECORD (it is too large to be kept), and as Jobs::start does.
Reply<ChangeLater> change_later(Context& context, const CollectionPath& at, std::string type,
                                documents::ChangeOrder order, std::optional<storage::Idempotency> key);
/// Whether a kept answer says that a job does it; change_later finds that job.
bool names_job(const std::string& answer);

/// Whether an error of Updates means that a job can do it.
inline bool suits_job(const SelectionFields& which, const Error& error) {
    return which.multi.value_or(false) && error.code == ErrorCode::LIMIT_EXCEEDED;
}

}  // namespace credvault::api
