#include "api/endpoints/api_key_shapes.h"

namespace credvault::api {

Fields DataRuleShape::fields() {
    using S = DataRuleShape;
    return {body(&S::database, "database",
                 {.description = "The database that it is about; `*`, or left out: all.",
                  .example = "shop",
                  .max_length = 64}),
            body(&S::collection, "collection",
                 {.description = "The collection that it is about; `*`, or left out: all.",
                  .example = "users",
                  .max_length = 64}),
            body(&S::denied_fields, "denied_fields",
                 {.description = "Fields at the records' top that don't exist for the credential.",
                  .example = R"(["ssn"])",
                  .max_length = 1024,
                  .max_items = 100}),
            body(&S::rows, "rows",
                 {.description = "A filter: only records that match it are there. `$$user`, `$$key` and "
                                 "`$$workspace` stand for ids.",
                  .example = R"({"owner":"$$key"})",
                  .json = JsonKind::Object})};
}

Fields RestrictionsShape::fields() {
    using S = RestrictionsShape;
    return {body(&S::databases, "databases",
                 {.description = "Databases that the key may use, whole.",
                  .example = R"(["shop"])",
                  .max_length = 64,
                  .min_items = 1,
                  .max_items = 1000}),
            body(&S::collections, "collections",
                 {.description = "Collections that it may use beside, as `database/collection`.",
                  .example = R"(["crm/contacts"])",
                  .max_length = 129,
                  .min_items = 1,
                  .max_items = 1000}),
            body(&S::rules, "rules",
                 {.description = "What it sees of the records.", .min_items = 1, .max_items = 100}),
            body(&S::addresses, "addresses",
                 {.description = "Where it may be used from: addresses and ranges, IPv4 and IPv6.",
                  .example = R"(["203.0.113.0/24","2001:db8::/32"])",
                  .max_length = 50,
                  .min_items = 1,
                  .max_items = 100})};
}

Fields ApiKeyShape::fields() {
    using S = ApiKeyShape;
    return {body(&S::id, "id", {.description = "Its id.", .example = "key_4f7Qd2"}),
            body(&S::name, "name", {.description = "What people call it.", .example = "web shop"}),
            body(&S::environment, "environment",
                 {.description = "`live` or `test`: what the secret begins with.", .example = "live"}),
            body(&S::prefix, "prefix",
                 {.description = "How its secret begins; empty for CREDVAULT_ADMIN_KEY.",
                  .example = "cv_live_9kQ2"}),
            body(&S::scopes, "scopes",
                 {.description = "What it may do.", .example = R"(["database:read","query:execute"])"}),
            body(&S::restrictions, "restrictions", {.description = "What it may not do all the same."}),
            body(&S::status, "status",
                 {.description = "`active`, `disabled`, `expired` or `revoked`.", .example = "active"}),
            body(&S::created_by, "created_by",
                 {.description = "The key or user that made it.", .example = "key_environment"}),
            body(&S::created_at, "created_at",
                 {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::expires_at, "expires_at",
                 {.description = "When it ends; absent: never.", .example = "2027-01-31T12:00:00.000Z"}),
            body(&S::last_used_at, "last_used_at",
                 {.description = "When it was last used, to the minute; absent: never.",
                  .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::last_rotated_at, "last_rotated_at",
                 {.description = "When it got its secret, where that was not the first one.",
                  .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::previous_secrets, "previous_secrets",
                 {.description = "Secrets that were replaced and are still valid."})};
}

Rules key_name_rules() {
    return {.description = "What people call it.", .example = "web shop", .min_length = 1, .max_length = 100};
}

Rules key_scopes_rules() {
    return {.description = "What it may do: nothing that your own credential may not.",
            .example = R"(["database:read","query:execute"])",
            .max_length = 64,
            .min_items = 1,
            .max_items = 64};
}

Fields ApiKeyLimits::fields() {
    using L = ApiKeyLimits;
    return {
        body(&L::restrictions, "restrictions",
             {.description = "What it may not do although its scopes would allow it, beside what your own "
                             "credential may not. All of them are replaced; `{}` lifts them.",
              .json = JsonKind::Object}),
        body(&L::expiry, "expiry",
             {.description =
                  "When it ends: `30d`, `90d`, `1y`, `never`, or a time. Without it a new key "
                  "lives as long as the key that makes it, and without an end where a user makes it.",
              .example = "90d",
              .max_length = 64})};
}

access::KeyWish ApiKeyLimits::wish() const {
    access::KeyWish wish;
    if (restrictions) wish.restrictions = restrictions->text;
    if (expiry) wish.expiry = std::string(*expiry);
    return wish;
}

}  // namespace credvault::api
