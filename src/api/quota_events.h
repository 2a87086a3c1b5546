// Tells webhooks that a workspace was refused something because a quota of its tier is used up: once in an hour of the
// clock for each quota, whoever is refused and however often the server is started. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "access/allotments.h"
#include "base/error.h"
#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::api {

class QuotaEvents {
public:
    /// Both outlive it.
    QuotaEvents(storage::Engine& engine, access::Allotments& allotments)
        : engine_(engine), allotments_(allotments) {}

    /// An operation failed with QUOTA_EXCEEDED. When the reply is ready the event is durable, so that who is answered
    /// after it is never refused without one. Fails as the store does; the next refusal tries again.
    Reply<void> reached(std::string workspace, std::string operation, Error error);

private:
    /// Whether this hour's event is still to be written, as far as this run of the server knows.
    bool is_news(const std::string& workspace, const std::string& quota, std::int64_t hour);
    void note(const std::string& workspace, const std::string& quota, std::int64_t hour);
    Reply<void> publish(std::string workspace, std::string quota, std::int64_t hour);

    storage::Engine& engine_;
    access::Allotments& allotments_;
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::int64_t> told_;  ///< The hour.
};

}  // namespace credvault::api
