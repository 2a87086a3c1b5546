#include "api/authentication.h"

#include <string>
#include <utility>

namespace credvault::api {
namespace {

using PrincipalRef = std::shared_ptr<const access::Principal>;

Error unauthenticated(std::string message) { return Error(ErrorCode::UNAUTHENTICATED, std::move(message)); }

Error workspace_not_found(std::string_view id) {
    return Error(ErrorCode::WORKSPACE_NOT_FOUND,
                 "There is no workspace with the id '" + std::string(id) + "'", "X-CredVault-Workspace");
}

/// Null where the token stands for nobody.
Result<PrincipalRef> of_session(std::string_view token, std::string_view workspace,
                                const access::Sessions& sessions) {
    PrincipalRef principal = sessions.authenticate(token, workspace);
    if (principal || workspace.empty()) return principal;
    if (sessions.authenticate(token, {})) return workspace_not_found(workspace);
    return principal;
}

Result<PrincipalRef> of_key(std::string_view secret, std::string_view workspace,
                            const access::ApiKeys& keys) {
    PrincipalRef principal = keys.authenticate(secret);
    if (principal && !workspace.empty() && principal->workspace != workspace)
        return workspace_not_found(workspace);
    return principal;
}

bool is_safe(http::Method method) {
    return method == http::Method::Get || method == http::Method::Head || method == http::Method::Options;
}

Result<PrincipalRef> of_cookies(http::Request& request, std::string_view workspace,
                                const Services& services) {
    const std::string_view token = cookies_of(request).access;
    if (!access::is_token(access::TokenKind::Access, token)) return PrincipalRef();
    TRY(PrincipalRef principal, of_session(token, workspace, services.identity.sessions));
    if (!principal || is_safe(request.method)) return principal;
    // A browser sends cookies whoever asks it to; the token only our own page can read.
    const auto csrf = request.field("X-CSRF-Token");
    if (csrf && access::is_csrf_token(*csrf, token)) return principal;
    return Error(
        ErrorCode::CSRF_TOKEN_REQUIRED,
        "With a cookie, calls that change something need X-CSRF-Token: the csrf_token of the sign-in",
        "X-CSRF-Token");
}

Result<PrincipalRef> of_request(http::Request& request, const Services& services) {
    const std::string_view workspace = request.field("X-CredVault-Workspace").value_or(std::string_view());
    const auto authorization = request.field("Authorization");
    if (!authorization) return of_cookies(request, workspace, services);
    const auto secret = access::secret_in(*authorization);
    if (!secret) return PrincipalRef();
    if (access::is_token(access::TokenKind::Access, *secret))
        return of_session(*secret, workspace, services.identity.sessions);
    return of_key(*secret, workspace, services.keys);
}

}  // namespace

access::CookieTokens cookies_of(const http::Request& request) {
    const auto cookies = request.field("Cookie");
    return cookies ? access::tokens_in_cookies(*cookies, request.secure) : access::CookieTokens{};
}

access::Client client_of(const http::Request& request, bool cookie) {
    return {std::string(request.remote_address), std::string(request.field("User-Agent").value_or("")),
            cookie};
}

Result<PrincipalRef> principal_of(http::Request& request, const Services& services,
                                  const OperationInfo& operation) {
    Result<PrincipalRef> principal = of_request(request, services);
    if (!operation.scope.needs_credential()) {
        // On public calls a credential is a courtesy, and a wrong one no reason to refuse them.
        if (!principal.ok()) return PrincipalRef();
        return principal;
    }
    if (!principal.ok() || *principal) return principal;
    if (!request.field("Authorization")) {
        return unauthenticated(
            "A credential is needed: send Authorization: ApiKey <key>, or Bearer <access token>");
    }
    return unauthenticated("The credential is not valid: it is malformed, unknown, expired or revoked");
}

}  // namespace credvault::api
