// Who makes a call: from the Authorization field, or from the cookies that a browser's session has, and in which
// workspace. Pure functions over what the services know; no lock.
#pragma once

#include <memory>
#include <string_view>

#include "access/identity.h"
#include "access/principal.h"
#include "access/sessions/token.h"
#include "api/operation.h"
#include "api/services.h"
#include "base/result.h"
#include "http/message.h"

namespace credvault::api {

/// Null where a public call has no valid credential. Fails with UNAUTHENTICATED, WORKSPACE_NOT_FOUND where
/// X-CredVault-Workspace names one that the caller does not belong to, and CSRF_TOKEN_REQUIRED where a cookie alone
/// asks for a change.
Result<std::shared_ptr<const access::Principal>> principal_of(http::Request& request,
                                                              const Services& services,
                                                              const OperationInfo& operation);

/// The access and refresh tokens that the request has in cookies, perhaps invalid ones.
access::CookieTokens cookies_of(const http::Request& request);
/// As sessions keep them.
access::Client client_of(const http::Request& request, bool cookie);

}  // namespace credvault::api
