// Updates and deletes by filter. One record or all that match: found by a read outside of the writer (planner, indexes,
// workers), then written under a guard that is asked again on the writer's thread, so that nothing is changed that no
// longer matches. Thread-safe, no state of its own. What is passed by view lives as long as the request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "documents/place.h"
#include "documents/queries.h"
#include "documents/records.h"
#include "documents/update_change.h"
#include "query/sort.h"
#include "storage/engine.h"
#include "storage/searches.h"

namespace credvault::documents {

struct UpdateSettings {
    std::size_t max_matched = 10'000;  ///< Records that one update or delete changes at most; up to 10,000.
    std::size_t max_examined =
        20'000;  ///< Records that operations of a bulk or transaction may look at in all.
};

enum class ReturnedRecord : std::uint8_t { None, Before, After };

/// Which records, and how many of them.
struct Selection {
    query::Filter filter;
    query::Sort sort;    ///< Of one: which comes first.
    bool multi = false;  ///< All that match.
};

/// Makes a selection of one that asks what is near begin with the nearest, where it has no order of its own. Fails with
/// INVALID_SORT where the order is by the score of a search that is none.
Status complete_sort(Selection& selection);

/// Who writes, and what of the record is wanted.
struct UpdateOptions {
    std::string_view actor;
    ReturnedRecord returned = ReturnedRecord::None;
    std::optional<storage::Idempotency> idempotency;
};

class Updates {
public:
    /// `engine` must outlive the service.
    Updates(storage::Engine& engine, QuerySettings queries, UpdateSettings settings)
        : engine_(engine), queries_(queries), settings_(settings) {}

    /// Changes what is selected, or inserts where nothing is and `upsert` is set. The outcome has an operation for each
    /// record that was found, none where there was none. Fails as the parts do, and with WRITE_CONFLICT (others kept
    /// changing the record), LIMIT_EXCEEDED (too many), PRECONDITION_REQUIRED.
    Reply<storage::WriteOutcome> update(Place place, Selection selection,
                                        std::shared_ptr<const UpdateChange> change, bool upsert,
                                        UpdateOptions options);
    Reply<storage::WriteOutcome> remove(Place place, Selection selection, UpdateOptions options);

    /// What an update (or, without a change, a removal) would find and do, and how. Changes nothing. Fails as they do.
    Reply<Explanation> explain(Place place, Selection selection, std::shared_ptr<const UpdateChange> change,
                               QueryBounds bounds);
    /// Fails with PRECONDITION_REQUIRED where the collection wants versions and the filter does not fix one.
    Reply<void> check_guard(const Place& place, const query::Filter& filter);
    /// What a $text in a filter on a collection searches (storage::text_source).
    Reply<std::shared_ptr<const query::TextSource>> text_source(const Place& place, std::string_view filter) {
        return storage::text_source(engine_, place.database->id, place.collection, filter);
    }

    const UpdateSettings& settings() const { return settings_; }

private:
    struct Work;

    Reply<storage::WriteOutcome> run(Work work);
    Reply<storage::WriteOutcome> run_one(Work& work);
    Reply<storage::WriteOutcome> run_all(Work& work);
    Reply<std::vector<std::string>> find(Work& work, std::uint64_t limit);
    storage::FindRequest request(const Place& place, const Selection& selection, std::uint64_t limit) const;
    void note(const Work& work, const storage::WriteOutcome& outcome, std::int64_t elapsed_ns) const;
    Reply<storage::WriteOutcome> write_one(const Work& work, storage::Operation operation);
    Reply<storage::WriteOutcome> write(const Work& work, std::vector<storage::Operation> operations);
    storage::Engine& engine_;
    QuerySettings queries_;
    UpdateSettings settings_;
};

/// Whether a filter, or one of those it joins, fixes the path by equality.
bool fixes(const query::FilterNode& node, std::string_view path);

/// The `data` of an answer: {matched_count, modified_count, upserted_id, record}.
std::string update_text(const storage::WriteOutcome& outcome, ReturnedRecord returned);
/// {deleted_count, record}.
std::string removal_text(const storage::WriteOutcome& outcome, ReturnedRecord returned);

}  // namespace credvault::documents
