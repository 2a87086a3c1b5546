// Pages of change logs for many who read the same ones: what one has read is there for the others who stand at the same
// place. One thread; what it refers to outlives its replies.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::webhooks {

struct LogPage {
    std::shared_ptr<const storage::ChangesPage> page;
    bool more = false;  ///< There is, or may be, something behind it.
};

class LogReader {
public:
    explicit LogReader(storage::Engine& engine) : engine_(engine) {}

    /// What follows a position, with the images that were kept; `current`: with the records as they stand now. Fails
    /// as Engine::changes does.
    Reply<LogPage> read(std::string log, std::uint64_t after, bool current);
    /// The last position before the first change of that time or later.
    Reply<std::uint64_t> position_at(std::string log, std::int64_t time_ms);
    /// The least position that can be gone on from.
    Reply<std::uint64_t> oldest(std::string log);
    void forget(const std::string& log) { pages_.erase(log); }

private:
    struct Kept {
        std::uint64_t after = 0;
        bool current = false;
        std::shared_ptr<const storage::ChangesPage> page;
    };
    Reply<storage::ChangesPage> look(std::string log, std::uint64_t after);

    storage::Engine& engine_;
    std::map<std::string, std::deque<Kept>> pages_;
};

}  // namespace credvault::webhooks
