// What webhooks are told of the other services: databases and their names, what credentials see, secrets, and who is to
// know of trouble (webhooks/surroundings.h). Thread-safe; the services outlive it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/allotments.h"
#include "access/api_keys.h"
#include "access/audit_log.h"
#include "access/data_rules.h"
#include "access/identity.h"
#include "api/context.h"
#include "documents/databases.h"
#include "webhooks/surroundings.h"

namespace credvault::api {

class WebhookSurroundings final : public webhooks::Directory,
                                  public webhooks::Rights,
                                  public webhooks::Vault,
                                  public webhooks::Watch {
public:
    struct Parts {
        documents::Databases& databases;
        access::ApiKeys& keys;
        access::DataRules& data_rules;
        access::Allotments& allotments;
        access::AuditLog& audit;
        access::Identity& identity;
        storage::Engine& engine;
        const access::ServerKey& key;
    };
    explicit WebhookSurroundings(const Parts& parts) : parts_(parts) {}

    std::optional<webhooks::DatabaseName> database(std::string_view id) const override;
    std::vector<webhooks::DatabaseName> databases(std::string_view workspace) const override;

    Reply<webhooks::Present> present(const webhooks::Webhook& webhook) const override;
    Result<storage::NarrowingRef> sight(const webhooks::Webhook& webhook,
                                        std::string_view database) const override;
    Result<storage::NarrowingRef> sight(const webhooks::Maker& maker,
                                        std::string_view database) const override;
    bool is_within(const std::string& inner, const std::string& outer) const override;
    std::optional<storage::CheckMatches> room(std::string_view workspace) const override;

    std::string seal(std::string_view text, std::string_view about) const override {
        return parts_.key.seal(text, about);
    }
    std::optional<std::string> unseal(std::string_view sealed, std::string_view about) const override {
        return parts_.key.unseal(sealed, about);
    }

    Reply<void> tell(const webhooks::Webhook& webhook, webhooks::Trouble trouble) override;

private:
    /// What somebody may see now whose principal this is.
    struct Sight {
        std::vector<std::string> scopes;
        access::RestrictionsRef restrictions;
    };

    Result<Sight> sight_of_key(const std::string& id) const;
    Reply<Sight> sight_of_user(std::string workspace, std::string id) const;
    Reply<void> mail_owners(const webhooks::Webhook& webhook, webhooks::Trouble trouble);

    const Parts parts_;
};

/// Who calls, as webhooks see him.
webhooks::Maker maker_of(const Context& context);

}  // namespace credvault::api
