// What the dispatcher keeps of one webhook. Internal to it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "webhooks/dispatcher.h"

namespace credvault::webhooks {

struct Dispatcher::Work {
    Work(const WebhookRef& webhook, const DispatchSettings& settings, const Parts& parts)
        : endpoint(webhook, settings.limits),
          selection(std::make_unique<Selection>(webhook, parts.rights, settings.max_record_bytes)) {}

    const std::string& id() const { return endpoint.webhook().id; }
    bool is_active() const { return !gone && !loading && endpoint.webhook().state == State::Active; }

    Endpoint endpoint;
    std::unique_ptr<Selection> selection;  ///< By its settings: which logs it follows.
    std::unique_ptr<Selection> told;       ///< By what its maker may see now: what of them it is told.
    std::optional<Present> present;        ///< What `told` was made with.
    bool loading = true;
    bool gone = false;
    bool settling = false;
    bool in_trouble = false;
    std::int64_t settled_ms = 0;
    std::int64_t retry_ms = 0;  ///< Not before: something of the store failed.
    std::int64_t timer_ms = 0;  ///< As it stands among the timers; 0: it does not.
};

}  // namespace credvault::webhooks
