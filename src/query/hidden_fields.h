// Records as they are without some of their top-level fields: what a filter and a sort mean to somebody for whom those
// fields don't exist. Paths that begin with one are missing whatever the record holds, and no index on them is used;
// expressions and schemas, which may look at the whole record, see a copy without them. Pure functions.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/view.h"
#include "query/filter.h"
#include "query/sort.h"

namespace credvault::query {

/// Names in their escaped form, as json::View::find wants them.
using HiddenFields = std::vector<std::string>;
using HiddenFieldsRef = std::shared_ptr<const HiddenFields>;

bool is_hidden(const HiddenFields& hidden, std::string_view escaped_name);
/// The first part of a path decides.
bool is_hidden(const HiddenFields& hidden, const Path& path);
/// Whether the object has one of them.
bool has_hidden(const HiddenFields& hidden, const json::View& object);

/// Appends the object without them. Precondition: an object.
void append_without(std::string& out, const json::View& object, const HiddenFields& hidden);
/// The same as a view: the object itself where it has none of them, else of `scratch`.
json::View without(const json::View& object, const HiddenFields& hidden, std::string& scratch);

/// A filter that matches a record if the given one matches the record without the fields.
Filter without(const Filter& filter, const HiddenFieldsRef& hidden);
/// A sort that orders records as the given one orders them without the fields: their keys say nothing, but that the
/// last key gives ties their direction.
Sort without(const Sort& sort, const HiddenFields& hidden);

}  // namespace credvault::query
