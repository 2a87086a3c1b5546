#include "storage/sqlite/check_database.h"

#include <algorithm>
#include <set>
#include <utility>

#include "storage/sqlite/check_findings.h"
#include "storage/sqlite/check_records.h"
#include "storage/sqlite/file_format.h"

namespace credvault::storage {
namespace {

// For each record that the log knows: its last change, whether it is there, and how often it was written since its
// insertion. Sorted by SQLite in files where it is much.
constexpr std::string_view last_changes =
    "SELECT c.collection, c.id, max(c.seq), c.operation, r.rid IS NOT NULL, r.rid, r.version, "
    "sum(c.seq >= (r.rid & 1099511627775)) FROM changes c LEFT JOIN records r ON r.collection = c.collection "
    "AND "
    "r.id = c.id WHERE (c.operation & 15) < 4 GROUP BY c.collection, c.id";

class DatabaseCheck {
public:
    DatabaseCheck(Connection& connection, CheckFindings& findings)
        : connection_(connection), findings_(findings) {}

    Status run() {
        TRY_VOID(check_format(connection_));
        TRY_VOID(check_file());
        TRY(catalog_, Catalog::load(connection_));
        TRY(first_change_, connection_.integer("SELECT min(seq) FROM changes"));
        TRY(last_change_, connection_.integer("SELECT max(seq) FROM changes"));
        TRY_VOID(check_strays());
        for (const CollectionRef& collection : catalog_->collections()) {
            if (findings_.stopped()) return {};
            ++findings_.report().collections;
            TRY_VOID(CollectionCheck(connection_, collection, first_change_, findings_).run());
        }
        return findings_.stopped() ? Status() : check_changes();
    }

private:
    Status check_file() {
        findings_.begin("file", 0);
        Statement rows(connection_.raw(), "PRAGMA integrity_check(20)", false);
        int code = SQLITE_ROW;
        while ((code = rows.step()) == SQLITE_ROW) {
            if (rows.bytes(0) != "ok") findings_.problem("the file: " + std::string(rows.bytes(0)));
        }
        return connection_.check(code, "checking the file");
    }

    Result<std::set<std::int64_t>> numbers_of(const std::string& table) {
        std::set<std::int64_t> numbers;
        Statement rows(connection_.raw(), "SELECT number FROM " + table, false);
        int code = SQLITE_ROW;
        while ((code = rows.step()) == SQLITE_ROW) numbers.insert(rows.integer(0));
        TRY_VOID(connection_.check(code, "reading " + table));
        return numbers;
    }

    /// Records and entries of what is not there, not even as dropped.
    Status check_strays() {
        TRY(const std::set<std::int64_t> collections, numbers_of("collections"));
        TRY(const std::set<std::int64_t> indexes, numbers_of("indexes"));
        Statement next_rid(connection_.raw(), "SELECT min(rid) FROM records WHERE rid >= ?1", false);
        TRY_VOID(walk_numbers(next_rid, sequence_bits, [&](std::int64_t number) {
            if (!collections.contains(number)) stray("records", "a collection", number);
        }));
        Statement next_index(connection_.raw(), "SELECT min(number) FROM entries WHERE number >= ?1", false);
        return walk_numbers(next_index, 0, [&](std::int64_t number) {
            if (!indexes.contains(number)) stray("entries", "an index", number);
        });
    }

    void stray(const std::string& rows, const std::string& owner, std::int64_t number) {
        findings_.problem("there are " + rows + " of " + owner + " that does not exist (" +
                          std::to_string(number) + ")");
    }

    /// Calls with each number there is; `next` gives the least value from ?1 on, which holds the number above `shift`.
    template <class Call>
    Status walk_numbers(Statement& next, int shift, Call call) {
        std::int64_t from = 1;
        for (;;) {
            const StatementScope scope(next);
            const int code = next.bind(1, from).step();
            if (code != SQLITE_ROW) return connection_.check(code, "looking for strays");
            const std::int64_t value = next.integer(0);
            if (value == 0) return {};
            const std::int64_t number = value >> shift;
            call(number);
            from = (number + 1) << shift;
        }
    }

    Status check_changes() {
        TRY(const std::int64_t changes, connection_.integer("SELECT count(*) FROM changes"));
        findings_.begin("changes", static_cast<std::uint64_t>(changes));
        findings_.report().changes += static_cast<std::uint64_t>(changes);
        Statement rows(connection_.raw(), last_changes, false);
        int code = SQLITE_ROW;
        while (!findings_.stopped() && (code = rows.step()) == SQLITE_ROW) {
            check_last_change(rows);
            findings_.row();
        }
        if (findings_.stopped()) return {};
        TRY_VOID(connection_.check(code, "reading the change log"));
        TRY_VOID(check_log_counts());
        return check_sequence();
    }

    /// The log is gapless from its first change on, its counts are right, and it names only collections that are known.
    Status check_log_counts() {
        Statement log(
            connection_.raw(),
            "SELECT count(*), coalesce(sum(bytes), 0), coalesce(max(seq) - min(seq) + 1, 0), "
            "(SELECT rows FROM counts WHERE number = 0), (SELECT bytes FROM counts WHERE number = 0) "
            "FROM changes",
            false);
        if (const int code = log.step(); code != SQLITE_ROW)
            return connection_.error(code, "summing up the change log");
        if (log.integer(0) != log.integer(2)) findings_.problem("changes are missing in the change log");
        if (log.integer(0) != log.integer(3) || log.integer(1) != log.integer(4))
            findings_.problem("the change log's counts are wrong");
        TRY(const std::int64_t unknown,
            connection_.integer(
                "SELECT count(*) FROM changes WHERE collection NOT IN (SELECT number FROM collections UNION "
                "SELECT number FROM former_collections)"));
        if (unknown > 0)
            findings_.problem("the change log has " + std::to_string(unknown) +
                              " changes of unknown collections");
        return {};
    }

    void check_last_change(const Statement& row) {
        const std::int64_t number = row.integer(0);
        const auto& all = catalog_->collections();
        const auto live =
            std::find_if(all.begin(), all.end(), [&](const auto& one) { return one->number == number; });
        if (live == all.end()) return;
        const std::string record =
            "the record '" + std::string(row.bytes(1)) + "' of '" + (*live)->name + "' ";
        const bool removed =
            (row.integer(3) & ~hidden_change) == static_cast<std::int64_t>(ChangeKind::Removed);
        const bool there = row.integer(4) != 0;
        if (removed && there)
            findings_.problem(record + "is there, though the change log says that it was removed");
        if (!removed && !there)
            findings_.problem(record + "is not there, though the change log does not say so");
        if (removed || !there) return;
        const std::int64_t inserted = row.integer(5) & max_sequence;
        if (inserted >= first_change_ && row.integer(6) != row.integer(7)) {
            findings_.problem(record + "has version " + std::to_string(row.integer(6)) +
                              ", the change log has " + std::to_string(row.integer(7)) + " writes of it");
        }
    }

    Status check_sequence() {
        for (const CollectionRef& collection : catalog_->collections()) {
            Statement newest(connection_.raw(), "SELECT max(rid) FROM records WHERE rid >= ?1 AND rid < ?2",
                             false);
            newest.bind(1, rid_of(collection->number, 0)).bind(2, rid_of(collection->number + 1, 0));
            const int code = newest.step();
            if (code != SQLITE_ROW) return connection_.error(code, "reading the newest record");
            if ((newest.integer(0) & max_sequence) <= last_change_) continue;
            findings_.problem("the change log ends before the newest record of '" + collection->name + "'");
        }
        return {};
    }

    Connection& connection_;
    CheckFindings& findings_;
    std::shared_ptr<const Catalog> catalog_;
    std::int64_t first_change_ = 0;
    std::int64_t last_change_ = 0;
};

Status run_check(const std::string& path, CheckFindings& findings) {
    SqliteOptions options;
    TRY(const auto connection, Connection::open(path, Connection::Mode::Read, options));
    TRY_VOID(connection->execute("PRAGMA cell_size_check=ON;PRAGMA temp_store=FILE"));
    connection->set_cache(options.writer_cache_bytes);
    TRY_VOID(connection->execute("BEGIN"));
    return DatabaseCheck(*connection, findings).run();
}

}  // namespace

Status check_database(const std::string& id, const std::string& path, const CheckSettings& settings,
                      CheckReport& report) {
    CheckFindings findings(id, settings, report);
    if (const Status done = run_check(path, findings); !done.ok()) {
        findings.problem("the database can't be read: " + done.error().message + " (" + done.error().cause +
                         ")");
    }
    if (findings.stopped()) return Error(ErrorCode::INTERNAL, "The check was stopped");
    return {};
}

}  // namespace credvault::storage
