// Single records and arrays of them: what a client may send, and the calls on the engine. Thread-safe, no state of its
// own. What is passed by view lives as long as the request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "documents/place.h"
#include "query/projection.h"
#include "storage/engine.h"

namespace credvault::documents {

struct Found {
    std::string record;  ///< Canonical text.
    storage::Revision revision;
};

/// Who writes, and how it is answered.
struct WriteOptions {
    std::string_view actor;
    bool may_set_times = false;  ///< Keep valid created_at and updated_at of inserted records.
    bool want_records = true;
    std::optional<storage::Idempotency> idempotency;
};

enum class PatchKind : std::uint8_t { Merge, JsonPatch, OperatorsOrMerge };

class Records {
public:
    /// `engine` must outlive the service.
    explicit Records(storage::Engine& engine) : engine_(engine) {}

    /// Fails with RECORD_NOT_FOUND, and as Engine::get does.
    Reply<Found> get(Place place, std::string_view id, const query::Projection& projection);
    /// One object, or an array of 1 to storage::max_batch_operations: all or nothing. Fails with INVALID_RECORD,
    /// IMMUTABLE_FIELD, LIMIT_EXCEEDED, ALREADY_EXISTS (the id), DUPLICATE_KEY; `field` is "3.email" for the
    /// fourth of an array.
    Reply<storage::WriteOutcome> insert(Place place, std::string_view body, WriteOptions options);
    /// Replaces; creates where the precondition says if_absent.
    Reply<storage::WriteOutcome> put(Place place, std::string_view id, std::string_view body,
                                     storage::Precondition precondition, WriteOptions options);
    /// Fails with INVALID_PATCH, IMMUTABLE_FIELD, INVALID_UPDATE too.
    Reply<storage::WriteOutcome> patch(Place place, std::string_view id, PatchKind kind,
                                       std::string_view body, storage::Precondition precondition,
                                       WriteOptions options);
    Reply<storage::WriteOutcome> remove(Place place, std::string_view id, storage::Precondition precondition,
                                        WriteOptions options);

private:
    Reply<void> check_guard(const Place& place, const storage::Precondition& precondition);

    storage::Engine& engine_;
};

/// Text of an ETag for a revision, with its quotes, and back. parse fails with nothing where it was never ours.
std::string etag_text(const storage::Revision& revision);
std::optional<storage::Revision> parse_etag(std::string_view text);

}  // namespace credvault::documents
