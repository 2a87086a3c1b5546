// One import: bytes in, batches written, a report out. Reading and writing overlap: while a batch is being written the
// next one is read, and no more, so that memory stays the same whatever comes. Records are written in the order of the
// data. For one thread; it must outlive the replies that it gives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "documents/transfer/import_batch.h"
#include "documents/transfer/import_report.h"
#include "documents/transfer/record_reader.h"
#include "storage/engine.h"

namespace credvault::documents {

struct ImportRules {
    DataFormat format = DataFormat::Ndjson;
    CsvRules csv;
    std::uint64_t max_errors = 1'000;  ///< More failed records end the import.
};

class Importer {
public:
    /// `engine` must outlive the importer.
    Importer(storage::Engine& engine, ImportTarget target, ImportRules rules,
             std::shared_ptr<void> slot = nullptr);

    /// Goes on after a checkpoint of another importer with the same target and rules. The data is given from its
    /// beginning on again; what was imported is passed over. Before the first take(). Fails with INVALID_DATA.
    Status resume(const json::View& checkpoint);

    /// Takes the next bytes of the data, which must live until the answer; it comes when there is room for more. After
    /// an error nothing more may be given. Fails with INVALID_DATA or MALFORMED_JSON where the data can't be read on,
    /// TOO_MANY_ERRORS, and as Engine::write does; the error's result is the report.
    Reply<void> take(std::string_view bytes);
    /// There is no more. Fails as take() does.
    Reply<void> end();
    /// Waits for what is being written, where the import is broken off. Call it unless end() was answered.
    Reply<void> settle();

    /// What has been done by what is on disk.
    const ImportReport& report() const { return report_; }
    /// From where on it is not on disk yet: a canonical object for resume(). Empty where nothing is, and where the
    /// target has no key.
    std::string checkpoint() const;
    /// Bytes of the data that are done with.
    std::uint64_t offset() const { return written_offset_; }

private:
    Reply<void> read();
    RecordReader::Step read_one();
    Reply<void> break_off();
    Reply<void> hand_over();
    Error fault(Error error) const;
    std::string_view without_mark(std::string_view bytes, bool last);

    storage::Engine& engine_;
    const ImportTarget target_;
    const ImportRules rules_;
    const std::shared_ptr<void> slot_;  ///< One of those that may run at once.
    std::unique_ptr<RecordReader> reader_;
    std::string head_;  ///< The first bytes, until it is known whether they are a byte order mark.
    bool begun_ = false;
    std::uint64_t passed_over_ = 0;  ///< Bytes that are left to be passed over, of a resumed import.

    ImportBatch reading_;
    // What is being written, and where the data goes on behind it.
    ImportBatch writing_;
    std::optional<Reply<void>> write_;
    std::string next_state_;
    std::uint64_t next_offset_ = 0;

    ImportReport report_;
    std::string written_state_;
    std::uint64_t written_offset_ = 0;
};

}  // namespace credvault::documents
