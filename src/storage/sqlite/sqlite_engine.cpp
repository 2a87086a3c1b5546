#include "storage/sqlite/sqlite_engine.h"

#include <mutex>
#include <utility>

#include "storage/errors.h"
#include "storage/hidden.h"
#include "storage/sqlite/changes_run.h"
#include "storage/sqlite/checkpointer.h"
#include "storage/sqlite/count_run.h"
#include "storage/sqlite/databases.h"
#include "storage/sqlite/file_format.h"
#include "storage/sqlite/find_run.h"
#include "storage/sqlite/housekeeper.h"
#include "storage/sqlite/reader.h"
#include "storage/sqlite/sqlite_library.h"
#include "storage/sqlite/writer_pool.h"

namespace credvault::storage {
namespace {

/// A place is only a hint.
bool has_id(const json::View& record, std::string_view id) {
    const auto stored = record.find("id");
    return stored && (stored->escaped() == id || stored->as_string() == id);
}

class SqliteEngine final : public Engine {
public:
    SqliteEngine(std::unique_ptr<Context> context, std::unique_ptr<DataDirectory> directory)
        : context_(std::move(context)),
          databases_(*context_, std::move(directory)),
          checkpointer_(*context_),
          writers_(context_->options.writer_threads,
                   [this](const std::shared_ptr<Database>& database) { checkpointer_.consider(database); }),
          reader_(std::make_unique<Reader>(*context_)),
          housekeeper_(*context_, databases_, writers_) {
        databases_.on_unfinished([this](const std::shared_ptr<Database>& database) {
            if (database->queue().request()) writers_.put_in_line(database);
        });
    }
    ~SqliteEngine() override { stop(); }

    Reply<std::vector<std::string>> list_databases() override;
    Reply<void> create_database(std::string_view database) override;
    Reply<void> drop_database(std::string_view database) override;
    Reply<DatabaseInfo> describe_database(std::string_view database) override;
    Reply<std::vector<CollectionInfo>> list_collections(std::string_view database) override;
    Reply<CollectionInfo> describe_collection(std::string_view database,
                                              std::string_view collection) override;
    Reply<bool> get(const RecordKey& key, RowSink& sink) override;
    Reply<FindResult> find(const FindRequest& request, RowSink& sink) override;
    Reply<CountResult> count(const CountRequest& request) override;
    Reply<WriteOutcome> write(const WriteBatch& batch) override;
    Reply<ChangesPage> changes(const ChangesRequest& request) override;
    void set_record_rules(const RecordRules* rules) override { context_->record_rules = rules; }
    void set_quotas(Quotas* quotas) override { context_->quotas = quotas; }
    void set_commit_listener(CommitListener* listener) override { context_->commit_listener = listener; }
    void hold_changes(std::string_view database, std::optional<std::uint64_t> position) override;
    std::vector<StoreHealth> health() const override { return databases_.health(); }
    EngineMetrics metrics() const override;
    void stop() override;

private:
    Status check_running() const {
        if (context_->stopping) return shutting_down();
        return {};
    }
    Result<std::shared_ptr<Database>> database(std::string_view id);
    Result<bool> get_from(Database& database, const RecordKey& key, RowSink& sink);
    bool get_cached(Database& database, ReadSession& session, const StoredCollection& collection,
                    std::string_view id, RowSink& sink);

    const std::unique_ptr<Context> context_;
    Databases databases_;
    Checkpointer checkpointer_;
    WriterPool writers_;
    std::unique_ptr<Reader> reader_;
    Housekeeper housekeeper_;
    std::once_flag stopped_;
};

Result<std::shared_ptr<Database>> SqliteEngine::database(std::string_view id) {
    TRY_VOID(check_running());
    TRY(auto found, databases_.get(id));
    TRY_VOID(found->usable());
    return found;
}

Reply<std::vector<std::string>> SqliteEngine::list_databases() {
    TRY_VOID(check_running());
    return reader_->run_on_worker<std::vector<std::string>>([this] { return databases_.list(); });
}

Reply<void> SqliteEngine::create_database(std::string_view database) {
    TRY_VOID(check_running());
    return reader_->run_on_worker<void>([this, id = std::string(database)] { return databases_.create(id); });
}

Reply<void> SqliteEngine::drop_database(std::string_view database) {
    TRY_VOID(check_running());
    return reader_->run_on_worker<void>([this, id = std::string(database)] {
        Status dropped = databases_.drop(id);
        CommitListener* const listener = context_->commit_listener;
        if (dropped.ok() && listener != nullptr) listener->committed(id);
        return dropped;
    });
}

Reply<DatabaseInfo> SqliteEngine::describe_database(std::string_view id) {
    TRY(const auto described, database(id));
    DatabaseInfo info;
    for (const CollectionRef& collection : described->catalog()->collections()) {
        if (is_hidden(collection->name)) continue;
        const CollectionInfo one = collection->info();
        ++info.collections;
        info.records += one.records;
        info.record_bytes += one.record_bytes;
    }
    info.bytes_on_disk = bytes_on_disk(described->path());
    return info;
}

Reply<std::vector<CollectionInfo>> SqliteEngine::list_collections(std::string_view id) {
    TRY(const auto listed, database(id));
    std::vector<CollectionInfo> all;
    for (const CollectionRef& collection : listed->catalog()->collections()) {
        if (!is_hidden(collection->name)) all.push_back(collection->info());
    }
    return all;
}

Reply<CollectionInfo> SqliteEngine::describe_collection(std::string_view id, std::string_view collection) {
    TRY(const auto within, database(id));
    const CollectionRef found = within->catalog()->find(collection);
    if (!found) return collection_not_found(collection);
    return found->info();
}

Reply<bool> SqliteEngine::get(const RecordKey& key, RowSink& sink) {
    TRY(const auto within, database(key.database));
    TRY(ReadSession* const session, within->session());
    if (!session->busy()) return get_from(*within, key, sink);
    return reader_->run_on_worker<bool>([this, within, key, &sink] { return get_from(*within, key, sink); });
}

Result<bool> SqliteEngine::get_from(Database& within, const RecordKey& key, RowSink& sink) {
    TRY(ReadSession* const session, within.session());
    session->follow_catalog();
    if (const CollectionRef known = session->catalog()->find(key.collection)) {
        if (get_cached(within, *session, *known, key.id, sink)) return true;
    }
    TRY_VOID(Reading::begin(within, *session));
    ++context_->counters.inline_reads;
    const Reading reading(*session);
    const CollectionRef collection = session->catalog()->find(key.collection);
    if (!collection) return collection_not_found(key.collection);
    RecordLookup lookup(context_->places, session->connection(), collection->number, key.id);
    const int code = lookup.step();
    if (code == SQLITE_DONE) {
        const bool dropped = !session->catalog_is_current() && !within.catalog()->find(key.collection);
        return dropped ? Result<bool>(collection_not_found(key.collection)) : Result<bool>(false);
    }
    if (code != SQLITE_ROW) return within.note(session->connection().error(code, "reading a record"));
    const Revision revision{static_cast<std::uint64_t>(lookup.rid()),
                            static_cast<std::uint64_t>(lookup.version())};
    if (session->connection().cached())
        session->connection().cached().keep(lookup.rid(), lookup.version(), lookup.record());
    sink.row({json::View(lookup.record()), revision});
    return true;
}

bool SqliteEngine::get_cached(Database& within, ReadSession& session, const StoredCollection& collection,
                              std::string_view id, RowSink& sink) {
    const auto place =
        context_->places.find(RecordPlaces::key_of(session.connection().number(), collection.number, id));
    if (!place || *place < rid_of(collection.number, 0) || *place >= rid_of(collection.number + 1, 0))
        return false;
    std::string& text = session.text();
    const auto version = context_->records.find({within.record_cache_number(), *place}, text);
    if (!version || !has_id(json::View(text), id)) return false;
    ++context_->counters.cached_reads;
    const Reading reading(session);
    sink.row({json::View(text), {static_cast<std::uint64_t>(*place), *version}});
    return true;
}

Reply<FindResult> SqliteEngine::find(const FindRequest& request, RowSink& sink) {
    TRY(auto within, database(request.database));
    return reader_->run(std::move(within), FindRun(request, sink, context_->options));
}

Reply<CountResult> SqliteEngine::count(const CountRequest& request) {
    TRY(auto within, database(request.database));
    return reader_->run(std::move(within), CountRun(request, context_->options));
}

Reply<WriteOutcome> SqliteEngine::write(const WriteBatch& batch) {
    TRY(auto within, database(batch.database));
    const Completer<WriteOutcome> completer;
    TRY(const bool in_line, within->queue().push({&batch, completer, batch_bytes(batch)}));
    if (in_line) writers_.put_in_line(std::move(within));
    return completer.reply();
}

Reply<ChangesPage> SqliteEngine::changes(const ChangesRequest& request) {
    TRY(auto within, database(request.database));
    return reader_->run(std::move(within), ChangesRun(request));
}

void SqliteEngine::hold_changes(std::string_view id, std::optional<std::uint64_t> position) {
    for (const std::shared_ptr<Database>& open : databases_.open_ones()) {
        if (open->id() == id) open->hold_changes(position ? static_cast<std::int64_t>(*position) : INT64_MAX);
    }
}

EngineMetrics SqliteEngine::metrics() const {
    const Counters& counters = context_->counters;
    EngineMetrics now;
    now.commits = counters.commits;
    now.commit_failures = counters.commit_failures;
    now.commit_operations = counters.commit_operations;
    now.commit_ns = counters.commit_ns;
    now.cached_reads = counters.cached_reads;
    now.inline_reads = counters.inline_reads;
    now.pool_reads = counters.pool_reads;
    now.write_queue = counters.write_queue;
    now.read_queue = reader_ ? reader_->queued() : 0;
    now.open_databases = databases_.open_ones().size();
    now.checkpoints = counters.checkpoints;
    now.cache_bytes = counters.cache_bytes;
    return now;
}

void SqliteEngine::stop() {
    std::call_once(stopped_, [this] {
        context_->stopping = true;
        housekeeper_.stop();
        reader_.reset();
        writers_.stop();
        checkpointer_.stop();
        databases_.close_all();
    });
}

Error lost_system(std::string message, std::string cause) {
    Error error = database_damaged(std::move(cause));
    error.message = std::move(message) + "; restore the data directory from a backup";
    error.retry_after_seconds = 0;
    return error;
}

/// Makes the system database where all is new. Else only a look: the engine opens it again when it is asked for.
Status open_system(const DataDirectory& directory, Context& context) {
    const std::string path = directory.file_of(system_database);
    if (!directory.has(system_database)) {
        TRY(const std::vector<std::string> others, directory.databases());
        if (!others.empty()) {
            return lost_system(
                path + ", which names the databases that are there and holds the keys, is missing", {});
        }
        return create_file(path, context.options);
    }
    const auto system = Database::open(std::string(system_database), path, context);
    if (system.ok()) return {};
    if (system.error().code != ErrorCode::DATABASE_DAMAGED) return system.error();
    return lost_system(path + " is damaged", system.error().cause);
}

}  // namespace

Result<std::unique_ptr<Engine>> open_sqlite_engine(SqliteOptions options) {
    configure_sqlite();
    TRY(auto directory, DataDirectory::open(options.directory));
    auto context = std::make_unique<Context>(std::move(options));
    TRY_VOID(open_system(*directory, *context));
    return std::unique_ptr<Engine>(std::make_unique<SqliteEngine>(std::move(context), std::move(directory)));
}

}  // namespace credvault::storage
