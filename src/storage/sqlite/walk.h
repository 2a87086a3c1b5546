// How records are come by: one class for each access path of a plan. A walk gives one record after another from where
// it stands, can be paused between two, and then goes on behind the last one in a later transaction, on whichever
// connection it is given. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/planner.h"
#include "query/text/text_ranking.h"
#include "storage/sqlite/catalog.h"
#include "storage/sqlite/connection.h"

namespace credvault::storage {

/// Views are good until the walk's next call.
struct Candidate {
    std::int64_t rid = 0;
    std::int64_t version = 0;
    std::string_view record;  ///< Empty on a walk that looks at keys only.
    std::string_view id_key;  ///< Of a walk along a text index: the encoded id …
    double rank = 0;          ///< … and the score, where the target has a ranking.
    bool passed_over =
        false;  ///< No record: the walk looked at an entry in vain, and can be stopped here too.
};

class Walk {
public:
    virtual ~Walk() = default;
    /// SQLITE_ROW, SQLITE_DONE or an extended error code. Precondition: a transaction is open on the connection, the
    /// same one since the last pause().
    virtual int next(Connection& connection, Candidate& candidate) = 0;
    /// Lets go of the connection.
    virtual void pause() = 0;
    /// What the walk itself failed with, after it answered SQLITE_ABORT.
    virtual std::optional<Error> failure() { return std::nullopt; }
    /// All that is nearer than this has been given (Access::Near).
    virtual double reach() const { return 0; }
};

struct WalkTarget {
    std::int64_t collection;  ///< Numbers.
    std::int64_t index;       ///< Where the plan uses one.
    bool keys_only = false;   ///< Don't fetch records; not for Access::Ids and Scan, where it is ignored.
    std::shared_ptr<const query::TextRanking> ranking;  ///< For Access::Text; may be null.
};

/// The walk of a plan; the plan is copied.
std::unique_ptr<Walk> make_walk(const query::Plan& plan, const WalkTarget& target);

}  // namespace credvault::storage
