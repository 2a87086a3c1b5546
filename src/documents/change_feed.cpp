#include "documents/change_feed.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "documents/change_token.h"
#include "storage/errors.h"

namespace credvault::documents {
namespace {

constexpr std::int64_t ms = 1'000'000;  // In nanoseconds.
constexpr std::int64_t retry_ns = 1'000 * ms;
constexpr std::int64_t look_after_ns = 1'000 * ms;
constexpr std::uint64_t read_limit = 2'000;
/// So many pages of the log are looked through for one page of a feed.
constexpr int max_pages_read = 20;

/// With many listeners changes are gathered for a moment, so that each is woken less often.
std::int64_t pace_ns(std::size_t listeners) {
    constexpr std::int64_t most = 50 * ms;
    constexpr std::int64_t for_each = ms / 20;
    return std::min(most, static_cast<std::int64_t>(listeners) * for_each);
}

/// Each restricted credential has a reading of its own, beside the one of those that see all.
std::string reading_name(const DatabaseEntry& database) {
    return database.store.empty() ? database.id : database.store + "/" + database.id;
}

SliceRef slice_of(const DatabaseEntry& database, const storage::ChangesRequest& request,
                  storage::ChangesPage page) {
    auto slice = std::make_shared<ChangeSlice>();
    slice->from = *request.after;
    slice->to = page.position;
    slice->with_records = request.current;
    slice->changes = std::move(page.changes);
    for (const storage::Change& change : slice->changes) {
        slice->heads.push_back(event_head(database, change));
        slice->bytes += sizeof(change) + 2 * slice->heads.back().size() + change.id.size();
        if (change.before) slice->bytes += change.before->size();
        if (change.after) slice->bytes += change.after->size();
        if (change.current) slice->bytes += change.current->text.size();
    }
    return slice;
}

}  // namespace

/// One database that is listened to, as the thread sees it.
struct ChangeFeed::Reading {
    explicit Reading(std::shared_ptr<ChangeHub> of) : hub(std::move(of)) {}

    const std::shared_ptr<ChangeHub> hub;
    bool changed = true;       ///< Under the feed's mutex: there is something to read.
    bool under_way = false;    ///< The rest belongs to the thread.
    bool lost = false;         ///< The log no longer reaches back to the buffer's end.
    std::int64_t from_ns = 0;  ///< Not before.
    std::int64_t looked_after_ns = 0;
    storage::ChangesRequest request;
};

ChangeFeed::ChangeFeed(storage::Engine& engine, storage::ChangeConsumers& consumers, FeedSettings settings)
    : engine_(engine), consumers_(consumers), settings_(settings) {
    std::promise<RunLoop*> started;
    std::future<RunLoop*> loop = started.get_future();
    thread_ = std::thread([this, promise = std::move(started)]() mutable {
        pthread_setname_np(pthread_self(), "changes");
        RunLoop own;
        promise.set_value(&own);
        run(own);
    });
    {
        std::lock_guard lock(mutex_);
        loop_ = loop.get();
    }
    consumers_.add(*this);
}

ChangeFeed::~ChangeFeed() { stop(); }

void ChangeFeed::stop() {
    {
        std::lock_guard lock(mutex_);
        if (std::exchange(stopping_, true)) return;
        for (const auto& [id, reading] : readings_) reading->hub->end();
        wake();
    }
    thread_.join();
    consumers_.remove(*this);
}

/// Under the mutex, which keeps the loop alive.
void ChangeFeed::wake() {
    if (loop_ != nullptr) loop_->post([] {});
}

void ChangeFeed::committed(std::string_view database) {
    if (listeners_.load(std::memory_order_relaxed) == 0) return;
    std::lock_guard lock(mutex_);
    bool woken = false;
    for (auto at = readings_.lower_bound(database); at != readings_.end(); ++at) {
        if (at->second->hub->database()->stored_id() != database) break;
        woken |= !std::exchange(at->second->changed, true);
    }
    if (woken) wake();
}

std::shared_ptr<ChangeHub> ChangeFeed::join(const DatabaseRef& database, Listener& listener) {
    std::lock_guard lock(mutex_);
    ++listeners_;
    std::shared_ptr<Reading>& reading = readings_[reading_name(*database)];
    if (!reading)
        reading = std::make_shared<Reading>(std::make_shared<ChangeHub>(database, settings_.buffer_bytes));
    reading->hub->join(listener);
    // What was committed before the hub was known has told nobody.
    reading->changed = true;
    wake();
    if (stopping_) reading->hub->end();
    return reading->hub;
}

void ChangeFeed::leave(ChangeHub& hub, Listener& listener) {
    std::lock_guard lock(mutex_);
    --listeners_;
    if (!hub.leave(listener)) return;
    const auto found = readings_.find(reading_name(*hub.database()));
    if (found == readings_.end() || found->second->hub.get() != &hub) return;
    readings_.erase(found);
    consumers_.hold(*this, hub.database()->id, {});
}

void ChangeFeed::run(RunLoop& loop) {
    for (;;) {
        look();
        std::int64_t wait_ns = 60'000 * ms;
        bool under_way = false;
        {
            std::lock_guard lock(mutex_);
            const std::int64_t now_ns = monotonic_ns();
            for (const auto& [id, reading] : readings_) {
                under_way |= reading->under_way;
                std::int64_t due_ns = reading->looked_after_ns + look_after_ns;
                if (reading->changed && !reading->under_way) due_ns = std::min(due_ns, reading->from_ns);
                wait_ns = std::clamp<std::int64_t>(due_ns - now_ns, 0, wait_ns);
            }
            // What the engine still answers comes to this loop.
            if (stopping_ && !under_way) {
                loop_ = nullptr;
                return;
            }
        }
        (void)loop.run_one_for(std::chrono::milliseconds((wait_ns + ms - 1) / ms));
    }
}

void ChangeFeed::look() {
    std::vector<std::shared_ptr<Reading>> due;
    const std::int64_t now_ns = monotonic_ns();
    {
        std::lock_guard lock(mutex_);
        if (stopping_) return;
        for (const auto& [id, reading] : readings_) {
            if (now_ns - reading->looked_after_ns >= look_after_ns) look_after(*reading, now_ns);
            if (!reading->changed || reading->under_way || reading->from_ns > now_ns) continue;
            reading->changed = false;
            due.push_back(reading);
        }
    }
    for (const std::shared_ptr<Reading>& reading : due) read(reading);
}

void ChangeFeed::look_after(Reading& reading, std::int64_t now_ns) {
    reading.looked_after_ns = now_ns;
    reading.hub->tell_idle(now_ns - settings_.heartbeat_ms * ms);
    consumers_.hold(*this, reading.hub->database()->id, reading.hub->least_position());
}

void ChangeFeed::read(const std::shared_ptr<Reading>& reading) {
    const std::optional<std::uint64_t> end = reading->hub->end_position();
    if (!end) {  // The first one who listens is about to say where the buffer begins.
        std::lock_guard lock(mutex_);
        reading->changed = true;
        reading->from_ns = monotonic_ns() + ms;
        return;
    }
    reading->under_way = true;
    storage::ChangesRequest& request = reading->request;
    request.database = reading->hub->database()->id;
    request.after = reading->lost ? std::nullopt : end;
    request.limit = reading->lost ? 0 : read_limit;
    request.images = request.current = reading->hub->wants_records();
    engine_.changes(request).then(
        [this, reading](Result<storage::ChangesPage> page) { finish(reading, std::move(page)); });
}

void ChangeFeed::finish(const std::shared_ptr<Reading>& reading, Result<storage::ChangesPage> page) {
    ChangeHub& hub = *reading->hub;
    bool again = false;
    std::int64_t from_ns = monotonic_ns() + pace_ns(hub.listeners());
    if (!page.ok()) {
        const ErrorCode code = page.error().code;
        reading->lost = code == ErrorCode::CHANGES_GONE || code == ErrorCode::INVALID_CURSOR;
        again = code != ErrorCode::DATABASE_NOT_FOUND;
        if (!again) hub.end();
        if (again && !reading->lost) {
            from_ns = monotonic_ns() + retry_ns;
            log::warning("changes can't be read",
                         {{"database", hub.database()->id}, {"cause", page.error().cause}});
        }
    } else if (reading->lost) {
        reading->lost = false;
        again = true;
        hub.begin_anew(page->oldest);
    } else {
        again = page->has_more();
        if (again) from_ns = 0;
        if (page->position > *reading->request.after)
            hub.add(slice_of(*hub.database(), reading->request, std::move(page).value()));
    }
    std::lock_guard lock(mutex_);
    reading->under_way = false;
    reading->changed |= again;
    reading->from_ns = from_ns;
}

Reply<FeedStart> ChangeFeed::start_of(const DatabaseRef& database, const std::string& since,
                                      const ChangeSelection& selection) {
    if (!selection.collection.empty())
        CO_TRY_VOID(co_await engine_.describe_collection(database->id, selection.collection));
    storage::ChangesRequest request;
    request.database = database->id;
    request.limit = 0;
    if (since != "now" && since != "oldest") {
        CO_TRY(request.after, parse_change_token(*database, since));
    }
    CO_TRY(const storage::ChangesPage page, co_await engine_.changes(request));
    co_return FeedStart{since == "now" ? page.horizon : page.position, page.horizon};
}

Reply<ChangePage> ChangeFeed::page(DatabaseRef database, std::string since, ChangeSelection selection,
                                   std::uint64_t limit) {
    CO_TRY(const FeedStart start, co_await start_of(database, since, selection));
    std::uint64_t position = start.position;
    storage::ChangesRequest request;
    request.database = database->id;
    request.collection = selection.collection;
    request.limit = limit;
    request.images = request.current = selection.needs_records();
    ChangePage answer;
    answer.changes = "[";
    std::uint64_t given = 0;
    for (int pages = 0; pages < max_pages_read; ++pages) {
        request.after = position;
        CO_TRY(const storage::ChangesPage page, co_await engine_.changes(request));
        answer.oldest = change_token(*database, page.oldest);
        bool full = false;
        for (const storage::Change& change : page.changes) {
            const std::size_t before = answer.changes.size();
            if (given > 0) answer.changes += ',';
            const bool taken = append_event(answer.changes, event_head(*database, change), change, selection,
                                            settings_.page_bytes);
            if (!taken) answer.changes.resize(before);
            given += taken ? 1 : 0;
            position = change.sequence;
            full = given == limit || answer.changes.size() >= settings_.page_bytes;
            if (full) break;
        }
        if (!full) position = page.position;
        answer.has_more = position < page.horizon;
        if (full || !answer.has_more) break;
    }
    answer.changes += ']';
    answer.position = change_token(*database, position);
    co_return answer;
}

Reply<std::unique_ptr<ChangeStream>> ChangeFeed::stream(DatabaseRef database, std::string since,
                                                        ChangeSelection selection) {
    if (listeners_ >= settings_.max_listeners) co_return storage::overloaded("too many listeners");
    CO_TRY(const FeedStart start, co_await start_of(database, since, selection));
    co_return std::make_unique<ChangeStream>(*this, database, std::move(selection), start);
}

}  // namespace credvault::documents
