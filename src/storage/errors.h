// The errors of the stores in one wording, so that users are told the same whichever engine answers. Messages name what
// the user named (collections, records, indexes, fields), never an engine's ids, files or statements; what only the log
// may see goes into `cause`. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "json/view.h"
#include "storage/read.h"
#include "storage/schema.h"
#include "storage/write.h"

namespace credvault::storage {

// What is not there, or there already. Engines, which know a database only by its opaque id, pass no name.
Error database_not_found(std::string_view name = {});
Error database_exists(std::string_view name = {});
Error collection_not_found(std::string_view name);
Error collection_exists(std::string_view name);
Error index_not_found(std::string_view name);
Error index_exists(std::string_view name);
Error record_not_found(std::string_view id);
/// For an insertion under an id that is taken; `field` is "id".
Error record_exists(std::string_view id);

/// DUPLICATE_KEY for a record that a unique index refuses; `field` is the index's first field. Where several indexes
/// refuse it, engines name the first by name.
Error duplicate_key(const IndexSpec& index, const json::View& record);
/// IndexInfo::failure of a unique index that can't be built because `record` has the values of another one.
std::string duplicate_in_build(const IndexSpec& index, const json::View& record);
/// IndexInfo::failure where a record can't be indexed; `why` is query::index_keys' error.
std::string unindexable_in_build(std::string_view id, const Error& why);

/// Whether a write may go on. `stored` is the present record, or nothing where there is no such record. Fails with
/// PRECONDITION_FAILED; engines ask before they look for anything else in an operation, RECORD_NOT_FOUND included.
Status check_precondition(const Precondition& condition, std::string_view id,
                          const std::optional<Row>& stored);
/// Whether a guarded operation applies to the record that is stored now, if any. Fails with WRITE_CONFLICT.
Result<bool> guard_holds(const Guard& guard, std::string_view id, const std::optional<json::View>& stored);
/// Fails with INVALID_INDEX: no or more than 32 fields, a field named twice, or what an index of its type can't be.
Status check_index(const IndexSpec& index);
/// INVALID_INDEX: a collection has one text index at most.
Error second_text_index(std::string_view other);

Error idempotency_key_reused();
Error record_too_large();
Error too_many_operations();
/// LIMIT_EXCEEDED: `what` in the plural, as in "indexes in a collection".
Error too_many(std::string_view what, std::uint64_t limit);

/// CHANGES_GONE and INVALID_CURSOR for positions in the change log.
Error changes_gone();
Error position_ahead();
/// PRECONDITION_FAILED of a CheckMatches.
Error matches_exist(std::string_view collection, bool exist);
/// Whether a CheckMatches holds, of which so many records were found (one of them where it asks whether there are any).
Status check_matches(const CheckMatches& operation, std::size_t found);
/// QUERY_TOO_LARGE for a write that would have to look at more than `limit` records; `advice` as below.
Error write_examines_too_many(std::uint64_t limit, std::string_view advice);
/// LIMIT_EXCEEDED for an operation that finds more than `limit` records.
Error too_many_matches(std::uint64_t limit);

Error query_timeout(std::int64_t timeout_ms);
Error query_cancelled();
/// For a sort that needs more than `memory_bytes`; `advice` is query::advised_index, possibly empty.
Error query_too_large(std::size_t memory_bytes, std::string_view advice);

// What is no fault of the user's.
Error shutting_down();
Error storage_full(std::string cause);
Error storage_unavailable(std::string cause);
Error database_damaged(std::string cause);
Error overloaded(std::string cause);

/// The error of the operation at `position` in a batch of `operations`: where there are several, `field` is given the
/// position in front ("3", "3.email").
Error at_operation(Error error, std::size_t position, std::size_t operations);

}  // namespace credvault::storage
