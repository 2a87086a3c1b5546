// Verifies the chains of the audit log: that no entry was changed, left out or put in since it was written. Entries are
// fed in the order of their numbers, many workspaces' mixed. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "access/audit_entry.h"

namespace credvault::access {

/// What is known of a workspace's chain apart from the entries: how far it had come, and where retention has cut it.
struct AuditHead {
    std::uint64_t seq = 0;  ///< Of the last entry; 0: none yet.
    Digest hash{};
    std::uint64_t kept_seq = 1;  ///< The first entry that is kept.
    Digest kept_prev{};          ///< The hash before it.
};

/// The text of a head's record, `id` (the workspace) first, and back.
std::string audit_head_text(std::string_view workspace, const AuditHead& head);
AuditHead audit_head_of(const json::View& record);

class AuditVerifier {
public:
    /// Before the entries.
    void head(const json::View& record);
    void entry(const json::View& record);
    /// After the last: the problems found, for people, the first hundred.
    std::vector<std::string> finish();

    std::uint64_t entries() const { return entries_; }

private:
    struct Chain {
        AuditHead head;
        std::uint64_t seq = 0;
        Digest hash{};
        bool begun = false;
        bool broken = false;  ///< Told once.
    };

    void tell(Chain& chain, const std::string& workspace, const std::string& what);

    std::map<std::string, Chain> chains_;
    std::vector<std::string> problems_;
    std::uint64_t entries_ = 0;
};

}  // namespace credvault::access
