#include "base/error.h"

#include <array>
#include <utility>

namespace credvault {
namespace {

struct Row {
    std::string_view name;
    ErrorKind kind;
    std::string_view title;
};

constexpr auto rows = std::to_array<Row>({
#define CREDVAULT_ERROR(name, kind, title) {#name, ErrorKind::kind, title},
#include "base/error_codes.def"
#undef CREDVAULT_ERROR
});

}  // namespace

Error::Error(ErrorCode c, std::string public_message, std::string field_name, std::string private_cause)
    : code(c),
      message(public_message.empty() ? std::string(error_title(c)) : std::move(public_message)),
      field(std::move(field_name)),
      cause(std::move(private_cause)) {}

std::string_view error_name(ErrorCode code) { return rows[static_cast<std::size_t>(code)].name; }

std::string_view error_title(ErrorCode code) { return rows[static_cast<std::size_t>(code)].title; }

ErrorKind error_kind(ErrorCode code) { return rows[static_cast<std::size_t>(code)].kind; }

const std::vector<ErrorCode>& all_error_codes() {
    static const std::vector<ErrorCode> codes = [] {
        std::vector<ErrorCode> all;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            all.push_back(static_cast<ErrorCode>(i));
        }
        return all;
    }();
    return codes;
}

}  // namespace credvault
