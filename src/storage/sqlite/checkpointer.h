// Moves what the write-ahead logs hold into the database files, in a thread of its own, so that no commit pays for it.
// A log is copied while writing goes on; then writing is held back for the little that came meanwhile, after which the
// log starts anew by itself. A log beyond its limit holds writing back from the start. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/sqlite/database.h"

namespace credvault::storage {

class Checkpointer {
public:
    explicit Checkpointer(Context& context);
    /// As stop().
    ~Checkpointer();

    /// Asks for a checkpoint where the database's log has grown enough for one. Cheap; call it often.
    void consider(const std::shared_ptr<Database>& database);
    void stop();

private:
    void loop();
    void checkpoint(Database& database);

    Context& context_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::shared_ptr<Database>> waiting_;
    std::int64_t resume_ns_ = 0;  ///< After a failure nothing is tried for a while.
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace credvault::storage
