// Writes down when keys were last used: on a thread of its own, many keys in one batch, each at most once a minute.
// Thread-safe; stop() is called before the engine stops.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "access/key_registry.h"
#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::access {

class KeyUses {
public:
    KeyUses(storage::Engine& engine, KeyRegistry& registry) : engine_(engine), registry_(registry) {}
    ~KeyUses() { stop(); }

    void start();
    /// Writes what is not written yet. Safe to call twice.
    void stop();
    /// What the thread does from time to time.
    Reply<void> write();

private:
    void run();

    storage::Engine& engine_;
    KeyRegistry& registry_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace credvault::access
