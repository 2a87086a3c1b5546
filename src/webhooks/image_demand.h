// Which images of records the change logs must keep for webhooks: made anew when webhooks change, asked by writers for
// each change they log. Immutable; thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/changes.h"
#include "webhooks/webhooks.h"

namespace credvault::webhooks {

class ImageDemand {
public:
    ImageDemand() = default;
    ImageDemand(const std::vector<WebhookRef>& webhooks, const Directory& directory);

    storage::ChangeImages images(std::string_view log, std::string_view collection) const;
    /// Whether nothing is wanted at all.
    bool empty() const { return by_log_.empty() && by_workspace_.empty() && !platform_; }

private:
    struct Wanted {
        std::string collection;  ///< Empty: all.
        storage::ChangeImages images;
    };
    using List = std::vector<Wanted>;

    static storage::ChangeImages most(const List& list, std::string_view collection);

    const Directory* directory_ = nullptr;
    std::map<std::string, List, std::less<>> by_log_;
    std::map<std::string, List, std::less<>>
        by_workspace_;  ///< Of webhooks on all databases, also future ones.
    std::map<std::pair<std::string, std::string>, List> by_name_;
    bool platform_ = false;
};

}  // namespace credvault::webhooks
