// The engine that the configuration names, with what is wrapped around it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"
#include "storage/engine.h"
#include "storage/query_log.h"

namespace credvault::app {

/// Owns the layers of an engine, the outermost last.
class EngineStack {
public:
    /// `data` is the data directory. "sqlite" is the store itself; "memory" and "delayed" (every answer later, from
    /// another thread) are checked against the engine contract as well. Fails as open_sqlite_engine does.
    static Result<std::unique_ptr<EngineStack>> open(const Config& config, const std::string& data);
    ~EngineStack();

    storage::Engine& top() { return *layers_.back(); }
    /// What its questions cost.
    const storage::QueryLog& query_log() const { return *query_log_; }

private:
    std::unique_ptr<storage::QueryLog> query_log_;
    std::vector<std::unique_ptr<storage::Engine>> layers_;
};

}  // namespace credvault::app
