#include "app/engines.h"

#include "storage/contract_engine.h"
#include "storage/delayed_engine.h"
#include "storage/memory/memory_engine.h"
#include "storage/observed_engine.h"
#include "storage/sqlite/sqlite_engine.h"

namespace credvault::app {

Result<std::unique_ptr<EngineStack>> EngineStack::open(const Config& config, const std::string& data) {
    auto stack = std::make_unique<EngineStack>();
    auto& layers = stack->layers_;
    if (config.engine == "memory") {
        layers.push_back(std::make_unique<storage::MemoryEngine>());
    } else {
        storage::SqliteOptions options = config.storage;
        options.directory = data;
        TRY(std::unique_ptr<storage::Engine> opened, storage::open_sqlite_engine(std::move(options)));
        layers.push_back(std::move(opened));
    }
    if (config.engine == "delayed")
        layers.push_back(std::make_unique<storage::DelayedEngine>(*layers.back()));
    if (config.engine != "sqlite")
        layers.push_back(std::make_unique<storage::ContractEngine>(*layers.back()));
    stack->query_log_ = std::make_unique<storage::QueryLog>(config.query_log);
    layers.push_back(std::make_unique<storage::ObservedEngine>(*layers.back(), *stack->query_log_));
    return stack;
}

EngineStack::~EngineStack() {
    while (!layers_.empty()) layers_.pop_back();
}

}  // namespace credvault::app
