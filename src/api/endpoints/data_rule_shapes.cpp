#include "api/endpoints/data_rule_shapes.h"

namespace credvault::api {
namespace {

constexpr Rules role_rules{
    .description = "Whose it is: `admin`, `developer` or `viewer`. Owners are never restricted.",
    .example = "viewer"};
constexpr Rules database_rules{.description = "The database that it is about; `*`, as by default: all.",
                               .example = "shop",
                               .min_length = 1,
                               .max_length = 64};
constexpr Rules collection_rules{.description = "The collection that it is about; `*`, as by default: all.",
                                 .example = "users",
                                 .min_length = 1,
                                 .max_length = 64};
constexpr Rules denied_rules{.description = "Fields at the records' top that don't exist for the role.",
                             .example = R"(["ssn"])",
                             .max_length = 1024,
                             .max_items = 100};
constexpr Rules rows_rules{.description =
                               "A filter: only records that match it are there. `$$user` and "
                               "`$$workspace` stand for ids.",
                           .example = R"({"owner":"$$user"})",
                           .json = JsonKind::Object};

}  // namespace

Fields RoleRuleShape::fields() {
    using S = RoleRuleShape;
    return {body(&S::id, "id", {.description = "Its id.", .example = "rule_4f7Qd2"}),
            body(&S::role, "role", role_rules),
            body(&S::database, "database", database_rules),
            body(&S::collection, "collection", collection_rules),
            body(&S::denied_fields, "denied_fields", denied_rules),
            body(&S::rows, "rows", rows_rules),
            body(&S::created_at, "created_at",
                 {.description = "When it was made.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::updated_at, "updated_at",
                 {.description = "When it was last changed.", .example = "2026-01-31T12:00:00.000Z"})};
}

Fields RoleRuleMembers::fields() {
    using M = RoleRuleMembers;
    return {body(&M::database, "database", database_rules),
            body(&M::collection, "collection", collection_rules),
            body(&M::denied_fields, "denied_fields", denied_rules), body(&M::rows, "rows", rows_rules)};
}

Rules ruled_role_rules() { return role_rules; }

access::RoleRuleWish RoleRuleMembers::wish(std::optional<RuledRole> role) const {
    access::RoleRuleWish wish;
    if (role) {
        wish.role = *role == RuledRole::Admin       ? access::Role::Admin
                    : *role == RuledRole::Developer ? access::Role::Developer
                                                    : access::Role::Viewer;
    }
    json::Writer out(wish.rule);
    out.begin_object();
    if (database) out.key("database").string(*database);
    if (collection) out.key("collection").string(*collection);
    if (denied_fields) {
        out.key("denied_fields").begin_array();
        for (const std::string& field : *denied_fields) out.string(field);
        out.end_array();
    }
    if (rows) out.key("rows").raw(rows->text);
    out.end_object();
    return wish;
}

}  // namespace credvault::api
