#include "api/endpoints/collection_settings.h"

#include "storage/expiry.h"

namespace credvault::api {

Fields ValidationSettings::fields() {
    using S = ValidationSettings;
    return {
        body(&S::mode, "mode",
             {.description =
                  "What happens to a record that the schema does not allow: nothing (`off`), it is stored "
                  "and told (`warn`), or it is refused (`error`). With a schema `error` where it is left "
                  "out.",
              .example = "error"}),
        body(&S::schema, "schema",
             {.description = "A JSON Schema, drafts 4 to 2020-12.",
              .example = R"({"required":["name"],"properties":{"age":{"type":"integer","minimum":0}}})",
              .json = JsonKind::Object})};
}

Fields TtlSettings::fields() {
    using S = TtlSettings;
    return {body(&S::field, "field",
                 {.description = "The field that holds a time (RFC 3339).",
                  .example = "expires_at",
                  .required = true,
                  .min_length = 1,
                  .max_length = 1024}),
            body(&S::seconds, "seconds",
                 {.description = "How long after that time a record is removed.",
                  .example = "3600",
                  .min = 0,
                  .max = storage::max_ttl_seconds,
                  .default_value = "0"})};
}

Fields CollectionSettings::fields() {
    using S = CollectionSettings;
    return {body(&S::require_if_match, "require_if_match",
                 {.description = "Whether changing a record needs `If-Match`.", .example = "true"}),
            body(&S::change_images, "change_images",
                 {.description =
                      "Which images of a record the change log keeps with each change: `off` (none), `after` "
                      "or `both`.",
                  .example = "after"}),
            body(&S::validation, "validation", {.description = "What its records must be like."}),
            body(&S::ttl, "ttl",
                 {.description =
                      "Removes records by a time in them, by an index that is named `ttl`; delete that index "
                      "to end it."})};
}

Status CollectionSettings::apply(documents::CollectionChange& change) const {
    documents::CollectionOptions& options = change.options;
    if (require_if_match) options.require_if_match = *require_if_match;
    if (change_images) options.change_images = *change_images;
    if (validation) {
        if (validation->schema && options.schema.empty())
            options.validation = documents::ValidationMode::Error;
        if (validation->schema) options.schema = validation->schema->text;
        if (validation->mode) options.validation = *validation->mode;
    }
    if (ttl) {
        TRY(change.ttl, documents::ttl_spec(ttl->field, ttl->seconds));
    }
    return {};
}

}  // namespace credvault::api
