// How the data rules of roles look in answers and requests, for the OpenAPI document (as shapes.h), and their place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/data_rules.h"
#include "api/codecs.h"

namespace credvault::api {

/// The roles that rules can be for.
enum class RuledRole : std::uint8_t { Admin, Developer, Viewer };

template <>
struct EnumNames<RuledRole> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, RuledRole>>(
        {{"admin", RuledRole::Admin}, {"developer", RuledRole::Developer}, {"viewer", RuledRole::Viewer}});
};

struct RoleRuleShape {
    std::optional<std::string> id;
    std::optional<std::string> role;
    std::optional<std::string> database;
    std::optional<std::string> collection;
    std::optional<std::vector<std::string>> denied_fields;
    std::optional<Raw<AnyObject>> rows;
    std::optional<std::string> created_at;
    std::optional<std::string> updated_at;

    static constexpr std::string_view schema_name = "RoleRule";
    static Fields fields();
};

/// What requests say of a rule, new or not, beside its role.
struct RoleRuleMembers {
    std::optional<std::string_view> database;
    std::optional<std::string_view> collection;
    std::optional<std::vector<std::string>> denied_fields;
    std::optional<Raw<AnyObject>> rows;

    static Fields fields();
    access::RoleRuleWish wish(std::optional<RuledRole> role) const;
};

struct DataRulePath {
    std::string_view rule;

    static Fields fields() {
        return {path(&DataRulePath::rule, "rule",
                     {.description = "The rule's id.", .example = "rule_4f7Qd2", .max_length = 64})};
    }
};

Rules ruled_role_rules();

inline std::string data_rule_url(std::string_view id) { return "/v1/data-rules/" + std::string(id); }

}  // namespace credvault::api
