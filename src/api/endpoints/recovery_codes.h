// The recovery codes of a second factor, as the two calls that make them answer.
#pragma once

#include <string>
#include <vector>

#include "api/codecs.h"

namespace credvault::api {

struct RecoveryCodesShape {
    std::vector<std::string> recovery_codes;
    static constexpr std::string_view schema_name = "RecoveryCodes";
    static Fields fields() {
        return {body(&RecoveryCodesShape::recovery_codes, "recovery_codes",
                     {.description = "Each signs in once, instead of a code. They are not shown again."})};
    }
};

}  // namespace credvault::api
