#include "jobs/jobs.h"

#include <utility>

#include "jobs/board.h"

namespace credvault::jobs {

Jobs::Jobs(storage::Engine& engine, JobSettings settings)
    : board_(std::make_unique<Board>(engine, settings)) {}

Jobs::~Jobs() { stop(); }

void Jobs::add(JobType type) { board_->add(std::move(type)); }

Reply<void> Jobs::open() { return board_->open(); }

void Jobs::stop() { board_->stop(); }

Reply<StartedJob> Jobs::start(JobRequest request, std::optional<storage::Idempotency> idempotency) {
    return board_->start(std::move(request), std::move(idempotency));
}

Reply<std::string> Jobs::get(std::string workspace, std::string id, std::string actor) {
    return board_->store().get(std::move(workspace), std::move(id), std::move(actor));
}

Reply<storage::Listing> Jobs::list(std::string workspace, storage::ListQuery query, std::string actor) {
    return board_->store().list(std::move(workspace), std::move(query), std::move(actor));
}

Reply<std::string> Jobs::cancel(std::string workspace, std::string id) {
    return board_->cancel(std::move(workspace), std::move(id));
}

std::string Jobs::new_id() { return board_->new_id(); }

JobCounts Jobs::counts() const { return board_->counts(); }

std::vector<EndedJobs> Jobs::ended() const { return board_->ended(); }

const JobSettings& Jobs::settings() const { return board_->settings(); }

}  // namespace credvault::jobs
