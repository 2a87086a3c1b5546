// JSON objects from and to structs with fields(). Unknown members are refused by name, missing required ones told, and
// everything wrong is told at once. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "api/field.h"

namespace credvault::api {

/// Reads an object's members into the struct's fields of source Body. Names in problems begin with the spot's name,
/// where it has one. Returns false after telling the spot's problems.
bool decode_object(json::View object, const Fields& fields, void* to, const Spot& spot);
void append_object(json::Writer& out, const Fields& fields, const void* from);

/// Tells MISSING_PARAMETER in the contract's words. Returns false.
bool missing(std::string_view name, Problems& problems);
/// Tells UNKNOWN_PARAMETER, with the names that would do. Returns false.
bool unknown(std::string_view name, const Fields& fields, Source source, Problems& problems);

}  // namespace credvault::api
