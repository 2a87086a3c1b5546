#include "documents/collection_options.h"

#include "json/view.h"

namespace credvault::documents {
namespace {

void append_validation(json::Writer& out, const CollectionOptions& options) {
    out.key("validation").begin_object();
    out.key("mode").string(validation_mode_name(options.validation));
    if (!options.schema.empty()) out.key("schema").raw(options.schema);
    out.end_object();
}

void read_validation(CollectionOptions& options, const json::View& stored) {
    const auto mode = stored.find("mode");
    for (const ValidationMode known : {ValidationMode::Warn, ValidationMode::Error}) {
        if (mode && mode->is_string() && mode->escaped() == validation_mode_name(known))
            options.validation = known;
    }
    if (const auto schema = stored.find("schema")) options.schema = schema->text();
}

}  // namespace

std::string_view change_images_name(storage::ChangeImages images) {
    switch (images) {
        case storage::ChangeImages::Off: return "off";
        case storage::ChangeImages::After: return "after";
        case storage::ChangeImages::Both: return "both";
    }
    return "off";
}

std::string CollectionOptions::text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    if (require_if_match) out.key("require_if_match").boolean(true);
    if (change_images != storage::ChangeImages::Off)
        out.key("change_images").string(change_images_name(change_images));
    if (validation != ValidationMode::Off || !schema.empty()) append_validation(out, *this);
    out.end_object();
    return text;
}

CollectionOptions CollectionOptions::parse(std::string_view text) {
    CollectionOptions options;
    const json::View stored(text);
    const auto required = stored.find("require_if_match");
    options.require_if_match = required && required->as_bool();
    options.change_images = storage::change_images(text);
    if (const auto validation = stored.find("validation")) read_validation(options, *validation);
    return options;
}

void CollectionOptions::append_members(json::Writer& out) const {
    out.key("require_if_match").boolean(require_if_match);
    out.key("change_images").string(change_images_name(change_images));
    append_validation(out, *this);
}

}  // namespace credvault::documents
