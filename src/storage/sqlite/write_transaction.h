// A write transaction as it grows: the connection, the catalog as the transaction has made it so far, the change
// sequence, and what the counts will have moved by. mark() and return_to() take back the part that stands in memory
// when a savepoint is rolled back. Lives on a writer's thread; the connection and generator belong to the writer.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/quota.h"
#include "storage/sqlite/catalog.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/context.h"
#include "storage/sqlite/file_format.h"

namespace credvault::storage {

/// Work that a transaction leaves to the background once it is committed.
struct ChoreRequest {
    enum class Kind : std::uint8_t {
        BuildIndex,
        SweepIndex,
        SweepFailedIndex,
        SweepCollection,
        DropCollection
    };
    Kind kind;
    std::int64_t number;      ///< Of the index or collection.
    std::int64_t collection;  ///< Of the index's collection.
};

/// A change as it is logged. Views are good during the call.
struct LoggedChange {
    ChangeKind kind;
    std::string_view id;
    Revision revision;
    std::int64_t now_ms;
    std::string_view
        before;  ///< The record's texts, empty where there is none; kept only where the collection says
    std::string_view after;  ///< so.
};

class WriteTransaction {
public:
    struct Start {
        Connection& connection;
        UlidGenerator& ulids;
        Context& context;
        std::shared_ptr<const Catalog> catalog;
        std::int64_t last_sequence;
        std::shared_ptr<Allowance> allowance = {};  ///< Null: nobody counts.
        bool limited =
            true;  ///< To so many collections and indexes: users' databases are, the platform's are not.
        std::string_view database = {};         ///< Its id, as the commit listener knows it.
        std::uint64_t record_cache_number = 0;  ///< Of Database; 0: no record of it is kept.
        bool keeps_log = true;  ///< Else only the last change stays, from which the sequence goes on.
    };
    explicit WriteTransaction(Start start)
        : connection_(start.connection),
          ulids_(start.ulids),
          context_(start.context),
          record_cache_number_(start.record_cache_number),
          limited_(start.limited),
          database_(start.database),
          keeps_log_(start.keeps_log),
          claim_(std::move(start.allowance)),
          state_{std::move(start.catalog), start.last_sequence, 0, 0, 0, {}, {}} {}

    ~WriteTransaction() { context_.records.open(guards_); }
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;

    Connection& connection() { return connection_; }
    /// To be called before a record is changed or removed: nobody reads it from memory until this transaction is over.
    void forget_cached(std::int64_t rid) {
        guards_.push_back(context_.records.shut({record_cache_number_, rid}));
    }
    /// Asks the collection's rule about a record that is to be stored. Fails with SCHEMA_VIOLATION.
    Result<std::string> check_rule(const StoredCollection& collection, const json::View& record) const;
    const SqliteOptions& options() const { return context_.options; }
    const RecordPlaces& places() const { return context_.places; }
    std::size_t max_collections() const { return limited_ ? options().max_collections : SIZE_MAX; }
    std::size_t max_indexes() const { return limited_ ? options().max_indexes : SIZE_MAX; }
    UlidGenerator& ulids() { return ulids_; }

    const std::shared_ptr<const Catalog>& catalog() const { return state_.catalog; }
    void set_catalog(std::shared_ptr<const Catalog> catalog) { state_.catalog = std::move(catalog); }
    /// Fails with COLLECTION_NOT_FOUND.
    Result<CollectionRef> collection(std::string_view name) const;

    /// Who writes from now on; the text lives as long as it does.
    void set_actor(std::string_view actor) { actor_ = actor; }
    std::int64_t last_sequence() const { return state_.sequence; }
    /// Appends to the change log and returns the change's sequence number.
    Result<std::int64_t> log_change(const StoredCollection& collection, const LoggedChange& change);

    /// Moves the counts of a collection or index when the transaction is committed.
    void count(std::int64_t number, const std::shared_ptr<Counts>& counts, std::int64_t rows,
               std::int64_t bytes);
    /// Rows as they will be after the commit.
    std::int64_t rows(const std::shared_ptr<Counts>& counts) const;
    /// What a collection holds, as it will be after the commit.
    Stock stock(const std::shared_ptr<Counts>& counts) const;
    /// What users' records take changes by so much. Fails with QUOTA_EXCEEDED where it grows beyond what is free; call
    /// it before anything is written, and after all that may refuse the write.
    Status grow(const Stock& by) { return claim_.add(by); }
    Status save_counts();
    /// After the commit.
    void publish_counts();

    /// Notes an index whose entries now repeat records or are cut, which readers have to know before the commit.
    void raise_flags(const StoredCollection& collection, const StoredIndex& index, bool multikey, bool cut);
    const std::vector<IndexRef>& raised() const { return raised_; }

    void request(ChoreRequest chore) { chores_.push_back(chore); }
    const std::vector<ChoreRequest>& chores() const { return chores_; }

    /// The last change of a database that keeps no log.
    struct LastChange {
        std::int64_t collection = 0;  ///< 0: there was none.
        std::string id;
        std::int64_t operation = 0;
        std::int64_t now_ms = 0;
        Revision revision;
    };
    struct State {
        std::shared_ptr<const Catalog> catalog;
        std::int64_t sequence;
        std::size_t moves, raised, chores;
        Stock grown;
        LastChange last;
    };
    State mark();
    void return_to(const State& mark);

private:
    struct Move {
        std::int64_t number;
        std::shared_ptr<Counts> counts;
        std::int64_t rows;
        std::int64_t bytes;
    };

    ChangeImages images_of(const StoredCollection& collection) const;
    Status save_last_change();

    Connection& connection_;
    UlidGenerator& ulids_;
    Context& context_;
    const std::uint64_t record_cache_number_;
    std::vector<RecordCache::Guard> guards_;  ///< Of the records that it changes.
    const bool limited_;
    const std::string_view database_;
    const bool keeps_log_;
    Claim claim_;
    State state_;
    std::string_view actor_;
    std::vector<Move> moves_;
    std::size_t marked_moves_ = 0;  ///< Those before may be returned to and no longer change.
    std::vector<IndexRef> raised_;
    std::vector<ChoreRequest> chores_;
};

}  // namespace credvault::storage
