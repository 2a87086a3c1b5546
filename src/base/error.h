// What went wrong, said for two readers: the user (code, message, field) and the log (cause). Codes stand in
// error_codes.def; only api/ knows which HTTP status a kind becomes. Value types, no shared state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace credvault {

enum class ErrorCode : std::uint8_t {
#define CREDVAULT_ERROR(name, kind, title) name,
#include "base/error_codes.def"
#undef CREDVAULT_ERROR
};

enum class ErrorKind : std::uint8_t {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    Conflict,
    PreconditionFailed,
    PreconditionRequired,
    PayloadTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    ExpectationFailed,
    HeaderTooLarge,
    Unprocessable,
    TooManyRequests,
    Internal,
    NotImplemented,
    VersionNotSupported,
    Unavailable,
};

/// One wrong field among several.
struct ErrorDetail {
    std::string field;
    ErrorCode code;
    std::string message;
};

/// An error as it travels up to the request pipeline.
struct Error {
    ErrorCode code = ErrorCode::INTERNAL;
    std::string message;  ///< Public: what is wrong and what would be right. Never SQL, paths or secrets.
    std::string field;    ///< Public: the parameter, field or JSON pointer concerned; may be empty.
    std::string cause;    ///< Private: for the log only.
    std::vector<ErrorDetail> details;
    std::string result;  ///< Public: what was done before it failed, a canonical JSON object; may be empty.
    std::int64_t retry_after_seconds = 0;  ///< Sent as Retry-After where positive.

    Error() = default;
    explicit Error(ErrorCode c, std::string public_message = {}, std::string field_name = {},
                   std::string private_cause = {});
};

/// The stable public name, for instance "MISSING_PARAMETER".
std::string_view error_name(ErrorCode code);
/// A short English title, for documentation.
std::string_view error_title(ErrorCode code);
ErrorKind error_kind(ErrorCode code);
/// Every code, in the order of the table.
const std::vector<ErrorCode>& all_error_codes();

}  // namespace credvault
