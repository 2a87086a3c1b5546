#include "access/key_wish.h"

#include <algorithm>
#include <array>
#include <utility>

#include "access/key_rights.h"

namespace credvault::access {
namespace {

constexpr std::size_t max_name_bytes = 100;
constexpr std::int64_t day_ms = std::int64_t{24} * 60 * 60 * 1'000;

Error wrong(std::string message, std::string field) {
    return Error(ErrorCode::INVALID_PARAMETER, std::move(message), std::move(field));
}

Status check_name(std::string_view name) {
    const bool control =
        std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (!name.empty() && name.size() <= max_name_bytes && !control) return {};
    return wrong("A key's name has 1 to 100 bytes and no control characters", "name");
}

Status check_scopes(const std::vector<std::string>& scopes) {
    if (scopes.empty()) return wrong("A key needs at least one scope", "scopes");
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        const std::string field = "scopes." + std::to_string(i);
        if (!scope_named(scopes[i]))
            return wrong("'" + scopes[i].substr(0, 64) +
                             "' is no scope: there are database:read and others "
                             "(docs/api/keys.md)",
                         field);
        if (std::find(scopes.begin(), scopes.begin() + static_cast<std::ptrdiff_t>(i), scopes[i]) !=
            scopes.begin() + static_cast<std::ptrdiff_t>(i))
            return wrong("The scope '" + scopes[i] + "' is named twice", field);
    }
    return {};
}

}  // namespace

Result<std::int64_t> expiry_ms(std::string_view text, std::int64_t now_ms) {
    constexpr auto spans = std::to_array<std::pair<std::string_view, std::int64_t>>(
        {{"30d", 30 * day_ms}, {"90d", 90 * day_ms}, {"1y", 365 * day_ms}});
    if (text == "never") return std::int64_t{0};
    for (const auto& [name, span] : spans) {
        if (text == name) return now_ms + span;
    }
    const auto time = parse_time(text);
    if (!time) {
        return wrong("'expiry' is 30d, 90d, 1y, never, or a time such as 2027-01-31 or 2027-01-31T12:00:00Z",
                     "expiry");
    }
    if (*time <= now_ms) return wrong("The time of expiry has passed", "expiry");
    return *time;
}

Status apply_wish(const KeyWish& wish, const Principal& holder, std::int64_t now_ms, KeyRecord& key) {
    if (wish.name) {
        TRY_VOID(check_name(*wish.name));
        key.name = *wish.name;
    }
    if (wish.scopes) {
        TRY_VOID(check_scopes(*wish.scopes));
        key.scopes = *wish.scopes;
    }
    if (wish.expiry) {
        TRY(key.expires_ms, expiry_ms(*wish.expiry, now_ms));
    }
    if (wish.restrictions) {
        TRY(RestrictionsRef wanted, Restrictions::parse(json::View(*wish.restrictions)));
        TRY(key.restrictions, Restrictions::narrowed(holder.restrictions, wanted));
    }
    if (wish.enabled) key.status = *wish.enabled ? KeyStatus::Active : KeyStatus::Disabled;
    // What takes nothing but a name or the key's working needs no right to give it.
    const bool gives = wish.scopes || wish.expiry || wish.restrictions || wish.enabled.value_or(false);
    return gives ? check_gift(holder, key) : Status();
}

}  // namespace credvault::access
