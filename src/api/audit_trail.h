// What the audit log is told of calls: which ones are changes of configuration, what an entry of a call says, and
// images of resources with their secrets left out. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "access/audit_log.h"
#include "api/call.h"
#include "api/operation.h"
#include "http/message.h"

namespace credvault::api {

/// How a call is kept in the audit log when it succeeds.
enum class Trail : std::uint8_t {
    None,
    Data,    ///< Access to data, noted where the configuration asks for it.
    Change,  ///< Of configuration: written ahead.
    SignIn,  ///< Without a credential: written when it has been done.
};
/// From the declaration alone, so that a new operation is covered the moment it exists: what is no reading, and needs
/// no scope of data, is a change of configuration.
Trail trail_of(const OperationInfo& operation);
/// Whether this access to data is to be noted.
bool notes_data(access::DataAccess level, const OperationInfo& operation);

/// Who calls what, and when; how it ended is added with ended().
access::AuditEntry entry_of(Call& call);
void ended(access::AuditEntry& entry, const http::Response& response);
void ended(access::AuditEntry& entry, const Error& error);

/// The canonical text with "[redacted]" for the value of each member whose name speaks of a secret, at any depth.
std::string without_secrets(const json::View& value);
/// The `data` of an answer in the envelope, without secrets; empty where there is none.
std::string image_of(const http::Response& response);

}  // namespace credvault::api
