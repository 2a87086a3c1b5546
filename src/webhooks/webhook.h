// A webhook as it is kept: the record in the system database, its secrets sealed, and what users see of it. A value
// type; shared by the threads that deliver once it is published.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/view.h"
#include "query/filter.h"
#include "webhooks/signature.h"
#include "webhooks/surroundings.h"

namespace credvault::webhooks {

constexpr std::string_view webhooks_collection = "webhooks";

enum class PayloadKind : std::uint8_t { Record, Changed, Ids };
enum class PayloadFormat : std::uint8_t { Standard, CloudEvents };
enum class State : std::uint8_t {
    Active,
    Paused,    ///< Nothing is sent; events wait.
    Disabled,  ///< Nothing is sent, events pass by.
};

std::string_view payload_name(PayloadKind kind);
std::string_view format_name(PayloadFormat format);
std::string_view signature_name(SignatureKind kind);
std::string_view state_name(State state);

/// Why a webhook is paused whose resumption takes over the rights of who resumes it.
constexpr std::string_view maker_gone = "maker_gone";

/// One of a webhook's secrets.
struct SecretInUse {
    std::string text;             ///< In the record sealed.
    std::int64_t expires_ms = 0;  ///< 0: the present one.
};

using Headers = std::vector<std::pair<std::string, std::string>>;
/// What stands for the values of headers, which are not shown again.
constexpr std::string_view hidden_value = "[hidden]";

struct Webhook {
    std::string id;
    std::string workspace;
    std::string description;
    std::string url;
    std::vector<std::string> events;
    std::string database;    ///< Its name; empty: all.
    std::string collection;  ///< Empty: all.
    std::string filter;      ///< Canonical document; empty: all records.
    PayloadKind payload = PayloadKind::Record;
    PayloadFormat format = PayloadFormat::Standard;
    Headers headers;
    SignatureKind signature = SignatureKind::V1;
    std::vector<SecretInUse> secrets;  ///< The present one first.
    State state = State::Active;
    std::string paused_reason;  ///< "user", or a Trouble's name.
    std::int64_t paused_ms = 0;
    std::int64_t max_per_second = 0;  ///< 0: any number.
    std::int64_t max_concurrency = 0;
    std::string created_by;
    std::string changed_by;           ///< Who said last what it is: it tells nothing that he may not read.
    std::vector<std::string> scopes;  ///< His.
    std::string restrictions = "{}";  ///< The same.
    std::int64_t started_ms = 0;      ///< Events from before are not for it.
    std::int64_t rotated_ms = 0;      ///< 0: never.
    std::int64_t gap_ms = 0;          ///< When events were lost last; 0: never.
    std::int64_t created_ms = 0;      ///< The platform's; not written.
    std::int64_t updated_ms = 0;      ///< The same.
    std::uint64_t version = 0;        ///< The same.

    /// Nothing where the record is none, or its secrets can't be unsealed.
    static std::optional<Webhook> parse(const json::View& record, const Vault& vault);
    /// The record's canonical text.
    std::string text(const Vault& vault) const;
    /// What users see. With the secret where it is not empty: that is shown once.
    std::string public_text(std::int64_t now_ms, std::string_view secret = {}) const;

    /// Those that are valid, ready to sign.
    std::vector<SigningKey> signing_keys(std::int64_t now_ms) const;
    /// Whether who said what it is may hear of such an event, and it asked for it.
    bool wants(std::string_view type) const;
    bool wants_documents() const;
};

}  // namespace credvault::webhooks
