// What a collection may be told about itself; the engine keeps it as text. A value type.
#pragma once

#include <string>
#include <string_view>

#include "documents/validation.h"
#include "json/writer.h"
#include "storage/changes.h"

namespace credvault::documents {

struct CollectionOptions {
    bool require_if_match = false;  ///< Changing a record needs If-Match, else 428.
    storage::ChangeImages change_images = storage::ChangeImages::Off;
    ValidationMode validation = ValidationMode::Off;
    std::string schema;  ///< Canonical JSON; empty: none.

    /// Canonical text, without what is as it is by default.
    std::string text() const;
    /// Precondition: made by text().
    static CollectionOptions parse(std::string_view text);
    /// All of them as members of the object that is being written, as users see them.
    void append_members(json::Writer& out) const;
};

std::string_view change_images_name(storage::ChangeImages images);

}  // namespace credvault::documents
