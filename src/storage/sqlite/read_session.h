// One thread's connection for reading one database, with the read transaction that it holds over what one wake-up of
// the thread brings. A transaction is reused only while nothing has been committed since it began, so that a read sees
// every write that was answered before it, whichever thread asks. Belongs to its Database; used by one thread.
#pragma once

#include <cstdint>
#include <memory>

#include "base/executor.h"
#include "storage/sqlite/catalog.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/context.h"

namespace credvault::storage {

class Database;

class ReadSession {
public:
    ReadSession(Database& database, std::unique_ptr<Connection> connection);
    ~ReadSession();
    ReadSession(const ReadSession&) = delete;
    ReadSession& operator=(const ReadSession&) = delete;

    /// Makes sure that catalog() is the newest; ends the transaction where it was not.
    void follow_catalog();
    /// Makes sure that a transaction is open that sees all commits so far, with the catalog that belongs to it.
    Status begin();
    /// Says that the reading is over: the transaction is kept until the executor's next turn, or ended if there is no
    /// executor.
    void leave();
    /// Ends the transaction.
    void end();

    /// Whether a reading goes on further up in the call stack.
    bool busy() const { return busy_; }
    void set_busy(bool busy) { busy_ = busy; }

    Connection& connection() { return *connection_; }
    /// Room for one record's text, to be used while busy.
    std::string& text() { return text_; }
    const std::shared_ptr<const Catalog>& catalog() const { return catalog_; }
    /// Whether the catalog is still the newest. Asked after reading: what a dropped collection or index held is only
    /// removed after this became false.
    bool catalog_is_current() const;

private:
    bool end_is_posted() const { return token_.use_count() > 1; }
    void keep_until_next_turn();
    void fit_cache();

    Database& database_;
    std::unique_ptr<Connection> connection_;
    std::shared_ptr<const Catalog> catalog_;
    std::uint64_t generation_ = 0;  ///< Of the catalog.
    std::uint64_t commits_ = 0;     ///< When the transaction began.
    Executor* executor_ = nullptr;  ///< That was told to end it.
    bool open_ = false;
    std::shared_ptr<const bool> token_ =
        std::make_shared<const bool>(true);  ///< Shared with what was posted.
    bool busy_ = false;
    std::string text_;
    CacheGrant cache_;
    std::size_t cache_used_ = 0;
    std::uint32_t begins_ = 0;
};

}  // namespace credvault::storage
