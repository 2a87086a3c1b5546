// Removes records whose time has come, by the indexes that have a ttl_seconds: one round over all of them, in steps.
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "storage/expiry.h"
#include "storage/sqlite/chore.h"
#include "storage/sqlite/record_writer.h"

namespace credvault::storage {
namespace {

constexpr std::size_t removed_a_step = 200;
constexpr int keys_between_looks = 64;

class TtlSweep final : public Chore {
public:
    explicit TtlSweep(std::shared_ptr<const bool> running) : running_(std::move(running)) {}

    Result<bool> step(WriteTransaction& transaction) override {
        const std::int64_t now = now_ms();
        next_ = position_;
        const Target target = find(*transaction.catalog());
        if (!target.index) return true;
        next_.index = target.index->number;
        TRY(const std::vector<std::int64_t> expired, gather(transaction, target, now));
        TRY_VOID(remove(transaction, *target.collection, expired));
        return false;
    }

    void committed() override { position_ = std::move(next_); }

private:
    /// Indexes are swept in the order of their numbers.
    struct Position {
        std::int64_t index = 0;
        bool done = false;  ///< With this index.
        std::string key;    ///< The last one that was looked at.
    };
    struct Target {
        CollectionRef collection;
        IndexRef index;
    };

    Target find(const Catalog& catalog) {
        Target found;
        for (const CollectionRef& collection : catalog.collections()) {
            for (const IndexRef& index : collection->indexes) {
                const bool due =
                    index->number > position_.index || (index->number == position_.index && !position_.done);
                const bool sooner = !found.index || index->number < found.index->number;
                if (index->spec.ttl_seconds && index->state == IndexState::Ready && due && sooner)
                    found = {collection, index};
            }
        }
        if (found.index && found.index->number != position_.index) next_ = {};
        return found;
    }

    Result<std::vector<std::int64_t>> gather(WriteTransaction& transaction, const Target& target,
                                             std::int64_t now) {
        const std::int64_t until_ns = monotonic_ns() + transaction.options().chunk_ms * 1'000'000 / 2;
        const query::KeyRange range = expiry_range(target.index->spec, now);
        Connection& connection = transaction.connection();
        Statement& keys = connection[Sql::KeysUp];
        const StatementScope scope(keys);
        const std::string from = next_.key.empty() ? range.low : next_.key + '\0';
        keys.bind(1, target.index->number).bind_bytes(2, from).bind_bytes(3, range.high).bind(4, 0);
        std::vector<std::int64_t> expired;
        int code = SQLITE_ROW;
        int looked = 0;
        while ((code = keys.step()) == SQLITE_ROW) {
            next_.key = keys.bytes(0);
            if (has_expired(next_.key, target.index->spec, now)) expired.push_back(keys.integer(1));
            const bool look = ++looked % keys_between_looks == 0;
            if (expired.size() == removed_a_step || (look && monotonic_ns() > until_ns)) return expired;
        }
        TRY_VOID(connection.check(code, "looking for expired records"));
        next_.done = true;
        return expired;
    }

    /// As if somebody had deleted them.
    Status remove(WriteTransaction& transaction, const StoredCollection& collection,
                  const std::vector<std::int64_t>& expired) {
        Connection& connection = transaction.connection();
        WriteBatch batch;
        batch.actor = ttl_actor;
        transaction.set_actor(ttl_actor);
        writer_.start(transaction, batch, now_ms());
        for (const std::int64_t rid : expired) {
            std::string id;
            {
                Statement& record = connection[Sql::RecordByRid];
                const StatementScope scope(record);
                const int code = record.bind(1, rid).step();
                if (code == SQLITE_DONE) continue;  // An array gave it twice.
                if (code != SQLITE_ROW) return connection.error(code, "reading an expired record");
                id = json::View(record.bytes(0)).find("id")->as_string();
            }
            Result<OperationOutcome> removed = writer_.apply(RemoveRecord{collection.name, id, {}});
            if (!removed.ok()) return std::move(removed).error();
        }
        return {};
    }

    const std::shared_ptr<const bool> running_;
    RecordWriter writer_;
    Position position_;
    Position next_;
};

}  // namespace

std::unique_ptr<Chore> make_ttl_sweep(std::shared_ptr<const bool> running) {
    return std::make_unique<TtlSweep>(std::move(running));
}

}  // namespace credvault::storage
