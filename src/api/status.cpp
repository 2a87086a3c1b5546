#include "api/status.h"

#include "api/envelope.h"

namespace credvault::api {

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::BadRequest: return 400;
        case ErrorKind::Unauthorized: return 401;
        case ErrorKind::Forbidden: return 403;
        case ErrorKind::NotFound: return 404;
        case ErrorKind::MethodNotAllowed: return 405;
        case ErrorKind::NotAcceptable: return 406;
        case ErrorKind::RequestTimeout: return 408;
        case ErrorKind::Conflict: return 409;
        case ErrorKind::PreconditionFailed: return 412;
        case ErrorKind::PayloadTooLarge: return 413;
        case ErrorKind::UriTooLong: return 414;
        case ErrorKind::UnsupportedMediaType: return 415;
        case ErrorKind::ExpectationFailed: return 417;
        case ErrorKind::Unprocessable: return 422;
        case ErrorKind::PreconditionRequired: return 428;
        case ErrorKind::TooManyRequests: return 429;
        case ErrorKind::HeaderTooLarge: return 431;
        case ErrorKind::Internal: return 500;
        case ErrorKind::NotImplemented: return 501;
        case ErrorKind::Unavailable: return 503;
        case ErrorKind::VersionNotSupported: return 505;
    }
    return 500;
}

http::Response error_response(const Error& error, std::string_view request_id, std::string_view allow) {
    const ErrorKind kind = error_kind(error.code);
    http::Response response;
    response.status = status_of(kind);
    response.body = error_envelope(error, request_id);
    if (kind == ErrorKind::Unauthorized) {
        response.fields.add("WWW-Authenticate", "ApiKey realm=\"credvault\", Bearer realm=\"credvault\"");
    }
    std::int64_t retry_after = error.retry_after_seconds;
    if (retry_after <= 0 && (kind == ErrorKind::Unavailable || kind == ErrorKind::TooManyRequests))
        retry_after = 1;
    if (retry_after > 0) response.fields.add("Retry-After", std::to_string(retry_after));
    if (kind == ErrorKind::MethodNotAllowed && !allow.empty()) response.fields.add("Allow", allow);
    return response;
}

}  // namespace credvault::api
