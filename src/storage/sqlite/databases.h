// The databases of a data directory, opened when they are needed and closed when they are not: at most a number of them
// is open, and the one unused for the longest time goes first. What was found damaged is remembered until the engine is
// opened anew. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.h"
#include "storage/sqlite/data_directory.h"
#include "storage/sqlite/database.h"

namespace credvault::storage {

class Databases {
public:
    Databases(Context& context, std::unique_ptr<DataDirectory> directory);

    /// Opens the database if it is not. Fails with DATABASE_NOT_FOUND, SHUTTING_DOWN or an error of the store.
    Result<std::shared_ptr<Database>> get(std::string_view id);
    /// Called with each database that was opened and has background work, outside of all locks.
    void on_unfinished(std::function<void(std::shared_ptr<Database>)> call) {
        on_unfinished_ = std::move(call);
    }

    /// Fails with ALREADY_EXISTS or an error of the store.
    Status create(std::string_view id);
    /// Fails with DATABASE_NOT_FOUND.
    Status drop(std::string_view id);
    /// Ids of all that have a file, the system's left out.
    Result<std::vector<std::string>> list() const;

    std::vector<StoreHealth> health() const;
    std::vector<std::shared_ptr<Database>> open_ones() const;
    /// Closes what was not used for the time that the options name, and what get() left to be closed.
    void close_idle();
    /// Closes all; get() fails from now on.
    void close_all();

private:
    struct Entry {
        std::shared_ptr<Database> database;  ///< Null where it is damaged.
        std::optional<Error> damage;
        mutable std::atomic<std::int64_t> used_ns{0};
    };
    using Entries = std::map<std::string, std::unique_ptr<Entry>, std::less<>>;

    /// The entry's answer, where there is an entry.
    std::optional<Result<std::shared_ptr<Database>>> find(std::string_view id) const;
    Result<std::shared_ptr<Database>> open(std::string_view id);
    /// Takes out the open databases beyond `most` that nobody uses, and those unused since a time.
    std::vector<std::shared_ptr<Database>> take_unused(std::size_t most, std::int64_t since_ns);
    void make_room();

    Context& context_;
    std::unique_ptr<DataDirectory> directory_;
    std::function<void(std::shared_ptr<Database>)> on_unfinished_;
    std::vector<std::shared_ptr<Database>> closing_;  ///< Left to close_idle(); under changing_.
    std::mutex changing_;  ///< Held while files are opened, made or removed; taken before mutex_.
    mutable std::shared_mutex mutex_;
    Entries entries_;
    bool closed_ = false;
};

}  // namespace credvault::storage
