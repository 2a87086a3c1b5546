// The records of the audit log. An entry of a change is written ahead into `audit_pending` of the system database,
// before the change is tried, so that no crash can hide it, and moves into the chain, in the database of events, when
// it is known how the change ended. Stateless but for the heads; the chain is written by one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "access/audit_verifier.h"
#include "base/reply.h"
#include "storage/engine.h"
#include "storage/listing.h"

namespace credvault::access {

class AuditStore {
public:
    explicit AuditStore(storage::Engine& engine) : engine_(engine) {}

    /// Makes the collections and indexes where they are missing.
    Reply<void> open();

    /// Writes an entry ahead. Returns its id.
    Reply<std::string> begin(AuditEntry entry);
    /// Says how it ended: from now on it may be chained.
    Reply<void> finish(std::string id, AuditEntry entry);
    /// The same in one, of what has ended already.
    Reply<void> add(AuditEntry entry);
    /// Entries that were begun and never finished, as a stop or crash leaves them, end as "interrupted".
    Reply<void> settle_interrupted();

    /// Chains what is finished, and the given entries behind it, in as many steps as it takes. Only one call at a time.
    Reply<void> chain(std::vector<AuditEntry> loose);
    /// Removes the entries from before the time, a few thousand at a call; the same thread as chain().
    Reply<void> remove_before(std::int64_t at_ms);

    /// A page of a workspace's entries; as storage::list_page.
    Reply<storage::Listing> list(std::string workspace, storage::ListQuery query);
    /// Verifies a workspace's chain as it is stored. The problems found, for people.
    Reply<std::vector<std::string>> verify(std::string workspace, std::uint64_t& entries);

private:
    struct Links;

    Reply<void> chain_step(Links links);
    Reply<AuditHead> load_head(std::string workspace);
    Reply<void> remove_from(std::string workspace, std::int64_t at_ms);

    storage::Engine& engine_;
    std::map<std::string, AuditHead> heads_;  ///< Of the workspaces that were written to since the start.
};

}  // namespace credvault::access
