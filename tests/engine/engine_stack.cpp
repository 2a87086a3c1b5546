#include "engine/engine_stack.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "storage/memory/memory_engine.h"
#include "storage/sqlite/sqlite_engine.h"

namespace credvault::storage::suite {

std::vector<EngineKind> all_kinds() {
    return {
        {"memory", Base::Memory, false, false},
        {"sqlite", Base::Sqlite, false, false},
        {"contract_memory", Base::Memory, false, true},
        {"contract_sqlite", Base::Sqlite, false, true},
        {"contract_delayed_sqlite", Base::Sqlite, true, true},
    };
}

ScratchDirectory::ScratchDirectory() {
    // In memory where that can be had: what a disk takes to sync a file is nothing that this suite asks about.
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory = ::access(memory.c_str(), W_OK) == 0;
    const std::filesystem::path parent = in_memory ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "credvault_engine_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

ScratchDirectory::~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

SqliteOptions small_budgets(std::string directory) {
    SqliteOptions options;
    options.directory = std::move(directory);
    options.inline_rows = 40;
    options.inline_bytes = 16 * 1024;
    options.slice_rows = 30;
    options.instant_index_records = 50;
    return options;
}

EngineStack::EngineStack(const EngineKind& kind, const std::function<void(SqliteOptions&)>& adjust) {
    if (kind.base == Base::Memory) {
        base_ = std::make_unique<MemoryEngine>();
    } else {
        directory_ = std::make_unique<ScratchDirectory>();
        SqliteOptions options = small_budgets(directory_->path());
        if (adjust) adjust(options);
        auto opened = open_sqlite_engine(options);
        if (!opened.ok()) {
            ADD_FAILURE() << "can't open the engine: " << opened.error().message << " "
                          << opened.error().cause;
            std::abort();
        }
        base_ = *std::move(opened);
    }
    top_ = base_.get();
    if (kind.delayed) {
        delayed_ = std::make_unique<DelayedEngine>(*top_);
        top_ = delayed_.get();
    }
    if (kind.contract) {
        contract_ = std::make_unique<ContractEngine>(
            *top_, [](const std::string& what) { ADD_FAILURE() << "the contract is broken: " << what; });
        top_ = contract_.get();
    }
}

EngineStack::~EngineStack() { stop(); }

void EngineStack::stop() {
    if (!std::exchange(stopped_, true)) top_->stop();
}

}  // namespace credvault::storage::suite
