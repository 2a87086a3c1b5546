// What webhooks need to know of the other services, in small interfaces that whoever joins the services implements
// (services never include each other). Thread-safe; they outlive the webhooks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "base/result.h"
#include "storage/narrowing.h"
#include "storage/write.h"

namespace credvault::webhooks {

struct Webhook;

/// Who makes or changes a webhook: his credential as it is at that time.
struct Maker {
    std::string workspace;
    std::string id;
    std::vector<std::string> scopes;
    std::string restrictions = "{}";  ///< Of his data, with values for its variables; "{}": none.

    bool restricted() const { return restrictions != "{}"; }
    bool has(std::string_view scope) const;
};

struct DatabaseName {
    std::string id;
    std::string workspace;
    std::string name;
};

/// What who said last what a webhook is may be told now, of what he might be told then.
struct Present {
    std::vector<std::string> scopes;
    std::string restrictions = "{}";

    bool operator==(const Present&) const = default;
};

/// The databases that there are.
class Directory {
public:
    virtual ~Directory() = default;
    virtual std::optional<DatabaseName> database(std::string_view id) const = 0;
    virtual std::vector<DatabaseName> databases(std::string_view workspace) const = 0;
};

/// What credentials may see.
class Rights {
public:
    virtual ~Rights() = default;
    /// By the webhook's own account of who changed it last and what he might see then. Fails with FORBIDDEN where he is
    /// gone: he left the workspace, or his key is no longer valid.
    virtual Reply<Present> present(const Webhook& webhook) const = 0;
    /// What the webhook's restrictions leave of a database; null: all. Fails with FORBIDDEN.
    virtual Result<storage::NarrowingRef> sight(const Webhook& webhook, std::string_view database) const = 0;
    /// The same of somebody who makes one now.
    virtual Result<storage::NarrowingRef> sight(const Maker& maker, std::string_view database) const = 0;
    /// Whether who is restricted by `inner` sees nothing that who is restricted by `outer` does not.
    virtual bool is_within(const std::string& inner, const std::string& outer) const = 0;
    /// An operation that fails the batch where the workspace has as many webhooks as it may; nothing: any number.
    virtual std::optional<storage::CheckMatches> room(std::string_view workspace) const = 0;
};

/// Keeps secrets in a form that only the server reads again.
class Vault {
public:
    virtual ~Vault() = default;
    virtual std::string seal(std::string_view text, std::string_view about) const = 0;
    virtual std::optional<std::string> unseal(std::string_view sealed, std::string_view about) const = 0;
};

/// What the owners of a webhook should know.
enum class Trouble : std::uint8_t {
    Gone,       ///< The receiver said 410: paused.
    Failing,    ///< Nothing was delivered for days: paused.
    Gap,        ///< Events were lost: the change log no longer reached back so far.
    MakerGone,  ///< Who said what it is may no longer be told anything: paused.
};
std::string_view trouble_name(Trouble trouble);

class Watch {
public:
    virtual ~Watch() = default;
    /// Called on the dispatcher's thread.
    virtual Reply<void> tell(const Webhook& webhook, Trouble trouble) = 0;
};

}  // namespace credvault::webhooks
