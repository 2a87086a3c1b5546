// $out: what a pipeline gives becomes all that a collection holds. It gives no documents; the first pull does all.
// Readers see the old records or the new ones: few are exchanged in one batch, many are written into a hidden
// collection, which then takes the old one's place with its options and indexes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "documents/document_source.h"
#include "documents/pipeline_context.h"
#include "query/pipeline/store_stages.h"
#include "storage/write.h"

namespace credvault::documents {

class OutSource final : public DocumentSource {
public:
    OutSource(PipelineContext& context, SourceRef from, const query::OutStage& stage)
        : context_(context), from_(std::move(from)), stage_(stage) {}

    Reply<bool> next(query::Batch& batch) override;

private:
    Reply<std::optional<storage::CollectionInfo>> definition();
    Reply<bool> read_ids(std::uint64_t most);
    Reply<void> replace_records(const query::Batch& documents);
    Reply<void> replace_collection(const query::Batch& first, bool more);
    Reply<void> make(const std::string& hidden);
    Reply<void> fill(const std::string& hidden, const query::Batch& first, bool more);
    Reply<void> publish(const std::string& hidden);
    static void append_inserts(std::vector<storage::Operation>& operations, std::string_view into,
                               const query::Batch& documents, std::size_t begin, std::size_t end);
    Reply<void> write(std::vector<storage::Operation> operations, std::optional<storage::Idempotency> once);

    PipelineContext& context_;
    SourceRef from_;
    const query::OutStage& stage_;
    std::optional<storage::CollectionInfo> old_;  ///< The collection as it was, if it was there.
    std::vector<std::string> ids_;                ///< Of the records that go.
};

}  // namespace credvault::documents
