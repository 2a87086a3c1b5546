// The threads that write. Databases with something to write stand in one line; a thread takes the first, gives it one
// turn and puts it at the end again if more is left. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/sqlite/database.h"

namespace credvault::storage {

class WriterPool {
public:
    /// `after_turn` is called on a writer's thread after each turn, with the database that had it.
    WriterPool(unsigned threads, std::function<void(const std::shared_ptr<Database>&)> after_turn);
    /// As stop().
    ~WriterPool();

    /// Call where the database's queue said that it has to be put in line.
    void put_in_line(std::shared_ptr<Database> database);
    /// Gives all batches that wait their turn, then joins the threads. Background work is not waited for.
    void stop();

private:
    void loop();
    std::shared_ptr<Database> next();

    const std::function<void(const std::shared_ptr<Database>&)> after_turn_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::shared_ptr<Database>> line_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace credvault::storage
