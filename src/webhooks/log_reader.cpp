#include "webhooks/log_reader.h"

#include <algorithm>
#include <utility>

namespace credvault::webhooks {
namespace {

constexpr std::uint64_t page_changes = 256;
constexpr std::size_t page_bytes = 1024 * 1024;
constexpr std::size_t kept_pages = 4;

}  // namespace

Reply<LogPage> LogReader::read(std::string log, std::uint64_t after, bool current) {
    std::deque<Kept>& pages = pages_[log];
    for (const Kept& kept : pages) {
        // More may have been appended since: whoever gets it comes again.
        if (kept.after == after && kept.current >= current) co_return LogPage{kept.page, true};
    }
    storage::ChangesRequest request;
    request.database = log;
    request.after = after;
    request.limit = page_changes;
    request.max_bytes = page_bytes;
    request.images = true;
    request.current = current;
    request.catalogue = true;
    CO_TRY(storage::ChangesPage page, co_await engine_.changes(request));
    auto shared = std::make_shared<const storage::ChangesPage>(std::move(page));
    if (!shared->changes.empty()) {
        std::deque<Kept>& now = pages_[log];
        std::erase_if(now, [&](const Kept& kept) { return kept.after == after; });
        now.push_front({after, current, shared});
        if (now.size() > kept_pages) now.pop_back();
    }
    co_return LogPage{shared, shared->has_more()};
}

Reply<storage::ChangesPage> LogReader::look(std::string log, std::uint64_t after) {
    storage::ChangesRequest request;
    request.database = log;
    request.after = after;
    request.limit = 1;
    request.catalogue = true;
    co_return co_await engine_.changes(request);
}

Reply<std::uint64_t> LogReader::oldest(std::string log) {
    storage::ChangesRequest request;
    request.database = log;
    request.limit = 0;
    CO_TRY(const storage::ChangesPage page, co_await engine_.changes(request));
    co_return page.oldest;
}

Reply<std::uint64_t> LogReader::position_at(std::string log, std::int64_t time_ms) {
    storage::ChangesRequest request;
    request.database = log;
    request.limit = 0;
    CO_TRY(const storage::ChangesPage ends, co_await engine_.changes(request));
    // All changes at or before `low` are earlier, all behind `high` are not.
    std::uint64_t low = ends.oldest;
    std::uint64_t high = ends.horizon;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        CO_TRY(const storage::ChangesPage page, co_await look(log, middle));
        if (page.changes.empty() || page.changes.front().time_ms >= time_ms) {
            high = middle;
        } else {
            low = page.changes.front().sequence;
        }
    }
    co_return low;
}

}  // namespace credvault::webhooks
