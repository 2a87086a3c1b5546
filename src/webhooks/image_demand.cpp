#include "webhooks/image_demand.h"

#include <algorithm>

#include "storage/platform.h"
#include "webhooks/document_event.h"
#include "webhooks/event_types.h"
#include "webhooks/platform_event.h"

namespace credvault::webhooks {

ImageDemand::ImageDemand(const std::vector<WebhookRef>& webhooks, const Directory& directory)
    : directory_(&directory) {
    for (const WebhookRef& webhook : webhooks) {
        if (webhook->state == State::Disabled) continue;
        for (const EventType& type : event_types())
            platform_ |= !type.name.starts_with("document.") && type.name != "webhook.test" &&
                         webhook->wants(type.name);
        storage::ChangeImages images = DocumentSelection(*webhook).images();
        // Only both images tell what a rule on records says of a change.
        if (webhook->restrictions != "{}" && webhook->wants_documents()) images = storage::ChangeImages::Both;
        if (images == storage::ChangeImages::Off) continue;
        const Wanted wanted{webhook->collection, images};
        if (webhook->database.empty()) {
            by_workspace_[webhook->workspace].push_back(wanted);
        } else {
            by_name_[{webhook->workspace, webhook->database}].push_back(wanted);
        }
        for (const DatabaseName& database : directory.databases(webhook->workspace)) {
            if (webhook->database.empty() || webhook->database == database.name)
                by_log_[database.id].push_back(wanted);
        }
    }
}

storage::ChangeImages ImageDemand::most(const List& list, std::string_view collection) {
    storage::ChangeImages images = storage::ChangeImages::Off;
    for (const Wanted& wanted : list) {
        if (wanted.collection.empty() || wanted.collection == collection)
            images = std::max(images, wanted.images);
    }
    return images;
}

storage::ChangeImages ImageDemand::images(std::string_view log, std::string_view collection) const {
    if (log == storage::system_database)
        return platform_ ? platform_images(collection) : storage::ChangeImages::Off;
    if (const auto found = by_log_.find(log); found != by_log_.end()) return most(found->second, collection);
    if (by_workspace_.empty() && by_name_.empty()) return storage::ChangeImages::Off;
    // A database that was made since.
    const auto database = directory_->database(log);
    if (!database) return storage::ChangeImages::Off;
    storage::ChangeImages images = storage::ChangeImages::Off;
    if (const auto all = by_workspace_.find(database->workspace); all != by_workspace_.end())
        images = most(all->second, collection);
    if (const auto named = by_name_.find({database->workspace, database->name}); named != by_name_.end())
        images = std::max(images, most(named->second, collection));
    return images;
}

}  // namespace credvault::webhooks
