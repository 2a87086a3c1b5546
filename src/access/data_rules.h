// The rules that a workspace has for its roles: what of the records its members see. Records of the system database,
// held in memory. Owners are never restricted; keys have rules of their own (restrictions.h). Thread-safe once load()
// is done; applied() takes no lock while a workspace has no rules for the role.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/data_rule.h"
#include "access/principal.h"
#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::access {

/// A rule as its workspace keeps it.
struct RoleRule {
    std::string id;
    std::string workspace;
    Role role = Role::Viewer;
    DataRule rule;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;
    std::uint64_t version = 0;

    /// What users see.
    std::string public_text() const;
};

/// What a rule is to say; what is not given stays as it is.
struct RoleRuleWish {
    std::optional<Role> role;
    std::string rule;  ///< Canonical object with some of DataRule's members.
};

class DataRules {
public:
    /// `engine` must outlive the service.
    explicit DataRules(storage::Engine& engine) : engine_(engine) {}

    /// Makes the collection where it is missing and reads all rules.
    Reply<void> load();

    /// The principal as the rules leave it: the same where they say nothing of it.
    std::shared_ptr<const Principal> applied(const std::shared_ptr<const Principal>& principal) const;

    // Within the holder's workspace. They fail with DATA_RULE_NOT_FOUND, INVALID_PARAMETER and the errors of filters.
    // The holder must outlive the reply.

    /// Canonical texts, in the order of their ids.
    std::vector<std::string> list(const Principal& holder) const;
    Result<std::string> get(const Principal& holder, std::string_view id) const;
    Reply<storage::WriteOutcome> create(const Principal& holder, RoleRuleWish wish,
                                        std::optional<storage::Idempotency> idempotency);
    Reply<std::string> change(const Principal& holder, std::string id, RoleRuleWish wish);
    Reply<void> remove(const Principal& holder, std::string id);

    /// From a record; nothing where it is none.
    static std::optional<RoleRule> parse(const json::View& record);

private:
    /// Whose rules they are: workspace and role.
    using Place = std::pair<std::string, Role>;
    using PlaceView = std::pair<std::string_view, Role>;
    struct Bound {
        std::uint64_t generation = 0;
        RestrictionsRef restrictions;
    };

    Result<RoleRule> find(const Principal& holder, std::string_view id) const;
    /// Takes over what is stored now.
    void put(RoleRule rule);
    void erase(const std::string& id);
    void count();

    storage::Engine& engine_;
    mutable std::mutex mutex_;
    std::map<std::string, RoleRule, std::less<>> rules_;
    std::atomic<std::size_t> rule_count_{0};
    std::uint64_t generation_ = 1;
    /// By workspace, role and user; bounded.
    mutable std::map<std::string, Bound> bound_;
};

}  // namespace credvault::access
