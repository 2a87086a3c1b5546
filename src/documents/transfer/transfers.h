// Imports and exports: how many there may be at once, and where the data of those that run as jobs waits. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/reply.h"
#include "base/worker_pool.h"
#include "documents/place.h"
#include "documents/transfer/exporter.h"
#include "documents/transfer/importer.h"
#include "documents/transfer/spool.h"
#include "storage/engine.h"

namespace credvault::documents {

struct TransferSettings {
    std::size_t imports = 16;                         ///< Streamed at once.
    std::size_t exports = 64;                         ///< At once.
    std::size_t max_expansion = 200;                  ///< Of compressed imports.
    std::size_t spool_bytes = std::size_t{64} << 30;  ///< Of the data of all jobs together.
    std::string spool_directory;                      ///< Made where it is missing.
};

class Transfers {
public:
    /// `engine` must outlive the service.
    Transfers(storage::Engine& engine, TransferSettings settings);

    const TransferSettings& settings() const { return settings_; }

    /// An import into a collection that is there. Fails with COLLECTION_NOT_FOUND, OVERLOADED.
    Reply<std::unique_ptr<Importer>> begin_import(Place place, ImportTarget target, ImportRules rules);
    /// Fails as Exporter::begin does, and with OVERLOADED.
    Reply<std::unique_ptr<Exporter>> begin_export(Place place, ExportQuery query);
    /// A file for the data of a job. Fails with STORAGE_FULL, STORAGE_UNAVAILABLE.
    Result<std::unique_ptr<SpoolFile>> begin_spool();
    /// Makes the file durable, on a thread that may wait for the disk. The file must outlive the reply.
    Reply<void> sync(SpoolFile& file);

private:
    using Counter = std::shared_ptr<std::atomic<std::size_t>>;
    static Result<std::shared_ptr<void>> take(const Counter& counter, std::size_t most,
                                              std::string_view what);

    storage::Engine& engine_;
    const TransferSettings settings_;
    Counter imports_ = std::make_shared<std::atomic<std::size_t>>(0);
    Counter exports_ = std::make_shared<std::atomic<std::size_t>>(0);
    WorkerPool pool_;
};

}  // namespace credvault::documents
