#include "documents/mass_change.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/clock.h"
#include "documents/index_shapes.h"
#include "json/writer.h"
#include "query/key.h"
#include "query/sort.h"
#include "storage/errors.h"
#include "storage/record.h"
#include "storage/searches.h"

namespace credvault::documents {
namespace {

constexpr std::uint64_t page_records = 4'000;
constexpr std::int64_t page_ms = 300'000;
/// A crash is seldom followed by a start so late.
constexpr std::int64_t kept_ms = std::int64_t{7} * 24 * 60 * 60 * 1'000;

std::string id_bound(const std::string& last) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("id").begin_object().key("$lte").string(last).end_object().end_object();
    return text;
}

/// The same matches, of which a planner sees nothing.
Result<query::Filter> veiled(const std::string& filter) {
    return query::parse_filter(json::View("{\"$nor\":[{\"$nor\":[" + filter + "]}]}"));
}

std::uint64_t count_in(const json::View& object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->type() == json::Type::Int ? static_cast<std::uint64_t>(member->as_int()) : 0;
}

std::string text_in(const json::View& object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

}  // namespace

/// Keeps ids, and how long the records are.
class MassChange::FoundSink final : public storage::RowSink {
public:
    explicit FoundSink(std::vector<Found>& found) : found_(found) {}

    bool row(const storage::Row& row) override {
        Found& one = found_.emplace_back();
        json::append_decoded(one.id, storage::record_id_escaped(row.record));
        one.bytes = row.record.text().size();
        return true;
    }
    void restart() override { found_.clear(); }

private:
    std::vector<Found>& found_;
};

MassChange::MassChange(storage::Engine& engine, ChangeOrder order, std::string name, std::string actor,
                       const std::atomic<bool>& cancelled)
    : engine_(engine),
      order_(std::move(order)),
      name_(std::move(name)),
      actor_(std::move(actor)),
      cancelled_(cancelled) {}

Reply<void> MassChange::begin(const json::View& checkpoint) {
    CO_TRY(auto searched,
           co_await storage::text_source(engine_, order_.database, order_.collection, order_.filter));
    CO_TRY(filter_, query::parse_filter(json::View(order_.filter), {}, {}, std::move(searched)));
    if (!order_.update.empty()) {
        std::optional<json::View> array_filters;
        if (!order_.array_filters.empty()) array_filters = json::View(order_.array_filters);
        CO_TRY(query::Update update, query::Update::parse(json::View(order_.update), array_filters));
        change_ = std::make_unique<UpdateChange>(std::move(update), filter_, order_.now_ms);
    }
    CO_TRY(const storage::CollectionInfo info,
           co_await engine_.describe_collection(order_.database, order_.collection));
    if (info.created_ms != order_.collection_ms) co_return storage::collection_not_found(order_.collection);
    if (checkpoint.is_null()) {
        CO_TRY_VOID(co_await measure());
    } else {
        CO_TRY_VOID(take_progress(checkpoint));
        last_ = text_in(checkpoint, "last");
        total_ = count_in(checkpoint, "total");
    }
    const std::string bound = id_bound(last_);
    CO_TRY(const query::Filter bounded, query::parse_filter(json::View(bound)));
    walked_ = query::both(filter_, bounded);
    const query::Sort by_id;
    const query::QueryShape shape{walked_, by_id, false, true};
    if (query::make_plan(shape, index_shapes(info)).ordered) co_return Status();
    // Sorting what an index gives for each page anew would take the square of the time. What can stand only at the top
    // of a filter is left there.
    const Result<query::Filter> hidden = veiled(order_.filter);
    if (hidden.ok()) walked_ = query::both(*hidden, bounded);
    co_return Status();
}

/// How many there are, and where they end.
Reply<void> MassChange::measure() {
    storage::CountRequest count;
    count.database = order_.database;
    count.collection = order_.collection;
    count.filter = filter_;
    count.limits.timeout_ms = page_ms;
    count.limits.cancelled = &cancelled_;
    CO_TRY(const storage::CountResult counted, co_await engine_.count(count));
    total_ = counted.count;
    std::vector<Found> end;
    FoundSink sink(end);
    storage::FindRequest find = request();
    find.filter = filter_;
    CO_TRY(find.sort, query::parse_sort(json::View(R"({"id":-1})")));
    find.limit = 1;
    CO_TRY_VOID(co_await engine_.find(find, sink));
    if (!end.empty()) last_ = end.front().id;
    co_return Status();
}

storage::FindRequest MassChange::request() const {
    storage::FindRequest find;
    find.database = order_.database;
    find.collection = order_.collection;
    find.filter = walked_;
    find.limit = page_records;
    if (!after_.empty()) query::append_id_key(find.after, after_, false);
    find.limits.timeout_ms = page_ms;
    find.limits.cancelled = &cancelled_;
    return find;
}

Reply<void> MassChange::find() {
    found_.clear();
    written_ = 0;
    FoundSink sink(found_);
    const storage::FindRequest find = request();
    CO_TRY(const storage::FindResult result, co_await engine_.find(find, sink));
    all_found_ = !result.has_more;
    co_return Status();
}

Reply<bool> MassChange::next() {
    if (last_.empty()) co_return false;
    if (written_ == found_.size()) {
        if (all_found_) co_return false;
        CO_TRY_VOID(co_await find());
        if (found_.empty()) co_return false;
    }
    std::size_t count = 0;
    std::size_t bytes = 0;
    while (count < batch_records && written_ + count < found_.size()) {
        bytes += found_[written_ + count].bytes;
        if (count > 0 && bytes > batch_bytes) break;
        ++count;
    }
    CO_TRY_VOID(co_await write(count));
    co_return true;
}

storage::Operation MassChange::operation(const std::string& id) const {
    const storage::Guard guard{&filter_, false};
    if (!change_) return storage::RemoveRecord{order_.collection, id, {}, guard};
    return storage::ModifyRecord{order_.collection, id, change_.get(), {}, guard};
}

Reply<void> MassChange::write(std::size_t count) {
    storage::WriteBatch batch;
    batch.database = order_.database;
    batch.actor = actor_;
    for (std::size_t i = 0; i < count; ++i) batch.operations.push_back(operation(found_[written_ + i].id));
    storage::Idempotency once;
    once.key = name_ + "/" + std::to_string(batches_);
    once.fingerprint = name_;
    once.expires_ms = now_ms() + kept_ms;
    const std::string last = found_[written_ + count - 1].id;
    once.answer = [this, last](const storage::WriteOutcome& outcome) {
        return progress_text(&outcome, last);
    };
    batch.idempotency = std::move(once);
    const Result<storage::WriteOutcome> written = co_await engine_.write(batch);
    if (!written.ok()) co_return named(written.error(), count);
    CO_TRY_VOID(take_progress(json::View(written->answer)));
    written_ += count;
    if (written->replayed) {
        // What a run before this one did, perhaps with other records: go on where it was.
        found_.clear();
        written_ = 0;
        all_found_ = false;
    }
    co_return Status();
}

/// Says which record it was, where the error says its place in the batch.
Error MassChange::named(Error error, std::size_t count) const {
    std::size_t at = 0;
    if (count > 1) {
        const char* const end = error.field.data() + error.field.size();
        const auto [rest, problem] = std::from_chars(error.field.data(), end, at);
        if (problem != std::errc() || at >= count) return error;
        error.field = std::string(rest == end ? rest : rest + 1, end);
    }
    error.message = "Record '" + found_[written_ + at].id + "': " + error.message;
    return error;
}

std::string MassChange::progress_text(const storage::WriteOutcome* batch, std::string_view last) const {
    std::uint64_t matched = matched_;
    std::uint64_t modified = modified_;
    if (batch != nullptr) {
        for (const storage::OperationOutcome& one : batch->operations) {
            matched += one.matched;
            modified += one.modified;
        }
    }
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("batches").number(static_cast<std::int64_t>(batches_ + (batch != nullptr ? 1 : 0)));
    out.key("matched").number(static_cast<std::int64_t>(matched));
    out.key("modified").number(static_cast<std::int64_t>(modified));
    out.key("after").string(last);
    out.key("last").string(last_);
    out.key("total").number(static_cast<std::int64_t>(total_));
    out.end_object();
    return text;
}

Status MassChange::take_progress(const json::View& progress) {
    if (!progress.is_object() || !progress.find("after")) {
        return Error(ErrorCode::INVALID_DATA, {}, {}, "not how far an update or delete is");
    }
    batches_ = count_in(progress, "batches");
    matched_ = count_in(progress, "matched");
    modified_ = count_in(progress, "modified");
    after_ = text_in(progress, "after");
    return {};
}

std::string MassChange::checkpoint() const { return progress_text(nullptr, after_); }

std::string MassChange::result() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    if (change_) {
        out.key("matched_count").number(static_cast<std::int64_t>(matched_));
        out.key("modified_count").number(static_cast<std::int64_t>(modified_));
    } else {
        out.key("deleted_count").number(static_cast<std::int64_t>(modified_));
    }
    out.end_object();
    return text;
}

}  // namespace credvault::documents
