// A batch of records on its way into the store: their texts, the lines that they came from, and what became of them.
// Used by one thread, the importer's; it must outlive the replies that it waits for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "documents/transfer/import_report.h"
#include "storage/engine.h"

namespace credvault::documents {

enum class OnConflict : std::uint8_t { Error, Skip, Replace, Merge };

/// Where a batch goes, and how.
struct ImportTarget {
    std::string database;  ///< The engine's id.
    std::string collection;
    std::string actor;
    OnConflict on_conflict = OnConflict::Error;
    std::string
        key;  ///< Makes each batch happen once under it and its place in the data; empty: no such thing.
};

class ImportBatch {
public:
    static constexpr std::size_t max_records = 2'000;
    static constexpr std::size_t max_bytes = 1024 * 1024;

    /// The text that the next record is to be appended to.
    std::string& text() { return text_; }
    /// The record that was appended last: from `begin` on. What it may not be is told as an error instead.
    void add(std::size_t begin, std::uint64_t line);
    void refuse(std::uint64_t line, const Error& error);
    bool full() const { return spans_.size() >= max_records || text_.size() >= max_bytes; }
    bool empty() const { return spans_.empty() && refused_.empty(); }
    std::size_t refused() const { return refused_.size(); }

    /// Writes the records; `place` tells this batch of the data from others. Fails as Engine::write does, for faults
    /// that are no single record's.
    Reply<void> write(storage::Engine& engine, const ImportTarget& target, std::string place);
    /// Once it is written: whether records did not fit what the workspace may store.
    bool beyond_quota() const;
    /// Adds what became of the batch.
    void add_to(ImportReport& report);

private:
    struct Span {
        std::size_t begin, size;
        std::uint64_t line;
    };
    struct Failure {
        std::size_t record;
        std::string code, message;
    };
    /// What became of one batch at the engine.
    struct Sent {
        std::vector<Failure> failures;
        std::uint64_t warned = 0;
    };

    std::string_view record(std::size_t i) const {
        return std::string_view(text_).substr(spans_[i].begin, spans_[i].size);
    }
    /// The failures; what was warned of is counted.
    Reply<std::vector<Failure>> send(storage::Engine& engine, const ImportTarget& target,
                                     std::vector<storage::Operation> operations, std::string place);
    Reply<void> write_existing(storage::Engine& engine, const ImportTarget& target,
                               std::vector<std::size_t> existing, std::string place);
    static std::string sent_text(const storage::WriteOutcome& outcome);
    static Sent parse_sent(std::string_view text);
    static Sent sent_of(const storage::WriteOutcome& outcome);
    void fail(std::size_t record, Failure failure);

    std::string text_;
    std::vector<Span> spans_;
    std::vector<ImportError> refused_;
    ImportReport outcome_;  ///< Without errors, which are among refused_.
};

}  // namespace credvault::documents
