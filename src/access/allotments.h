// Every workspace's allotment, the meters of keys and users, and what each database holds: the registry behind the
// limits. Counts records and bytes for the engine (storage::Quotas), and answers the services that add keys, members or
// webhooks. Owns the allotments and meters. Thread-safe once load() is done.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/allotment.h"
#include "access/principal.h"
#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::access {

class Allotments final : public storage::Quotas {
public:
    /// `engine` must outlive it.
    Allotments(storage::Engine& engine, const TiersSettings& settings);
    ~Allotments() override;

    /// Reads the tiers of all workspaces, writes down the standard one where a workspace names none, and counts what
    /// limited ones hold. After the databases have been placed.
    Reply<void> load();

    const Tiers& tiers() const { return tiers_; }
    /// Made with the standard tier where the workspace is not known.
    std::shared_ptr<Allotment> of(std::string_view workspace);
    /// The budgets of a key or user; the same object for all who ask.
    std::shared_ptr<Meter> meter(std::string_view workspace, std::string_view subject);

    /// Changes a workspace's tier, durably; it holds from then on. Fails with INVALID_PARAMETER (no such tier).
    Reply<void> change_tier(std::string workspace, std::string tier, std::string actor);
    /// What the workspace's databases hold.
    Reply<storage::Stock> stored(std::string workspace);
    /// Makes up to `most` databases known that were not opened yet, of workspaces that are used; one that can't be
    /// opened is tried once.
    Reply<void> count_used(std::size_t most);
    /// What the workspaces hold all of whose databases are known, or were tried.
    std::vector<std::pair<std::string, storage::Stock>> counted();
    /// An operation for the batch that adds keys, members or webhooks to the workspace: it fails the batch with
    /// QUOTA_EXCEEDED where there would be more than the tier allows. `added` is how many the batch adds before it.
    /// Nothing where the tier sets no limit.
    std::optional<storage::CheckMatches> room(std::string_view workspace, Counted what,
                                              std::uint64_t added = 0);
    /// How many there are now.
    Reply<std::int64_t> count(std::string workspace, Counted what);

    std::shared_ptr<storage::Allowance> allowance(std::string_view database) override;
    void place(std::string_view database, std::string_view workspace) override;
    void forget(std::string_view database) override;

private:
    class DatabaseStock;
    using Databases = std::unordered_map<std::string, std::shared_ptr<DatabaseStock>>;

    std::shared_ptr<DatabaseStock> stock_of(std::string_view database);
    Reply<void> name_tiers();
    Reply<void> index_counted();
    /// Opens those databases of the workspace that were not opened yet, so that they are counted.
    Reply<void> count_stores(std::shared_ptr<Allotment> of);
    void drop_idle_meters();

    storage::Engine& engine_;
    const Tiers tiers_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<Allotment>> workspaces_;
    std::unordered_map<std::string, std::shared_ptr<Meter>> meters_;  ///< By workspace and subject.
    std::size_t meters_to_clean_ = 1024;
    Databases databases_;
};

}  // namespace credvault::access
