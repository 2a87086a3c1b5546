// Changes of records as events: whether a webhook wants one, and what it says in the payload that was asked for. Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "query/filter.h"
#include "storage/changes.h"
#include "webhooks/message.h"

namespace credvault::webhooks {

/// A webhook, made ready to look at changes.
struct DocumentSelection {
    explicit DocumentSelection(const Webhook& webhook);

    bool created = false, updated = false, deleted = false;
    std::string collection;  ///< Empty: all.
    query::Filter filter;
    PayloadKind payload = PayloadKind::Record;
    std::size_t max_record_bytes = 256 * 1024;

    bool wants(storage::ChangeKind kind) const;
    /// What the log must keep of changes for it.
    storage::ChangeImages images() const;
};

/// The event of a change of a record, a collection or an index, where the selection takes it. A record
/// whose state is not known passes the filter, and the event says so.
std::optional<Event> document_event(const storage::Change& change, std::string_view database,
                                    const DocumentSelection& selection);

}  // namespace credvault::webhooks
