// Tells webhooks that a workspace was refused something because a quota of its tier is used up: once an hour for each
// quota, whoever is refused. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
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

    /// An operation failed with QUOTA_EXCEEDED. Returns at once; the event is written on the calling executor.
    void reached(std::string_view workspace, std::string_view operation, const Error& error);

private:
    /// Whether it is told now.
    bool is_news(std::string_view workspace, std::string_view quota);
    Reply<void> publish(std::string workspace, std::string quota);

    storage::Engine& engine_;
    access::Allotments& allotments_;
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::int64_t> told_ms_;
};

}  // namespace credvault::api
