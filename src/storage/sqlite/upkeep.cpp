// Keeps a database from growing for ever: expired idempotency keys, the oldest changes, and pages that nothing uses.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "storage/sqlite/chore.h"
#include "storage/sqlite/file_format.h"

namespace credvault::storage {
namespace {

constexpr std::int64_t rows_a_step = 2'000;
constexpr std::int64_t pages_a_step = 500;
constexpr std::int64_t spare_pages = 1'000;  ///< Kept for what is written next.

class Upkeep final : public Chore {
public:
    explicit Upkeep(std::function<std::int64_t()> held) : held_(std::move(held)) {}

    Result<bool> step(WriteTransaction& transaction) override {
        Connection& connection = transaction.connection();
        TRY(const bool answers_left, remove_answers(connection));
        TRY(const bool changes_left, remove_changes(transaction));
        TRY(const bool pages_left, give_back(connection));
        return !answers_left && !changes_left && !pages_left;
    }

private:
    static Result<bool> remove_answers(Connection& connection) {
        Statement& statement = connection[Sql::DeleteAnswers];
        TRY_VOID(connection.check(statement.bind(1, now_ms()).bind(2, rows_a_step).run(),
                                  "removing expired keys"));
        return connection.changes() == rows_a_step;
    }

    /// True: more may have to go.
    Result<bool> remove_changes(WriteTransaction& transaction) const {
        Connection& connection = transaction.connection();
        TRY(const Trimming trimmed, look_at_changes(transaction));
        if (trimmed.rows == 0) return false;
        TRY_VOID(connection.check(connection[Sql::DeleteChanges].bind(1, trimmed.up_to + 1).run(),
                                  "trimming changes"));
        TRY_VOID(connection.check(connection[Sql::DeleteFormerCollections].bind(1, trimmed.up_to + 1).run(),
                                  "forgetting dropped collections"));
        transaction.count(change_log_number, transaction.catalog()->change_counts(), -trimmed.rows,
                          -trimmed.bytes);
        return trimmed.rows == rows_a_step;
    }

    struct Trimming {
        std::int64_t up_to = 0;
        std::int64_t rows = 0;
        std::int64_t bytes = 0;
    };

    /// The oldest changes that are beyond the bounds. The last change always stays: the sequence goes on from it.
    Result<Trimming> look_at_changes(WriteTransaction& transaction) const {
        const SqliteOptions& options = transaction.options();
        const std::shared_ptr<Counts>& counts = transaction.catalog()->change_counts();
        const std::int64_t last = transaction.last_sequence();
        const std::int64_t held = held_();
        const std::int64_t oldest_ms =
            options.max_change_age_ms == 0 ? INT64_MIN : now_ms() - options.max_change_age_ms;
        Connection& connection = transaction.connection();
        Statement& oldest = connection[Sql::OldestChanges];
        const StatementScope scope(oldest);
        oldest.bind(1, rows_a_step);
        Trimming trimmed;
        int code = SQLITE_ROW;
        while ((code = oldest.step()) == SQLITE_ROW) {
            const std::int64_t sequence = oldest.integer(0);
            const auto rows =
                static_cast<std::size_t>(std::max<std::int64_t>(0, counts->rows - trimmed.rows));
            const auto bytes =
                static_cast<std::size_t>(std::max<std::int64_t>(0, counts->bytes - trimmed.bytes));
            const bool beyond = rows > options.max_changes || bytes > options.max_change_bytes ||
                                oldest.integer(1) < oldest_ms;
            const bool gives_up = rows > options.held_changes || bytes > options.held_change_bytes;
            if (sequence == last || !beyond || (sequence > held && !gives_up)) return trimmed;
            trimmed.up_to = sequence;
            ++trimmed.rows;
            trimmed.bytes += oldest.integer(2);
        }
        TRY_VOID(connection.check(code, "looking at the oldest changes"));
        return trimmed;
    }

    static Result<bool> give_back(Connection& connection) {
        TRY(const std::int64_t pages, connection.integer("PRAGMA freelist_count"));
        if (pages <= spare_pages) return false;
        TRY_VOID(connection.execute("PRAGMA incremental_vacuum(" + std::to_string(pages_a_step) + ")"));
        return pages - pages_a_step > spare_pages;
    }

    const std::function<std::int64_t()> held_;
};

}  // namespace

std::unique_ptr<Chore> make_upkeep(std::function<std::int64_t()> held) {
    return std::make_unique<Upkeep>(std::move(held));
}

}  // namespace credvault::storage
