#include "storage/changes.h"

#include "json/view.h"

namespace credvault::storage {

ChangeImages change_images(std::string_view options) {
    const auto images = json::View(options).find("change_images");
    if (!images || !images->is_string()) return ChangeImages::Off;
    if (images->escaped() == "after") return ChangeImages::After;
    return images->escaped() == "both" ? ChangeImages::Both : ChangeImages::Off;
}

}  // namespace credvault::storage
