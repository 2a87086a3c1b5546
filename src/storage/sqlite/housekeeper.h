// The engine's clock for what has to be looked at now and then: databases to close, background work to take up again
// after a failure, upkeep. A thread of its own that sleeps most of the time. Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "storage/sqlite/databases.h"
#include "storage/sqlite/writer_pool.h"

namespace credvault::storage {

class Housekeeper {
public:
    Housekeeper(Context& context, Databases& databases, WriterPool& writers);
    /// As stop().
    ~Housekeeper();
    void stop();

private:
    void loop();
    void look(bool upkeep);

    Context& context_;
    Databases& databases_;
    WriterPool& writers_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace credvault::storage
