// Changes of the platform's own records as events: what happened to databases, keys, members, jobs, told by the change
// log of the system database, which each of these writes appends to in its own transaction. Other parts publish through
// one collection of it: a record of theirs, written in the batch of what it tells of, is an event (event_record). Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "storage/changes.h"
#include "storage/engine.h"
#include "webhooks/message.h"

namespace credvault::webhooks {

/// An event of a workspace, and what it is about.
struct PlatformEvent {
    std::string workspace;
    std::string thing;       ///< Events of the same thing are sent in order: "keys/key_…".
    std::string database;    ///< Of events of places; the database's name.
    std::string collection;  ///< The same.
    Event event;
};

/// Which images of the system database's changes events are made from.
storage::ChangeImages platform_images(std::string_view collection);

/// The events of one change of the system database, read with its images: mostly none or one.
std::vector<PlatformEvent> platform_events(const storage::Change& change);

/// Where events that are published stand until they have been read; they expire by themselves.
constexpr std::string_view published_collection = "published_events";
/// Makes that collection where it is missing.
Reply<void> open_published_events(storage::Engine& engine);
/// A record of it, to be inserted in the batch of what the event tells of: its type, and its data (a canonical object
/// without `sequence`). `thing` names what it is about: events of one thing are sent in order. With
/// an id that the event is known by it is told once: a second insertion fails with ALREADY_EXISTS.
std::string event_record(std::string_view workspace, std::string_view type, std::string_view thing,
                         std::string_view data, std::string_view id = {});

}  // namespace credvault::webhooks
