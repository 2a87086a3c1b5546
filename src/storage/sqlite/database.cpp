#include "storage/sqlite/database.h"

#include <utility>

#include "base/log.h"
#include "storage/errors.h"
#include "storage/sqlite/data_directory.h"
#include "storage/sqlite/file_format.h"

namespace credvault::storage {
namespace {

constexpr int newest_ids = 64;

Result<std::vector<std::string>> load_newest_ids(Connection& connection) {
    std::vector<std::string> ids;
    Statement rows(connection.raw(),
                   "SELECT id FROM changes WHERE (operation & 15) < 4 ORDER BY seq DESC LIMIT " +
                       std::to_string(newest_ids),
                   false);
    int code = SQLITE_ROW;
    while ((code = rows.step()) == SQLITE_ROW) ids.emplace_back(rows.bytes(0));
    TRY_VOID(connection.check(code, "loading the newest ids"));
    return ids;
}

}  // namespace

Database::Database(std::string id, std::string path, Context& context)
    : id_(std::move(id)),
      path_(std::move(path)),
      context_(context),
      record_cache_number_(context.records.number_database()),
      queue_(context) {}

Result<std::shared_ptr<Database>> Database::open(std::string id, std::string path, Context& context) {
    std::shared_ptr<Database> database(new Database(std::move(id), std::move(path), context));
    TRY_VOID(database->load());
    return database;
}

Status Database::load() {
    TRY(ReadSession* const reader, session());
    Connection& connection = reader->connection();
    TRY_VOID(connection.execute("BEGIN"));
    TRY_VOID(check_format(connection));
    TRY(auto catalog, Catalog::load(connection));
    GroupWriter::Start start;
    TRY(start.last_sequence, connection.integer("SELECT max(seq) FROM changes"));
    TRY(start.last_ids, load_newest_ids(connection));
    TRY(start.chores, unfinished_chores(connection, *catalog, context_.started_ms));
    TRY_VOID(connection.execute("COMMIT"));
    Quotas* const quotas = context_.quotas;
    if (quotas != nullptr && id_ != system_database) allowance_ = quotas->allowance(id_);
    if (allowance_) allowance_->set(catalog->stock());
    publish(std::move(catalog));
    writer_ = std::make_unique<GroupWriter>(*this, std::move(start));
    return {};
}

Database::~Database() {
    for (const PendingWrite& left : queue_.close(shutting_down())) left.completer.complete(shutting_down());
    for (std::atomic<ReadSession*>& session : sessions_) delete session.load();
    const bool written = writer_ && writer_->log_bytes() > 0;
    writer_.reset();
    if (!written || retired_) return;
    const auto connection = Connection::open(path_, Connection::Mode::Write, context_.options);
    if (connection.ok()) (void)(*connection)->execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<ReadSession*> Database::session() {
    if (retired_.load(std::memory_order_acquire)) TRY_VOID(usable());
    const std::optional<std::size_t> slot = thread_slot();
    if (!slot) return overloaded("more threads than sessions");
    std::atomic<ReadSession*>& mine = sessions_[*slot];
    if (ReadSession* const there = mine.load(std::memory_order_acquire)) return there;
    TRY(auto connection, Connection::open(path_, Connection::Mode::Read, context_.options));
    mine.store(new ReadSession(*this, std::move(connection)), std::memory_order_release);
    return mine.load(std::memory_order_relaxed);
}

std::shared_ptr<const Catalog> Database::catalog() const {
    std::lock_guard lock(mutex_);
    return catalog_;
}

void Database::publish(std::shared_ptr<const Catalog> catalog) {
    std::lock_guard lock(mutex_);
    catalog_ = std::move(catalog);
    generation_.fetch_add(1, std::memory_order_acq_rel);
}

Status Database::usable() const {
    if (!retired_.load(std::memory_order_acquire)) return {};
    std::lock_guard lock(mutex_);
    return *retirement_;
}

Error Database::note(Error error) {
    if (error.code == ErrorCode::DATABASE_DAMAGED && !retired_) {
        log::error("a database is damaged", {{"database", id_}, {"cause", error.cause}});
        retire(error);
    }
    return error;
}

void Database::retire(const Error& why) {
    {
        std::lock_guard lock(mutex_);
        if (!retirement_) retirement_ = why;
    }
    retired_.store(true, std::memory_order_release);
}

}  // namespace credvault::storage
