// What a credential may not do although its scopes would allow it (API.md, "Credentials"): where it may be used from,
// which databases and collections it knows, and what it sees of their records. Immutable once parsed; shared by every
// copy of the principal.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/data_rule.h"
#include "base/address_range.h"
#include "base/result.h"
#include "json/view.h"
#include "storage/narrowing.h"

namespace credvault::access {

class Restrictions;
using RestrictionsRef = std::shared_ptr<const Restrictions>;  ///< Null: none.

class Restrictions {
public:
    /// From the `restrictions` of a key. Null where they restrict nothing. Fails with INVALID_PARAMETER, and as
    /// DataRule::parse does; `field` begins with "restrictions".
    static Result<RestrictionsRef> parse(const json::View& document);
    /// From rules alone; null where there are none.
    static RestrictionsRef of_rules(std::vector<DataRule> rules);
    /// As parse() reads it, in one form: equal restrictions have equal texts. "{}" where there are none.
    static std::string text(const RestrictionsRef& restrictions);
    /// What both leave. Fails with FORBIDDEN where the second allows nothing of what the first does.
    static Result<RestrictionsRef> narrowed(const RestrictionsRef& holder, const RestrictionsRef& wanted);
    /// Whether `inner` allows nothing that `outer` does not.
    static bool is_within(const RestrictionsRef& inner, const RestrictionsRef& outer);
    /// With values for the variables of the rules, and ready for database(). Null stays null.
    static RestrictionsRef bound(const RestrictionsRef& restrictions, const RuleVariables& identity);

    /// Whether a call may come from there; an address that can't be told is none of the allowed ones.
    bool allows_address(std::string_view address) const;

    // Of bound ones.

    /// Whether anything but addresses is restricted.
    bool restrict_data() const { return limited_ || !rules_.empty(); }
    bool allows_database(std::string_view name) const;
    /// Whether all collections of the database are seen whole.
    bool allows_all_of(std::string_view name) const;
    /// What is seen of a database; null: all. Fails with FORBIDDEN, in the same words whether there is such a database
    /// or not.
    Result<storage::NarrowingRef> database(std::string_view name) const;

private:
    /// A database, or a collection of it.
    struct Grant {
        std::string database;
        std::string collection;  ///< Empty: all.
        friend auto operator<=>(const Grant&, const Grant&) = default;
        bool covers(const Grant& other) const {
            return database == other.database && (collection.empty() || collection == other.collection);
        }
    };
    using Grants = std::vector<Grant>;

    Status read(std::string_view name, const json::View& value);
    void add_grant(Grant grant);
    void add_rule(DataRule rule);
    bool is_empty() const { return addresses_.empty() && !restrict_data(); }
    std::string own_text() const;
    static Result<Grants> common_grants(const Restrictions& a, const Restrictions& b);
    storage::NarrowingRef compile(const std::string& database) const;

    AddressRanges addresses_;  ///< Empty: all.
    bool limited_ = false;     ///< To the grants.
    Grants grants_;            ///< In order.
    std::vector<DataRule> rules_;

    std::map<std::string, storage::NarrowingRef, std::less<>> named_;
    storage::NarrowingRef others_;  ///< Of databases that nothing names.
};

}  // namespace credvault::access
