// The engine's clock for what has to be looked at now and then: databases to close, background work to take up again
// after a failure, upkeep, records that expire. A thread of its own that sleeps most of the time. Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

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
    /// Databases that nobody uses expire too: those with a TTL index are known once they were looked into.
    void look_for_ttl();
    void sweep_expired();

    Context& context_;
    Databases& databases_;
    WriterPool& writers_;
    std::set<std::string, std::less<>> with_ttl_;
    std::vector<std::string> unseen_;  ///< There at the start, and not looked into yet.
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace credvault::storage
