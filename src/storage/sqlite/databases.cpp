#include "storage/sqlite/databases.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "storage/errors.h"
#include "storage/sqlite/file_format.h"

namespace credvault::storage {
namespace {

constexpr std::size_t kept_open = 8;       ///< So many are not closed for being unused.
constexpr std::size_t max_left_open = 16;  ///< So many may wait to be closed.

bool is_unused(const std::shared_ptr<Database>& database) {
    return database.use_count() == 1 && database->queue().idle() && !database->writer().has_chores();
}

}  // namespace

Databases::Databases(Context& context, std::unique_ptr<DataDirectory> directory)
    : context_(context), directory_(std::move(directory)) {}

Result<std::shared_ptr<Database>> Databases::get(std::string_view id) {
    if (auto found = find(id)) return std::move(*found);
    std::lock_guard lock(changing_);
    if (auto found = find(id)) return std::move(*found);
    make_room();
    TRY(auto opened, open(id));
    if (on_unfinished_ && opened->writer().has_chores()) on_unfinished_(opened);
    return opened;
}

std::optional<Result<std::shared_ptr<Database>>> Databases::find(std::string_view id) const {
    std::shared_lock lock(mutex_);
    if (closed_) return shutting_down();
    const auto found = entries_.find(id);
    if (found == entries_.end()) return {};
    const Entry& entry = *found->second;
    if (entry.damage) return *entry.damage;
    entry.used_ns.store(monotonic_ns(), std::memory_order_relaxed);
    return entry.database;
}

Result<std::shared_ptr<Database>> Databases::open(std::string_view id) {
    if (!directory_->has(id)) return database_not_found();
    Result<std::shared_ptr<Database>> opened =
        Database::open(std::string(id), directory_->file_of(id), context_);
    const bool damaged = !opened.ok() && opened.error().code == ErrorCode::DATABASE_DAMAGED;
    if (!opened.ok() && !damaged) return opened;
    auto entry = std::make_unique<Entry>();
    if (damaged) {
        entry->damage = opened.error();
    } else {
        entry->database = *opened;
    }
    entry->used_ns = monotonic_ns();
    std::unique_lock lock(mutex_);
    entries_[std::string(id)] = std::move(entry);
    return opened;
}

/// Closing a database that was written waits for the disk, which the background thread should do; but not many wait.
void Databases::make_room() {
    const std::size_t most = context_.options.max_open_databases;
    for (std::shared_ptr<Database>& unused : take_unused(most > 0 ? most - 1 : 0, 0)) {
        if (unused->writer().log_bytes() > 0 && closing_.size() < max_left_open)
            closing_.push_back(std::move(unused));
    }
}

std::vector<std::shared_ptr<Database>> Databases::take_unused(std::size_t most, std::int64_t since_ns) {
    std::vector<std::shared_ptr<Database>> taken;
    std::unique_lock lock(mutex_);
    std::vector<Entries::iterator> unused;
    std::size_t open = 0;
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
        if (!entry->second->database) continue;
        ++open;
        if (is_unused(entry->second->database)) unused.push_back(entry);
    }
    std::sort(unused.begin(), unused.end(), [](const auto& a, const auto& b) {
        return a->second->used_ns.load() < b->second->used_ns.load();
    });
    for (const Entries::iterator& entry : unused) {
        const bool too_many = open > most;
        const bool too_old = open > kept_open && entry->second->used_ns < since_ns;
        if (!too_many && !too_old) break;
        taken.push_back(std::move(entry->second->database));
        entries_.erase(entry);
        --open;
    }
    return taken;
}

Status Databases::create(std::string_view id) {
    std::lock_guard lock(changing_);
    if (directory_->has(id)) return database_exists();
    return create_file(directory_->file_of(id), context_.options);
}

Status Databases::drop(std::string_view id) {
    std::shared_ptr<Database> dropped;  // Closed after the locks are released.
    std::lock_guard changing(changing_);
    if (!directory_->has(id)) return database_not_found();
    {
        std::unique_lock lock(mutex_);
        const auto found = entries_.find(id);
        if (found != entries_.end()) {
            dropped = std::move(found->second->database);
            entries_.erase(found);
        }
    }
    if (dropped) {
        dropped->retire(database_not_found());
        // A group that is being written is answered first; then nothing more is.
        std::lock_guard turn(dropped->writer().turn());
        for (const PendingWrite& left : dropped->queue().close(database_not_found())) {
            left.completer.complete(database_not_found());
        }
    }
    remove_files(directory_->file_of(id));
    return sync_directory_of(directory_->file_of(id));
}

Result<std::vector<std::string>> Databases::list() const { return directory_->databases(); }

std::vector<StoreHealth> Databases::health() const {
    std::vector<StoreHealth> all;
    std::shared_lock lock(mutex_);
    for (const auto& [id, entry] : entries_) {
        std::string reason;
        if (entry->damage) {
            reason = entry->damage->message;
        } else if (const Status usable = entry->database->usable(); !usable.ok()) {
            reason = usable.error().message;
        }
        const bool ready = reason.empty();
        all.push_back({id, ready, std::move(reason)});
    }
    return all;
}

std::vector<std::shared_ptr<Database>> Databases::open_ones() const {
    std::vector<std::shared_ptr<Database>> open;
    std::shared_lock lock(mutex_);
    for (const auto& [id, entry] : entries_) {
        if (entry->database) open.push_back(entry->database);
    }
    return open;
}

void Databases::close_idle() {
    std::vector<std::shared_ptr<Database>> closing;
    std::lock_guard lock(changing_);
    closing = take_unused(context_.options.max_open_databases,
                          monotonic_ns() - context_.options.idle_close_ms * 1'000'000);
    // Closed before the lock is released: an opening of the same file waits, and finds the log emptied.
    closing.clear();
    closing_.clear();
}

void Databases::close_all() {
    Entries closing;
    std::unique_lock lock(mutex_);
    closed_ = true;
    closing.swap(entries_);
    lock.unlock();
}

}  // namespace credvault::storage
