#include "storage/memory/memory_changes.h"

#include <algorithm>
#include <utility>

#include "storage/errors.h"
#include "storage/memory/memory_database.h"

namespace credvault::storage {
namespace {

std::size_t size_of(const Change& change) {
    std::size_t bytes = sizeof(Change) + change.id.size();
    if (change.before) bytes += change.before->size();
    if (change.after) bytes += change.after->size();
    if (change.current) bytes += change.current->text.size();
    return bytes;
}

Change given(const MemoryDatabase& database, const LoggedMemoryChange& logged,
             const ChangesRequest& request) {
    Change change = logged.change;
    if (!request.images) {
        change.before.reset();
        change.after.reset();
    }
    const auto within = database.collections.find(change.collection);
    const bool live =
        within != database.collections.end() && within->second.identity.number == logged.collection;
    if (!request.current || !live || !is_of_record(change.kind)) return change;
    if (const MemoryRecord* const record = within->second.find(change.id))
        change.current.emplace(CurrentRecord{record->text, record->revision()});
    return change;
}

}  // namespace

Result<ChangesPage> read_changes(const MemoryDatabase& database, const ChangesRequest& request) {
    ChangesPage page;
    page.oldest = 0;
    page.horizon = database.last_change;
    page.position = request.after.value_or(page.oldest);
    if (page.position > page.horizon) return position_ahead();
    if (request.limit == 0) return page;
    std::size_t bytes = 0;
    auto at = std::upper_bound(
        database.log.begin(), database.log.end(), page.position,
        [](std::uint64_t position, const LoggedMemoryChange& one) { return position < one.change.sequence; });
    for (; at != database.log.end(); ++at) {
        page.position = at->change.sequence;
        if (!request.catalogue && is_of_catalogue(at->change.kind)) continue;
        if (!request.collection.empty() && at->change.collection != request.collection) continue;
        page.changes.push_back(given(database, *at, request));
        bytes += size_of(page.changes.back());
        if (page.changes.size() == request.limit || bytes >= request.max_bytes) return page;
    }
    page.position = page.horizon;  // What a batch that failed had numbered is no change.
    return page;
}

}  // namespace credvault::storage
