// One entry of the audit log: who did what, from where, and how it ended; and the links that chain the entries of a
// workspace. Value types and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "access/secret.h"
#include "json/view.h"
#include "json/writer.h"

namespace credvault::access {

struct AuditEntry {
    std::int64_t at_ms = 0;
    std::string action;      ///< The operation's id: "createApiKey".
    std::string workspace;   ///< Whose log it belongs to.
    std::string actor;       ///< The id of a key or user; empty where nobody was known.
    std::string actor_kind;  ///< "key", "user" or "none".
    std::string session;
    std::string address;
    std::string request_id;
    std::string target;       ///< The path.
    std::string outcome;      ///< "success", "refused", "failed" or "interrupted".
    int status = 0;           ///< Of the answer; 0: there was none.
    std::string code;         ///< Of an error.
    std::uint64_t count = 1;  ///< Like entries that were joined.
    std::string before;       ///< Canonical text without secrets; empty for none.
    std::string after;
};

/// Where an image is larger, only its size is kept.
constexpr std::size_t max_audit_image_bytes = 16 * 1024;

/// Writes the entry's members, `workspace` too, into an open object.
void append_members(json::Writer& out, const AuditEntry& entry);
/// From a record that append_members made. What is missing is left empty.
AuditEntry audit_entry_of(const json::View& record);

/// The hash that stands before a workspace's first entry.
Digest first_link();
/// The hash of an entry: BLAKE2b-256 over the hash before it and the record's members in their order, without `prev`,
/// `hash` and what the store stamps.
Digest next_link(const Digest& previous, const json::View& record);

}  // namespace credvault::access
