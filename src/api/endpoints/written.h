// How writes of single resources are answered: the record or its id, its ETag, its place; and the same answer once more
// for a repeated Idempotency-Key.
#pragma once

#include <string>
#include <utility>

#include "api/answer.h"
#include "api/endpoints/paths.h"
#include "api/headers.h"
#include "api/idempotency.h"
#include "documents/records.h"

namespace credvault::api {

/// If-Match and If-None-Match as the engine's precondition. ETags that were never ours match nothing.
storage::Precondition precondition_of(const std::optional<EntityTags>& if_match,
                                      const std::optional<EntityTags>& if_none_match);

/// The engine's part of the options of a write.
documents::WriteOptions write_options(const Context& context, const Prefer& prefer);

/// What an insert answers with: the record, or an array of them; with Prefer: return=minimal only their ids.
StoredAnswer answer_of_insert(const CollectionPath& in, const storage::WriteOutcome& outcome, bool array,
                              bool minimal);

/// What records violate of a schema that only warns: how many of the write, and the first one's violations.
std::string violations_of(const storage::WriteOutcome& outcome);
/// The same of so many records, the first being at this place.
std::string violations_text(std::uint64_t records, std::size_t first, std::string_view violations);

/// What a put or a patch answers with.
template <class Shape>
Saved<Raw<Shape>> answer_of_save(const RecordPath& at, storage::WriteOutcome outcome, bool minimal) {
    Saved<Raw<Shape>> saved;
    saved.violations = violations_of(outcome);
    storage::OperationOutcome& record = outcome.operations.front();
    saved.created = record.effect == storage::Effect::Created;
    saved.etag = documents::etag_text(record.revision);
    if (saved.created) saved.location = record_url(at.in, at.id);
    if (minimal) {
        json::Writer(saved.value.text).begin_object().key("id").string(at.id).end_object();
    } else {
        saved.value.text = std::move(record.record);
    }
    return saved;
}

/// A StoredAnswer as the response.
template <class Shape>
Created<Raw<Shape>> created_of(StoredAnswer answer) {
    Created<Raw<Shape>> created{{std::move(answer.data)}, std::move(answer.location), std::move(answer.etag)};
    created.violations = std::move(answer.violations);
    return created;
}

/// The same of one that was kept from the first time.
template <class Shape>
Result<Created<Raw<Shape>>> created_from(const std::string& stored) {
    TRY(StoredAnswer answer, StoredAnswer::parse(stored));
    return created_of<Shape>(std::move(answer));
}

}  // namespace credvault::api
