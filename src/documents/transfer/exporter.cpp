#include "documents/transfer/exporter.h"

#include <atomic>
#include <optional>
#include <utility>

#include "documents/transfer/csv_rules.h"
#include "documents/transfer/csv_writer.h"
#include "query/filter.h"
#include "storage/searches.h"

namespace credvault::documents {
namespace {

constexpr std::size_t batch_bytes = 256 * 1024;
constexpr std::uint64_t batch_records = 4'000;
constexpr std::int64_t batch_ms = 300'000;

}  // namespace

struct Exporter::State {
    storage::Engine& engine;
    DatabaseRef database;
    std::string collection;
    ExportQuery query;
    std::shared_ptr<void> slot;  ///< One of those that may run at once.
    query::Filter filter;
    std::optional<CsvWriter> csv;
    std::string after;
    bool begun = false;
    bool whole = false;  ///< All in one read: it is sorted in memory.
    std::atomic<bool> cancelled = false;

    storage::FindRequest request() const {
        storage::FindRequest find;
        find.database = database->id;
        find.collection = collection;
        find.filter = filter;
        find.sort = query.sort;
        find.limit = whole ? storage::no_limit : batch_records;
        find.after = after;
        find.limits.timeout_ms = batch_ms;
        find.limits.cancelled = &cancelled;
        return find;
    }
};

struct Exporter::Batch {
    std::string text;
    bool more = false;
};

namespace {

/// Writes rows in the export's format.
class TextSink final : public storage::RowSink {
public:
    TextSink(const ExportQuery& query, const query::Filter& filter, const CsvWriter* csv, bool first)
        : query_(query), filter_(filter), csv_(csv), first_(first) {
        text.reserve(batch_bytes + batch_bytes / 4);
    }

    bool row(const storage::Row& row) override {
        json::View record = row.record;
        if (!query_.projection.is_identity()) {
            projected_.clear();
            made = query_.projection.append(projected_, row.record, filter_);
            if (!made.ok()) return false;
            record = json::View(projected_);
        }
        if (csv_ != nullptr) {
            csv_->append_row(text, record);
        } else {
            if (query_.format == DataFormat::Json && !(first_ && rows == 0)) text += ",\n";
            text.append(record.text());
            if (query_.format == DataFormat::Ndjson) text += '\n';
        }
        ++rows;
        return text.size() < max_bytes;
    }
    void restart() override {
        text.clear();
        rows = 0;
        made = Status();
    }

    std::string text;
    std::uint64_t rows = 0;
    std::size_t max_bytes = batch_bytes;
    Status made;

private:
    const ExportQuery& query_;
    const query::Filter& filter_;
    const CsvWriter* csv_;
    const bool first_;
    std::string projected_;
};

class ColumnSink final : public storage::RowSink {
public:
    ColumnSink(const ExportQuery& query, const query::Filter& filter) : query_(query), filter_(filter) {}

    bool row(const storage::Row& row) override {
        if (query_.projection.is_identity()) return fits = finder.add(row.record);
        projected_.clear();
        made = query_.projection.append(projected_, row.record, filter_);
        return made.ok() && (fits = finder.add(json::View(projected_)));
    }
    /// What was found stays found.
    void restart() override {}

    CsvColumnFinder finder{max_csv_columns};
    bool fits = true;
    Status made;

private:
    const ExportQuery& query_;
    const query::Filter& filter_;
    std::string projected_;
};

std::string opening(const ExportQuery& query, const CsvWriter* csv) {
    std::string text;
    if (csv != nullptr) csv->append_header(text);
    if (query.format == DataFormat::Json) text += '[';
    return text;
}

}  // namespace

Exporter::Exporter(std::shared_ptr<State> state) : state_(std::move(state)) {}

Exporter::~Exporter() { cancel(); }

void Exporter::cancel() { state_->cancelled = true; }

Reply<std::unique_ptr<Exporter>> Exporter::begin(storage::Engine& engine, Place place, ExportQuery query,
                                                 std::shared_ptr<void> slot) {
    const auto state = std::make_shared<State>(engine, place.database, std::string(place.collection),
                                               std::move(query), std::move(slot));
    if (!state->query.filter.empty()) {
        CO_TRY(auto text, co_await storage::text_source(engine, place.database->id, place.collection,
                                                        state->query.filter));
        CO_TRY(state->filter, query::parse_filter(json::View(state->query.filter), {}, {}, std::move(text)));
    }
    if (state->query.format == DataFormat::Csv) {
        if (state->query.columns.empty()) CO_TRY_VOID(co_await find_columns(state));
        state->csv.emplace(state->query.columns, state->query.delimiter);
    }
    CO_TRY(Batch first, co_await read(state));
    std::unique_ptr<Exporter> exporter(new Exporter(state));
    exporter->ahead_ = std::make_unique<Reply<Batch>>(std::move(first));
    co_return exporter;
}

Reply<void> Exporter::find_columns(std::shared_ptr<State> state) {
    ColumnSink sink(state->query, state->filter);
    storage::FindRequest request = state->request();
    // In the order of the ids, which costs nothing, and in pieces, which hold up nobody.
    request.sort.clear();
    while (true) {
        CO_TRY(storage::FindResult found, co_await state->engine.find(request, sink));
        if (!sink.made.ok()) co_return std::move(sink.made);
        if (!sink.fits) {
            co_return Error(ErrorCode::QUERY_TOO_LARGE,
                            "The records have more than " + std::to_string(max_csv_columns) +
                                " columns; name those that are wanted in 'fields'",
                            "fields");
        }
        if (!found.has_more) break;
        request.after = std::move(found.next);
    }
    state->query.columns = sink.finder.columns();
    if (state->query.columns.empty()) state->query.columns.push_back("id");
    co_return Status();
}

Reply<Exporter::Batch> Exporter::read(std::shared_ptr<State> state) {
    const CsvWriter* const csv = state->csv ? &*state->csv : nullptr;
    TextSink sink(state->query, state->filter, csv, !state->begun);
    storage::FindRequest request = state->request();
    CO_TRY(storage::FindResult found, co_await state->engine.find(request, sink));
    if (!state->begun && found.stats.sorted && found.has_more) {
        // Sorting again for each piece would take for ever: all at once, within a bound.
        state->whole = true;
        sink.restart();
        sink.max_bytes = max_sorted_export;
        request = state->request();
        CO_TRY(found, co_await state->engine.find(request, sink));
        if (found.has_more) {
            co_return Error(
                ErrorCode::QUERY_TOO_LARGE,
                "No index gives this order, and there are more than 16 MiB to be sorted; leave the sort "
                "out, or make an index on its fields",
                "sort");
        }
    }
    if (!sink.made.ok()) co_return sink.made.error();
    Batch batch;
    batch.more = found.has_more;
    if (!state->begun) batch.text = opening(state->query, csv);
    batch.text += sink.text;
    if (!batch.more && state->query.format == DataFormat::Json) batch.text += "]\n";
    state->begun = true;
    state->after = std::move(found.next);
    co_return batch;
}

Reply<std::string> Exporter::next() {
    while (ahead_) {
        Reply<Batch> reading = std::move(*ahead_);
        ahead_.reset();
        CO_TRY(Batch batch, co_await std::move(reading));
        if (batch.more && !state_->cancelled) ahead_ = std::make_unique<Reply<Batch>>(read(state_));
        if (!batch.text.empty()) co_return std::move(batch.text);
    }
    co_return std::string();
}

}  // namespace credvault::documents
