// How API keys look in answers and what requests say of them, for the OpenAPI document (as shapes.h), and their place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/api_keys.h"
#include "api/codecs.h"
#include "api/context.h"

namespace credvault::api {

enum class KeyEnvironment : std::uint8_t { Live, Test };

template <>
struct EnumNames<KeyEnvironment> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, KeyEnvironment>>(
        {{"live", KeyEnvironment::Live}, {"test", KeyEnvironment::Test}});
};

struct DataRuleShape {
    std::optional<std::string> database;
    std::optional<std::string> collection;
    std::optional<std::vector<std::string>> denied_fields;
    std::optional<Raw<AnyObject>> rows;

    static constexpr std::string_view schema_name = "DataRule";
    static Fields fields();
};

struct RestrictionsShape {
    std::optional<std::vector<std::string>> databases;
    std::optional<std::vector<std::string>> collections;
    std::optional<std::vector<DataRuleShape>> rules;
    std::optional<std::vector<std::string>> addresses;

    static constexpr std::string_view schema_name = "Restrictions";
    static Fields fields();
};

struct PreviousSecretShape {
    std::string prefix;
    std::string expires_at;

    static constexpr std::string_view schema_name = "PreviousSecret";
    static Fields fields() {
        using S = PreviousSecretShape;
        return {body(&S::prefix, "prefix", {.description = "How it begins.", .example = "cv_live_9kQ2"}),
                body(&S::expires_at, "expires_at",
                     {.description = "When it ends.", .example = "2026-01-31T12:00:00.000Z"})};
    }
};

struct ApiKeyShape {
    std::optional<std::string> id;
    std::optional<std::string> name;
    std::optional<std::string> environment;
    std::optional<std::string> prefix;
    std::optional<std::vector<std::string>> scopes;
    std::optional<RestrictionsShape> restrictions;
    std::optional<std::string> status;
    std::optional<std::string> created_by;
    std::optional<std::string> created_at;
    std::optional<std::string> expires_at;
    std::optional<std::string> last_used_at;
    std::optional<std::string> last_rotated_at;
    std::optional<std::vector<PreviousSecretShape>> previous_secrets;

    static constexpr std::string_view schema_name = "ApiKey";
    static Fields fields();
};

struct NewApiKeyShape {
    ApiKeyShape key;
    std::optional<std::string> secret;

    static constexpr std::string_view schema_name = "ApiKeyWithSecret";
    static Fields fields() {
        return {include(&NewApiKeyShape::key),
                body(&NewApiKeyShape::secret, "secret",
                     {.description = "What goes behind `Authorization: ApiKey`. Shown this once: it is kept "
                                     "nowhere. Absent where an Idempotency-Key is repeated.",
                      .example = "cv_live_9kQ2mXw4…"})};
    }
};

struct ApiKeyPath {
    std::string_view key;

    static Fields fields() {
        return {path(&ApiKeyPath::key, "key",
                     {.description = "The key's id.", .example = "key_4f7Qd2", .max_length = 64})};
    }
};

/// What requests may say of a key, new or not, beside its name and scopes.
struct ApiKeyLimits {
    std::optional<Raw<RestrictionsShape>> restrictions;
    std::optional<std::string_view> expiry;

    static Fields fields();
    access::KeyWish wish() const;
};
Rules key_name_rules();
Rules key_scopes_rules();

inline std::string api_key_url(std::string_view id) { return "/v1/api-keys/" + std::string(id); }

}  // namespace credvault::api
