// The engines that the suite runs over, each wrapped as its kind says: bare, behind the contract wrapper, behind the
// one that answers late. A stack owns its engines and its directory, and stops and removes them at its end.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "storage/contract_engine.h"
#include "storage/delayed_engine.h"
#include "storage/engine.h"
#include "storage/sqlite/sqlite_options.h"

namespace credvault::storage::suite {

enum class Base { Memory, Sqlite };

struct EngineKind {
    std::string name;
    Base base;
    bool delayed;
    bool contract;

    /// Whether the engine chooses indexes; the oracle looks at every record.
    bool plans() const { return base == Base::Sqlite; }
    friend std::ostream& operator<<(std::ostream& out, const EngineKind& kind) { return out << kind.name; }
};

/// What the suite runs over.
std::vector<EngineKind> all_kinds();

/// A directory of its own for a test, removed with everything in it at the end.
class ScratchDirectory {
public:
    ScratchDirectory();
    ~ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

/// Budgets so small that ordinary tests leave the calling thread, cross slices and build indexes in the background.
SqliteOptions small_budgets(std::string directory);

class EngineStack {
public:
    explicit EngineStack(const EngineKind& kind, const std::function<void(SqliteOptions&)>& adjust = {});
    ~EngineStack();
    EngineStack(const EngineStack&) = delete;
    EngineStack& operator=(const EngineStack&) = delete;

    Engine& top() { return *top_; }
    /// Stops the engines; the destructor does it where this was not called.
    void stop();

private:
    std::unique_ptr<ScratchDirectory> directory_;
    std::unique_ptr<Engine> base_;
    std::unique_ptr<DelayedEngine> delayed_;
    std::unique_ptr<ContractEngine> contract_;
    Engine* top_ = nullptr;
    bool stopped_ = false;
};

}  // namespace credvault::storage::suite
