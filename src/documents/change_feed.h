// The change feed: pages of a database's change log, and streams that go on as changes are committed. One thread reads
// for all who listen; a listener who falls behind its buffer reads the store by himself until he has caught up. Owns
// the thread. Thread-safe; outlives its streams, and the engine's stop() outlives it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/reply.h"
#include "base/run_loop.h"
#include "documents/change_events.h"
#include "documents/change_hub.h"
#include "storage/change_consumers.h"
#include "storage/engine.h"

namespace credvault::documents {

struct FeedSettings {
    std::int64_t heartbeat_ms = 15'000;          ///< A stream without changes shows a sign of life so often.
    std::size_t buffer_bytes = 8 * 1024 * 1024;  ///< Of newest changes, per database that is listened to.
    std::size_t max_record_bytes = 256 * 1024;   ///< Larger records are left out of streams.
    std::size_t max_listeners = 10'000;          ///< In all; beyond it OVERLOADED.
    std::size_t page_bytes = 16 * 1024 * 1024;   ///< A page ends at this size.
};

/// A page of changes as JSON.
struct ChangePage {
    std::string changes;   ///< A canonical array.
    std::string position;  ///< Go on from here.
    std::string oldest;    ///< The oldest position that is kept.
    bool has_more = false;
};

/// What a stream gives next: some changes, or a gap, or just where it stands.
struct ChangeDelivery {
    struct Event {
        std::string_view operation;
        std::string position;
        std::string text;
    };
    std::vector<Event> events;
    std::string position;
    bool gap = false;    ///< Changes up to `position` were lost to this listener.
    bool ended = false;  ///< There is nothing more.
};

/// Where somebody begins to listen, and where the log ended then.
struct FeedStart {
    std::uint64_t position = 0;
    std::uint64_t horizon = 0;
};

class ChangeFeed;

class ChangeStream {
public:
    ChangeStream(ChangeFeed& feed, const DatabaseRef& database, ChangeSelection selection, FeedStart start);
    ~ChangeStream();
    ChangeStream(const ChangeStream&) = delete;
    ChangeStream& operator=(const ChangeStream&) = delete;

    std::string position() const;
    /// Waits for the next changes. One call at a time.
    Reply<ChangeDelivery> next();
    /// A waiting next() answers soon, with the end.
    void cancel();

private:
    Reply<void> catch_up(ChangeDelivery& delivery);
    Reply<void> skip_gap(ChangeDelivery& delivery);
    void take(const std::vector<SliceRef>& slices, ChangeDelivery& delivery);
    /// False: the delivery is large enough.
    bool take(const storage::Change& change, std::string_view head, ChangeDelivery& delivery);

    ChangeFeed& feed_;
    std::shared_ptr<ChangeHub> hub_;
    const ChangeSelection selection_;
    Listener listener_;
    storage::ChangesRequest request_;
    std::size_t bytes_ = 0;  ///< Of the delivery.
    std::atomic<bool> cancelled_{false};
};

class ChangeFeed final : public storage::CommitListener {
public:
    /// `engine` and `consumers`, whom it joins, must outlive the feed.
    ChangeFeed(storage::Engine& engine, storage::ChangeConsumers& consumers, FeedSettings settings);
    ~ChangeFeed() override;
    /// Ends all streams and the thread. Call before the engine's stop().
    void stop();

    /// `since` is a position, "oldest" or "now". Fails with COLLECTION_NOT_FOUND, INVALID_CURSOR, CHANGES_GONE.
    Reply<ChangePage> page(DatabaseRef database, std::string since, ChangeSelection selection,
                           std::uint64_t limit);
    /// The same, and OVERLOADED.
    Reply<std::unique_ptr<ChangeStream>> stream(DatabaseRef database, std::string since,
                                                ChangeSelection selection);

    std::size_t listeners() const { return listeners_; }
    void committed(std::string_view database) override;

private:
    friend class ChangeStream;
    struct Reading;

    Reply<FeedStart> start_of(const DatabaseRef& database, const std::string& since,
                              const ChangeSelection& selection);
    std::shared_ptr<ChangeHub> join(const DatabaseRef& database, Listener& listener);
    void leave(ChangeHub& hub, Listener& listener);

    // The feed's thread.
    void run(RunLoop& loop);
    void look();
    void read(const std::shared_ptr<Reading>& reading);
    void finish(const std::shared_ptr<Reading>& reading, Result<storage::ChangesPage> page);
    void look_after(Reading& reading, std::int64_t now_ns);
    void wake();

    storage::Engine& engine_;
    storage::ChangeConsumers& consumers_;
    const FeedSettings settings_;
    std::atomic<std::size_t> listeners_{0};
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Reading>, std::less<>> readings_;  ///< By the database's id.
    RunLoop* loop_ = nullptr;                                                ///< The thread's, while it runs.
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace credvault::documents
