#include "storage/sqlite/read_session.h"

#include "storage/sqlite/database.h"

namespace credvault::storage {
namespace {

constexpr std::uint32_t begins_between_fits = 64;

}  // namespace

ReadSession::ReadSession(Database& database, std::unique_ptr<Connection> connection)
    : database_(database), connection_(std::move(connection)), cache_(database.context().reader_caches) {
    connection_->set_cache(cache_.bytes());
}

ReadSession::~ReadSession() {
    end();
    database_.context().counters.cache_bytes -= cache_used_;
}

void ReadSession::follow_catalog() {
    const std::uint64_t generation = database_.generation();
    if (generation == generation_) return;
    end();
    catalog_ = database_.catalog();
    generation_ = generation;
}

Status ReadSession::begin() {
    // The counter is read before the transaction begins: what is committed in between is seen and costs no more than
    // a new beginning next time.
    const std::uint64_t commits = database_.commits();
    const std::uint64_t generation = database_.generation();
    if (open_ && commits == commits_ && generation == generation_ && executor_ == Executor::current())
        return {};
    end();
    follow_catalog();
    RecordCache& records = database_.context().records;
    connection_->set_cached({records, database_.record_cache_number(), records.now()});
    if (begins_++ % begins_between_fits == 0) fit_cache();
    commits_ = commits;
    const int code = (*connection_)[Sql::Begin].run();
    TRY_VOID(connection_->check(code, "beginning to read"));
    open_ = true;
    executor_ = Executor::current();
    return {};
}

void ReadSession::leave() {
    if (!open_) return;
    if (executor_ == nullptr) {
        end();
    } else if (!end_is_posted()) {
        keep_until_next_turn();
    }
}

void ReadSession::keep_until_next_turn() {
    // The token tells whether the function still waits, also where its executor went away without running it.
    executor_->post([this, token = token_, database = database_.weak_from_this()] {
        const auto alive = database.lock();
        if (alive && !busy_) end();
    });
}

void ReadSession::end() {
    if (!open_) return;
    open_ = false;
    // Ending a transaction that only read can't fail in a way that matters.
    if ((*connection_)[Sql::Commit].run() != SQLITE_OK) (void)(*connection_)[Sql::Rollback].run();
}

bool ReadSession::catalog_is_current() const { return database_.generation() == generation_; }

void ReadSession::fit_cache() {
    const std::size_t used = connection_->cache_used();
    if (cache_.fit(used)) connection_->set_cache(cache_.bytes());
    database_.context().counters.cache_bytes += used - cache_used_;
    cache_used_ = used;
}

}  // namespace credvault::storage
