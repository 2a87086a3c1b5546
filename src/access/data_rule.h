// What of the records of some collections a credential sees: a filter that they must match, and top-level fields that
// don't exist for it. Value types and pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "json/writer.h"
#include "storage/narrowing.h"

namespace credvault::access {

/// Who the variables of rules stand for. A rule whose variable has no value admits nothing.
struct RuleVariables {
    std::string workspace;  ///< `$$workspace`
    std::string key;        ///< `$$key`
    std::string user;       ///< `$$user`; of a key, the user who made it.
};

struct DataRule {
    std::string database = "*";    ///< A name, or "*" for all.
    std::string collection = "*";  ///< The same.
    std::vector<std::string> denied_fields;
    std::string rows;  ///< Canonical filter document; empty: all.

    /// Fails with INVALID_PARAMETER (INVALID_FILTER and others where it is the filter that is wrong); `field` begins
    /// with `place`.
    static Result<DataRule> parse(const json::View& document, const std::string& place);
    void append(json::Writer& out) const;
    std::string text() const;

    bool is_about(std::string_view in, std::string_view of) const {
        return (database == "*" || database == in) && (collection == "*" || collection == of);
    }
    /// With values for the variables.
    DataRule bound(const RuleVariables& identity) const;
};

/// What the rules together leave of the records. Precondition: bound.
storage::RecordNarrowing narrowing_of(const std::vector<const DataRule*>& rules);

}  // namespace credvault::access
