// The kinds of events that webhooks can ask for: one table for the API, its documentation and the checks on who may ask
// for what. Constants; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace credvault::webhooks {

/// A member of an event's `data`, for documentation.
struct EventField {
    std::string_view name;
    std::string_view type;  ///< As JSON Schema has it.
    std::string_view description;
    bool always = true;
};

struct EventType {
    std::string_view name;  ///< "document.created"
    std::string_view description;
    std::string_view scope;  ///< What reading the same through the API asks for; empty: any credential.
    bool of_places = false;  ///< It happens in a database, so that restricted credentials may ask for it.
    std::span<const EventField> fields;
    std::string_view example;  ///< Of `data`, canonical JSON.
};

/// In the order of their names' groups.
std::span<const EventType> event_types();
/// Null where there is none of this name.
const EventType* find_event_type(std::string_view name);

/// Whether "document.*", "*" or a name covers the type.
bool covers(std::string_view pattern, std::string_view type);
bool any_covers(const std::vector<std::string>& patterns, std::string_view type);
/// The schema of a type's `data` as canonical JSON.
std::string event_schema(const EventType& type);

}  // namespace credvault::webhooks
