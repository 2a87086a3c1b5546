#include "storage/observed_engine.h"
#include "storage/platform.h"

#include <utility>
#include <variant>

namespace credvault::storage {
namespace {

/// The platform's own database is no user's to index.
bool is_users(std::string_view database) { return !is_platform_database(database); }

}  // namespace

void ObservedEngine::note(const FindRequest& request, const WorkStats& stats) {
    const query::QueryShape shape{request.filter, request.sort, request.any_order, request.limit != no_limit};
    log_.note({"find", request.database, request.collection, shape}, stats);
}

void ObservedEngine::note(const CountRequest& request, const WorkStats& stats) {
    const query::Sort no_sort;
    const query::QueryShape shape{request.filter, no_sort, true, false};
    log_.note({"count", request.database, request.collection, shape}, stats);
}

/// The request lives until the reply is ready, as with every engine.
template <class Request, class Answer>
Reply<Answer> ObservedEngine::noted(const Request& request, Reply<Answer> reply) {
    Result<Answer> answer = co_await std::move(reply);
    if (answer.ok()) note(request, answer->stats);
    co_return answer;
}

Reply<FindResult> ObservedEngine::find(const FindRequest& request, RowSink& sink) {
    Reply<FindResult> reply = inner_.find(request, sink);
    if (!is_users(request.database)) return reply;
    if (!reply.ready()) return noted(request, std::move(reply));
    Result<FindResult> found = reply.take();
    if (found.ok()) note(request, found->stats);
    return found;
}

Reply<CountResult> ObservedEngine::count(const CountRequest& request) {
    Reply<CountResult> reply = inner_.count(request);
    if (!is_users(request.database)) return reply;
    if (!reply.ready()) return noted(request, std::move(reply));
    Result<CountResult> counted = reply.take();
    if (counted.ok()) note(request, counted->stats);
    return counted;
}

Reply<void> ObservedEngine::drop_database(std::string_view database) {
    log_.forget(database);
    return inner_.drop_database(database);
}

Reply<WriteOutcome> ObservedEngine::write(const WriteBatch& batch) {
    for (const Operation& operation : batch.operations) {
        const auto* const dropped = std::get_if<DropCollection>(&operation);
        if (dropped != nullptr) log_.forget(batch.database, dropped->name);
    }
    return inner_.write(batch);
}

}  // namespace credvault::storage
