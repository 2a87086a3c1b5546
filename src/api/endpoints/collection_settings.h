// The settings of a collection, as a body that creates or changes one gives them: include(&CreateCollection::settings).
#pragma once

#include <optional>

#include "api/codecs.h"
#include "documents/collections.h"

namespace credvault::api {

template <>
struct EnumNames<storage::ChangeImages> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, storage::ChangeImages>>(
        {{"off", storage::ChangeImages::Off},
         {"after", storage::ChangeImages::After},
         {"both", storage::ChangeImages::Both}});
};
template <>
struct EnumNames<documents::ValidationMode> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, documents::ValidationMode>>(
        {{"off", documents::ValidationMode::Off},
         {"warn", documents::ValidationMode::Warn},
         {"error", documents::ValidationMode::Error}});
};

struct ValidationSettings {
    std::optional<documents::ValidationMode> mode;
    std::optional<Raw<AnyObject>> schema;

    static constexpr std::string_view schema_name = "Validation";
    static Fields fields();
};

struct TtlSettings {
    std::string field;
    std::int64_t seconds = 0;

    static constexpr std::string_view schema_name = "TimeToLive";
    static Fields fields();
};

struct CollectionSettings {
    std::optional<bool> require_if_match;
    std::optional<storage::ChangeImages> change_images;
    std::optional<ValidationSettings> validation;
    std::optional<TtlSettings> ttl;

    static Fields fields();
    /// Sets what is given and leaves the rest. Fails with INVALID_INDEX.
    Status apply(documents::CollectionChange& change) const;
};

}  // namespace credvault::api
