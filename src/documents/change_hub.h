// The newest changes of one database, read once and shared by all who listen to it. The feed's thread adds slices as
// they are committed; listeners take them from where they stand, or wait. What has left the buffer they read from the
// store themselves. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/reply.h"
#include "documents/place.h"
#include "storage/changes.h"

namespace credvault::documents {

/// Some changes in their order. Immutable, shared.
struct ChangeSlice {
    std::uint64_t from = 0;  ///< All changes behind this position …
    std::uint64_t to = 0;    ///< … up to this one are in it.
    bool with_records = false;
    std::size_t bytes = 0;
    std::vector<storage::Change> changes;
    std::vector<std::string> heads;  ///< event_head of each.
};
using SliceRef = std::shared_ptr<const ChangeSlice>;

/// Why a listener that waited goes on.
enum class Woken : std::uint8_t { Changes, Idle, Ended };

/// One who listens, as the hub sees him.
struct Listener {
    std::atomic<std::uint64_t> position{0};
    bool needs_records = false;
};

class ChangeHub {
public:
    ChangeHub(DatabaseRef database, std::size_t buffer_bytes)
        : database_(std::move(database)), buffer_bytes_(buffer_bytes) {}

    const DatabaseRef& database() const { return database_; }

    void join(Listener& listener);
    /// Wakes him where he waits. True: nobody is left.
    bool leave(Listener& listener);

    /// The slices that hold what comes behind the position, possibly none; nothing where the buffer does not reach back
    /// so far or has no records where they are needed.
    std::optional<std::vector<SliceRef>> behind(std::uint64_t position, bool needs_records) const;
    /// Waits until there are changes behind the position.
    Reply<Woken> wait(const Listener& listener, std::uint64_t position);
    void wake(const Listener& listener);

    // For the feed's thread.
    /// Where the log ended when somebody joined: the buffer begins there if it has not begun.
    void begin(std::uint64_t position);
    void add(SliceRef slice);
    /// The changes behind this position are lost to the buffer: it begins anew at another one.
    void begin_anew(std::uint64_t position);
    std::optional<std::uint64_t> end_position() const;
    bool wants_records() const;
    std::size_t listeners() const;
    /// The listener who is the furthest behind, or nothing where nobody listens.
    std::optional<std::uint64_t> least_position() const;
    /// Tells those who have waited since before `started_ns` that nothing happened.
    void tell_idle(std::int64_t started_ns);
    /// There is no such database any more.
    void end();

private:
    struct Waiting {
        const Listener* listener;
        Completer<Woken> completer;
        std::int64_t since_ns;
    };

    void wake_all(Woken why);

    const DatabaseRef database_;
    const std::size_t buffer_bytes_;
    mutable std::mutex mutex_;
    std::vector<Listener*> listeners_;
    std::vector<Waiting> waiting_;
    std::deque<SliceRef> slices_;
    std::size_t bytes_ = 0;
    std::optional<std::uint64_t> end_;  ///< Of the buffer.
    bool ended_ = false;
};

}  // namespace credvault::documents
