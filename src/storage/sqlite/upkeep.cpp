// Keeps a database from growing for ever: expired idempotency keys, the oldest changes, and pages that nothing uses.
#include <string>

#include "base/clock.h"
#include "storage/sqlite/chore.h"

namespace credvault::storage {
namespace {

constexpr std::int64_t rows_a_step = 2'000;
constexpr std::int64_t pages_a_step = 500;
constexpr std::int64_t spare_pages = 1'000;  ///< Kept for what is written next.

class Upkeep final : public Chore {
public:
    Result<bool> step(WriteTransaction& transaction) override {
        Connection& connection = transaction.connection();
        TRY(const bool answers_left, remove_answers(connection));
        TRY(const bool changes_left, remove_changes(connection, transaction.options().max_changes));
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

    /// The last change always stays: the sequence goes on from it.
    static Result<bool> remove_changes(Connection& connection, std::uint64_t kept) {
        std::int64_t first = 0;
        std::int64_t last = 0;
        {
            Statement& range = connection[Sql::ChangesRange];
            const StatementScope scope(range);
            if (const int code = range.step(); code != SQLITE_ROW)
                return connection.error(code, "trimming changes");
            first = range.integer(0);
            last = range.integer(1);
        }
        const std::int64_t excess =
            last - first + 1 - static_cast<std::int64_t>(std::max<std::uint64_t>(kept, 1));
        if (excess <= 0) return false;
        const std::int64_t removed = std::min(excess, rows_a_step);
        TRY_VOID(connection.check(connection[Sql::DeleteChanges].bind(1, first + removed).run(),
                                  "trimming changes"));
        return removed < excess;
    }

    static Result<bool> give_back(Connection& connection) {
        TRY(const std::int64_t pages, connection.integer("PRAGMA freelist_count"));
        if (pages <= spare_pages) return false;
        TRY_VOID(connection.execute("PRAGMA incremental_vacuum(" + std::to_string(pages_a_step) + ")"));
        return pages - pages_a_step > spare_pages;
    }
};

}  // namespace

std::unique_ptr<Chore> make_upkeep() { return std::make_unique<Upkeep>(); }

}  // namespace credvault::storage
