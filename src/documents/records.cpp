#include "documents/records.h"

#include <charconv>
#include <utility>

#include "documents/collections.h"
#include "documents/patch_change.h"
#include "documents/record_input.h"
#include "storage/errors.h"
#include "storage/record.h"

namespace credvault::documents {
namespace {

class FoundSink final : public storage::RowSink {
public:
    explicit FoundSink(const query::Projection& projection) : projection_(projection) {}

    bool row(const storage::Row& row) override {
        found.revision = row.revision;
        if (projection_.is_identity()) {
            found.record.assign(row.record.text());
        } else {
            projected = projection_.append(found.record, row.record, query::Filter());
        }
        return true;
    }
    void restart() override { found = {}; }

    Found found;
    Status projected;

private:
    const query::Projection& projection_;
};

/// What a get needs until it is answered.
struct PendingGet {
    PendingGet(Place in, std::string_view id, const query::Projection& projection)
        : place(std::move(in)), key{place.database->id, place.collection, id}, sink(projection) {}

    Result<Found> answer(Result<bool> got) {
        if (!got.ok()) return std::move(got).error();
        if (!*got) return storage::record_not_found(key.id);
        if (!sink.projected.ok()) return std::move(sink.projected).error();
        return std::move(sink.found);
    }

    Place place;
    storage::RecordKey key;
    FoundSink sink;
};

Reply<Found> get_later(Reply<bool> reply, std::unique_ptr<PendingGet> pending) {
    Result<bool> got = co_await std::move(reply);
    co_return pending->answer(std::move(got));
}

storage::WriteBatch batch_of(const Place& place, WriteOptions& options) {
    storage::WriteBatch batch;
    batch.database = place.database->id;
    batch.actor = options.actor;
    batch.want_records = options.want_records;
    batch.idempotency = std::move(options.idempotency);
    return batch;
}

void append_hex(std::string& out, std::uint64_t value) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
    out.append(digits, end);
}

}  // namespace

Reply<Found> Records::get(Place place, std::string_view id, const query::Projection& projection) {
    // On the heap, so that an answer that comes later finds it; the common one costs no coroutine frame.
    auto pending = std::make_unique<PendingGet>(std::move(place), id, projection);
    Reply<bool> reply = engine_.get(pending->key, pending->sink);
    if (reply.ready()) return pending->answer(reply.take());
    return get_later(std::move(reply), std::move(pending));
}

Reply<storage::WriteOutcome> Records::insert(Place place, std::string_view body, WriteOptions options) {
    storage::WriteBatch batch = batch_of(place, options);
    const json::View view(body);
    if (view.is_array()) {
        std::size_t position = 0;
        for (const json::View record : view.elements()) {
            if (position == storage::max_batch_operations) {
                co_return Error(ErrorCode::LIMIT_EXCEEDED, "One request inserts at most " +
                                                               std::to_string(storage::max_batch_operations) +
                                                               " records");
            }
            CO_TRY_VOID(check_insert(record, options.may_set_times, std::to_string(position) + "."));
            batch.operations.push_back(
                storage::InsertRecord{place.collection, record.text(), options.may_set_times});
            ++position;
        }
        if (position == 0) co_return Error(ErrorCode::INVALID_RECORD, "The array holds no record");
    } else {
        CO_TRY_VOID(check_insert(view, options.may_set_times, {}));
        batch.operations.push_back(storage::InsertRecord{place.collection, body, options.may_set_times});
    }
    co_return co_await engine_.write(batch);
}

Reply<storage::WriteOutcome> Records::put(Place place, std::string_view id, std::string_view body,
                                          storage::Precondition precondition, WriteOptions options) {
    CO_TRY_VOID(storage::check_id(id));
    CO_TRY_VOID(check_put(json::View(body), id));
    CO_TRY_VOID(co_await check_guard(place, precondition));
    storage::WriteBatch batch = batch_of(place, options);
    const bool create = precondition.if_absent;
    batch.operations.push_back(
        storage::PutRecord{place.collection, id, body, create, std::move(precondition)});
    co_return co_await engine_.write(batch);
}

Reply<storage::WriteOutcome> Records::patch(Place place, std::string_view id, PatchKind kind,
                                            std::string_view body, storage::Precondition precondition,
                                            WriteOptions options) {
    CO_TRY(const std::unique_ptr<storage::RecordChange> change, make_patch(kind, body));
    CO_TRY_VOID(co_await check_guard(place, precondition));
    storage::WriteBatch batch = batch_of(place, options);
    batch.operations.push_back(
        storage::ModifyRecord{place.collection, id, change.get(), std::move(precondition)});
    co_return co_await engine_.write(batch);
}

Reply<storage::WriteOutcome> Records::remove(Place place, std::string_view id,
                                             storage::Precondition precondition, WriteOptions options) {
    CO_TRY_VOID(co_await check_guard(place, precondition));
    storage::WriteBatch batch = batch_of(place, options);
    batch.operations.push_back(storage::RemoveRecord{place.collection, id, std::move(precondition)});
    co_return co_await engine_.write(batch);
}

Reply<void> Records::check_guard(const Place& place, const storage::Precondition& precondition) {
    if (precondition.if_match || precondition.if_exists || precondition.if_absent) co_return Status();
    Collections collections(engine_);
    CO_TRY(const CollectionOptions options, co_await collections.options(place));
    if (!options.require_if_match) co_return Status();
    co_return Error(ErrorCode::PRECONDITION_REQUIRED,
                    "This collection wants If-Match with the record's ETag on every change", "If-Match");
}

std::string etag_text(const storage::Revision& revision) {
    std::string text = "\"";
    append_hex(text, revision.incarnation);
    text += '.';
    append_hex(text, revision.version);
    text += '"';
    return text;
}

std::optional<storage::Revision> parse_etag(std::string_view text) {
    if (text.size() < 5 || text.front() != '"' || text.back() != '"') return {};
    text = text.substr(1, text.size() - 2);
    storage::Revision revision;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, revision.incarnation, 16);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return {};
    const auto second = std::from_chars(first.ptr + 1, end, revision.version, 16);
    if (second.ec != std::errc() || second.ptr != end) return {};
    return revision;
}

}  // namespace credvault::documents
