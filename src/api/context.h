// What an endpoint knows of its call beside the decoded request. Lives, as the request does, until the response is
// returned; belongs to the connection's thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "access/principal.h"
#include "api/problems.h"
#include "api/services.h"
#include "http/message.h"

namespace credvault::api {

struct OperationInfo;
struct Subject;

struct Context {
    Services& services;
    http::Request& http;  ///< For bodies that are streamed and for disconnected(); all else is decoded.
    const OperationInfo& operation;
    const access::Principal& principal;  ///< Of public calls: nobody, without scopes.
    std::string_view request_id;
    std::string_view body;  ///< Canonical text of the JSON body; empty where there is none.
    Scratch& scratch;       ///< For text that decoded views point into.
    Subject& subject;       ///< Of public calls: told for the audit log.

    std::string_view workspace() const { return principal.workspace; }
    std::string_view actor() const { return principal.id; }
    /// A digest of method, target and body: two calls with the same one ask for the same.
    std::string fingerprint() const;
};

}  // namespace credvault::api
