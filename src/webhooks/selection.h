// What of a log a webhook is to be told, and in which words: joins its settings with what its maker may see. One
// thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "storage/changes.h"
#include "webhooks/document_event.h"
#include "webhooks/message.h"
#include "webhooks/platform_event.h"
#include "webhooks/webhooks.h"

namespace credvault::webhooks {

class Selection {
public:
    Selection(WebhookRef webhook, const Rights& rights, std::size_t max_record_bytes);

    /// Whether the log of users' databases holds something for it; and the log of the system database.
    bool wants_databases() const { return documents_ || wants_catalogue_; }
    bool wants_platform() const { return platform_; }
    /// Whether the database is among those that it asked about.
    bool is_about(const DatabaseName& database) const;

    /// Whether a page that was read without current records must be read with them.
    bool needs_current(const storage::ChangesPage& page) const;
    /// The messages of a page of a database's log, those from before `from_ms` left out.
    std::vector<Message> read(const DatabaseName& database, const storage::ChangesPage& page,
                              std::int64_t from_ms) const;
    /// The same of the system database's log. Pages come in their order.
    std::vector<Message> read_platform(const storage::ChangesPage& page, std::int64_t from_ms);

private:
    bool wants_platform_event(const PlatformEvent& event) const;
    Message message_of(Event event, std::string log, std::uint64_t lane, std::string subject) const;

    const WebhookRef webhook_;
    const Rights& rights_;
    DocumentSelection selection_;
    bool documents_ = false;
    bool wants_catalogue_ = false;
    bool platform_ = false;
};

}  // namespace credvault::webhooks
