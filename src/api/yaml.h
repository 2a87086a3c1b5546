// JSON text as YAML 1.2 in block style, for people who read it in an editor. Pure function.
#pragma once

#include <string>
#include <string_view>

namespace credvault::api {

/// `json` is canonical. Strings are in double quotes, as they stand in JSON, so that none is taken for something else.
std::string yaml_from_json(std::string_view json);

}  // namespace credvault::api
