// Those who follow the change log of one engine: tells each of them of commits, asks for the images that any of them
// needs, and holds the log for the one who is the furthest behind. Sits between the engine, which knows one listener
// and one position a database, and its consumers. Thread-safe; outlives its consumers, and the engine outlives it.
#pragma once

#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/engine.h"

namespace credvault::storage {

class ChangeConsumers final : public CommitListener {
public:
    /// Becomes the engine's listener.
    explicit ChangeConsumers(Engine& engine);
    ~ChangeConsumers() override;
    ChangeConsumers(const ChangeConsumers&) = delete;
    ChangeConsumers& operator=(const ChangeConsumers&) = delete;

    void add(CommitListener& consumer);
    /// When it returns the consumer is told of nothing any more, and holds nothing.
    void remove(CommitListener& consumer);
    /// As Engine::hold_changes, for this consumer.
    void hold(const CommitListener& consumer, std::string_view database,
              std::optional<std::uint64_t> position);

    void committed(std::string_view database) override;
    ChangeImages images(std::string_view database, std::string_view collection) const override;

private:
    using Holder = std::pair<std::string, const CommitListener*>;  // database, who

    std::optional<std::uint64_t> least(const std::string& database) const;

    Engine& engine_;
    mutable std::shared_mutex mutex_;
    std::vector<CommitListener*> consumers_;
    std::mutex holding_;
    std::map<Holder, std::uint64_t> held_;
};

}  // namespace credvault::storage
