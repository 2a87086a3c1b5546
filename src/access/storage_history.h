// What workspaces hold over time: a record of the events database for each hour in which it has changed, and one a day
// where it has not. Between two records it was what the first one says. note() is for one thread; read() for all.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "access/allotments.h"
#include "base/reply.h"
#include "storage/engine.h"
#include "storage/quota.h"

namespace credvault::access {

/// At the end of an hour, or as of now in the present one.
struct StorageSample {
    std::string hour;  ///< Its beginning, "2026-01-31T13:00:00.000Z".
    storage::Stock stock;
};

class StorageHistory {
public:
    /// Both must outlive it.
    StorageHistory(storage::Engine& engine, Allotments& allotments)
        : engine_(engine), allotments_(allotments) {}

    /// Makes the collection. Fails as Engine::write does.
    Reply<void> open(std::int64_t keep_seconds);
    /// Writes down what has changed, of the workspaces whose databases have all been counted; counts some more.
    /// Fails as Engine::write does.
    Reply<void> note(std::int64_t now_ms);
    /// Samples of the workspace from the hour on to before another, ascending, and before them the last one from
    /// earlier, if there is any. Hours are texts as in StorageSample, or beginnings of such. Fails as Engine::find
    /// does.
    Reply<std::vector<StorageSample>> read(std::string workspace, std::string from, std::string before);

private:
    using Samples = std::unordered_map<std::string, StorageSample>;  ///< By workspace.

    Samples changed(std::int64_t now_ms);
    Reply<void> write(const Samples& samples);

    storage::Engine& engine_;
    Allotments& allotments_;
    Samples written_;  ///< Of each workspace the last one since the start.
};

/// The beginning of a time's hour, "2026-01-31T13:00:00.000Z".
std::string hour_of(std::int64_t ms);

}  // namespace credvault::access
