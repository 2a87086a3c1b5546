#include "storage/sqlite/group_writer.h"

#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "storage/errors.h"
#include "storage/platform.h"
#include "storage/sqlite/data_directory.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/failure.h"

namespace credvault::storage {
namespace {

constexpr std::int64_t chore_pause_ns = 1'000'000'000;
constexpr std::int64_t log_pause_ns = 1'000'000'000;

}  // namespace

GroupWriter::GroupWriter(Database& database, Start start)
    : database_(database), last_sequence_(start.last_sequence), cache_(database.context().writer_caches) {
    for (const std::string& id : start.last_ids) ulids_.observe(id);
    for (const ChoreRequest& request : start.chores) chores_.push_back(make_chore(request));
    chores_left_ = !chores_.empty();
}

GroupWriter::~GroupWriter() = default;

std::int64_t GroupWriter::unmoved_log_bytes() const {
    const std::int64_t bytes = log_bytes_;
    const std::int64_t moved = moved_log_bytes_;
    return bytes < moved ? bytes : bytes - moved;  // A log that began anew is shorter.
}

bool GroupWriter::serve() {
    std::lock_guard lock(turn_);
    if (const Status ready = connect(); !ready.ok()) {
        note(ready.error());
        fail_waiting(ready.error());
        chores_from_ns_ = monotonic_ns() + chore_pause_ns;
    } else {
        run_group();
        run_chore();
    }
    chores_left_ = !chores_.empty();
    return chores_left_ && monotonic_ns() >= chores_from_ns_;
}

Status GroupWriter::connect() {
    TRY_VOID(database_.usable());
    if (repair_needed_) TRY_VOID(repair());
    if (!connection_) {
        TRY(connection_,
            Connection::open(database_.path(), Connection::Mode::Write, database_.context().options));
        TRY(page_bytes_, connection_->integer("PRAGMA page_size"));
        sqlite3_wal_hook(connection_->raw(), on_commit, this);
        connection_->set_cache(cache_.bytes());
    }
    if (cache_.fit(connection_->cache_used())) connection_->set_cache(cache_.bytes());
    return {};
}

/// After a failed flush nobody knows what of the log is on the disk, and SQLite would go on appending to it. So
/// everything that was committed is moved into the database file, flushed there, and the log is emptied.
Status GroupWriter::repair() {
    connection_.reset();
    TRY(auto fresh, Connection::open(database_.path(), Connection::Mode::Write, database_.context().options));
    TRY(const std::int64_t busy, fresh->integer("PRAGMA wal_checkpoint(TRUNCATE)"));
    if (busy != 0) return storage_unavailable("the log could not be emptied after a failure");
    TRY(auto catalog, Catalog::load(*fresh));
    TRY(last_sequence_, fresh->integer("SELECT max(seq) FROM changes"));
    if (database_.allowance()) database_.allowance()->set(catalog->stock());
    database_.publish(std::move(catalog));
    database_.forget_cached_records();
    database_.note_commit();
    tell_listener();  // What failed to commit may be there all the same.
    repair_needed_ = false;
    return {};
}

Status GroupWriter::begin() {
    TRY_VOID(connection_->check((*connection_)[Sql::BeginWrite].run(), "beginning to write"));
    const bool limited = !is_platform_database(database_.id());
    // What is written there at a high rate is nobody's to follow.
    const bool keeps_log = database_.id() != events_database;
    transaction_.emplace(WriteTransaction::Start{
        *connection_, ulids_, database_.context(), database_.catalog(), last_sequence_, database_.allowance(),
        limited, database_.id(), database_.record_cache_number(), keeps_log});
    untouched_ = true;
    return {};
}

void GroupWriter::roll_back() {
    transaction_.reset();
    if (!connection_->in_transaction()) return;
    // Where even this fails, the connection is thrown away, which drops the transaction.
    if ((*connection_)[Sql::Rollback].run() != SQLITE_OK) repair_needed_ = true;
}

void GroupWriter::run_group() {
    std::vector<Taken> group;
    Status done = fill_group(group);
    if (group.empty()) return;
    if (done.ok()) {
        std::size_t operations = 0;
        for (const Taken& taken : group)
            operations += taken.result.ok() ? taken.pending.batch->operations.size() : 0;
        done = commit(operations);
    }
    if (done.ok()) {
        for (Taken& taken : group) taken.pending.completer.complete(std::move(taken.result));
        return;
    }
    roll_back();
    note(done.error());
    if (group.size() == 1 || repair_needed_) {
        fail(group, done.error());
    } else {
        replay(group);
    }
}

Status GroupWriter::fill_group(std::vector<Taken>& group) {
    const std::int64_t started_ns = monotonic_ns();
    Status done;
    while (done.ok() && has_room(group, started_ns)) {
        std::optional<PendingWrite> next = database_.queue().pop();
        if (!next) break;
        group.push_back({std::move(*next), Error(ErrorCode::INTERNAL)});
        if (!transaction_) done = begin();
        if (done.ok()) done = apply(group.back());
    }
    return done;
}

bool GroupWriter::has_room(const std::vector<Taken>& group, std::int64_t started_ns) const {
    if (group.empty()) return true;
    const SqliteOptions& options = database_.context().options;
    std::size_t operations = 0;
    std::size_t bytes = 0;
    for (const Taken& taken : group) {
        operations += taken.pending.batch->operations.size();
        bytes += taken.pending.bytes;
    }
    return operations < options.group_operations && bytes < options.group_bytes &&
           monotonic_ns() - started_ns < options.group_ms * 1'000'000;
}

/// Applies one batch and keeps its result. Fails only by the store's fault.
Status GroupWriter::apply(Taken& taken) {
    const WriteBatch& batch = *taken.pending.batch;
    const bool checked_first = is_checked_first(batch);
    const bool savepoint = !checked_first && !untouched_;
    if (savepoint) TRY_VOID(connection_->check((*connection_)[Sql::Savepoint].run(), "making a savepoint"));
    const WriteTransaction::State mark = transaction_->mark();
    taken.result = batches_.apply(*transaction_, batch, now_ms());
    if (taken.result.ok()) {
        untouched_ = false;
        if (savepoint)
            TRY_VOID(connection_->check((*connection_)[Sql::Release].run(), "releasing a savepoint"));
        return {};
    }
    if (is_store_fault(taken.result.error())) return taken.result.error();
    return undo(mark, savepoint, checked_first);
}

Status GroupWriter::undo(const WriteTransaction::State& mark, bool savepoint, bool checked_first) {
    if (checked_first) {
        transaction_->return_to(mark);
        return {};
    }
    if (!savepoint) {  // Nothing else is in the transaction.
        roll_back();
        return begin();
    }
    transaction_->return_to(mark);
    TRY_VOID(connection_->check((*connection_)[Sql::RollbackTo].run(), "returning to a savepoint"));
    return connection_->check((*connection_)[Sql::Release].run(), "releasing a savepoint");
}

Status GroupWriter::commit(std::size_t operations) {
    Counters& counters = database_.context().counters;
    const std::int64_t started_ns = monotonic_ns();
    Status done = transaction_->save_counts();
    if (done.ok()) {
        publish_flags();
        const int code = (*connection_)[Sql::Commit].run();
        done = connection_->check(code, "committing");
        // Whether the log reached the disk is unknown after an error of input or output.
        if (!done.ok() && done.error().code == ErrorCode::STORAGE_UNAVAILABLE) repair_needed_ = true;
        if (!done.ok() && (code & 0xff) == SQLITE_IOERR) repair_needed_ = true;
    }
    if (!done.ok()) {
        ++counters.commit_failures;
        return done;
    }
    publish();
    ++counters.commits;
    counters.commit_operations += operations;
    if (operations > 0) written_ = true;
    counters.commit_ns += static_cast<std::uint64_t>(monotonic_ns() - started_ns);
    return {};
}

/// Readers must know that an index repeats records before they can see the entries.
void GroupWriter::publish_flags() {
    if (transaction_->raised().empty()) return;
    std::shared_ptr<const Catalog> catalog = database_.catalog();
    for (const CollectionRef& collection : catalog->collections()) {
        CollectionRef changed = collection;
        for (const IndexRef& index : collection->indexes) {
            for (const IndexRef& raised : transaction_->raised()) {
                if (raised->number != index->number) continue;
                auto flagged = std::make_shared<StoredIndex>(*index);
                flagged->multikey |= raised->multikey;
                flagged->cut |= raised->cut;
                changed = changed->with_index(std::move(flagged));
            }
        }
        if (changed != collection) catalog = catalog->with(std::move(changed));
    }
    database_.publish(std::move(catalog));
}

/// What follows a commit, before anybody is answered.
void GroupWriter::publish() {
    const bool logged = transaction_->last_sequence() != last_sequence_;
    last_sequence_ = transaction_->last_sequence();
    transaction_->publish_counts();
    if (transaction_->catalog() != database_.catalog()) database_.publish(transaction_->catalog());
    for (const ChoreRequest& request : transaction_->chores()) chores_.push_back(make_chore(request));
    transaction_.reset();
    database_.note_commit();
    if (logged) tell_listener();
}

void GroupWriter::tell_listener() {
    CommitListener* const listener = database_.context().commit_listener.load(std::memory_order_acquire);
    if (listener != nullptr) listener->committed(database_.id());
}

void GroupWriter::replay(std::vector<Taken>& group) {
    for (std::size_t i = 0; i < group.size(); ++i) {
        Taken& taken = group[i];
        Status done = connect();
        if (done.ok()) done = begin();
        if (done.ok()) done = apply(taken);
        if (done.ok()) done = commit(taken.pending.batch->operations.size());
        if (!done.ok()) {
            if (connection_) roll_back();
            note(done.error());
            taken.result = done.error();
        }
        taken.pending.completer.complete(std::move(taken.result));
    }
}

void GroupWriter::fail(std::vector<Taken>& group, const Error& error) {
    for (Taken& taken : group) taken.pending.completer.complete(error);
}

void GroupWriter::fail_waiting(const Error& error) {
    // Those that wait now: what comes after the first answers may find the fault gone.
    for (std::size_t left = database_.queue().size(); left > 0; --left) {
        if (std::optional<PendingWrite> waiting = database_.queue().pop()) waiting->completer.complete(error);
    }
}

void GroupWriter::run_chore() {
    if (upkeep_wanted_.exchange(false))
        chores_.push_back(make_upkeep([this] { return database_.held_position(); }));
    if (ttl_wanted_.exchange(false) && ttl_running_.expired()) {
        auto running = std::make_shared<const bool>(true);
        ttl_running_ = running;
        chores_.push_back(make_ttl_sweep(std::move(running)));
    }
    if (chores_.empty() || repair_needed_ || monotonic_ns() < chores_from_ns_) return;
    std::unique_ptr<Chore> chore = std::move(chores_.front());
    chores_.pop_front();
    Status done = begin();
    bool finished = false;
    if (done.ok()) {
        Result<bool> step = chore->step(*transaction_);
        finished = step.ok() && *step;
        if (!step.ok()) done = std::move(step).error();
    }
    if (done.ok()) done = commit(0);
    if (done.ok()) {
        chore->committed();
    } else {
        roll_back();
        note(done.error());
        chores_from_ns_ = monotonic_ns() + chore_pause_ns;
    }
    if (!done.ok() || !finished) chores_.push_back(std::move(chore));
}

void GroupWriter::note(const Error& error) {
    database_.note(error);
    if (error.code == ErrorCode::STORAGE_UNAVAILABLE) repair_needed_ = true;
    ++failures_;
    if (monotonic_ns() - failure_logged_ns_ < log_pause_ns) return;
    failure_logged_ns_ = monotonic_ns();
    log::warning(
        "a write failed",
        {{"database", database_.id()}, {"cause", error.cause}, {"failures", std::exchange(failures_, 0)}});
}

int GroupWriter::on_commit(void* writer, sqlite3*, const char*, int frames) {
    auto* const self = static_cast<GroupWriter*>(writer);
    self->log_bytes_ = frames * self->page_bytes_;
    return SQLITE_OK;
}

}  // namespace credvault::storage
