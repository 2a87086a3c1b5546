#include "documents/transfer/transfers.h"

#include <utility>

namespace credvault::documents {

Transfers::Transfers(storage::Engine& engine, TransferSettings settings)
    : engine_(engine), settings_(std::move(settings)), pool_({"spool", 1, 1'000, 0}) {}

/// One of so many; given back when the pointer goes.
Result<std::shared_ptr<void>> Transfers::take(const Counter& counter, std::size_t most,
                                              std::string_view what) {
    if (counter->fetch_add(1) >= most) {
        counter->fetch_sub(1);
        Error error(ErrorCode::OVERLOADED,
                    "There are too many " + std::string(what) + " at once; try again when some have ended");
        error.retry_after_seconds = 5;
        return error;
    }
    return std::shared_ptr<void>(counter.get(), [counter](void*) { counter->fetch_sub(1); });
}

Reply<std::unique_ptr<Importer>> Transfers::begin_import(Place place, ImportTarget target,
                                                         ImportRules rules) {
    CO_TRY_VOID(co_await engine_.describe_collection(place.database->id, place.collection));
    CO_TRY(std::shared_ptr<void> slot, take(imports_, settings_.imports, "imports"));
    co_return std::make_unique<Importer>(engine_, std::move(target), std::move(rules), std::move(slot));
}

Reply<std::unique_ptr<Exporter>> Transfers::begin_export(Place place, ExportQuery query) {
    CO_TRY(std::shared_ptr<void> slot, take(exports_, settings_.exports, "exports"));
    co_return co_await Exporter::begin(engine_, std::move(place), std::move(query), std::move(slot));
}

Result<std::unique_ptr<SpoolFile>> Transfers::begin_spool() {
    return SpoolFile::create(settings_.spool_directory, settings_.spool_bytes);
}

Reply<void> Transfers::sync(SpoolFile& file) {
    CO_TRY_VOID(co_await pool_.run<bool>([&file]() -> Result<bool> {
        TRY_VOID(file.sync());
        return true;
    }));
    co_return Status();
}

}  // namespace credvault::documents
