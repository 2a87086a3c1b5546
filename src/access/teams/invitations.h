// Invitations to a workspace: records that members may list, and beside them the digests of the tokens that accept
// them. A token is good for one use, for the email that it was made for. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "access/allotments.h"
#include "access/mail/outbox.h"
#include "access/principal.h"
#include "access/records.h"
#include "access/sessions/sessions.h"
#include "access/sessions/throttle.h"
#include "access/users/password.h"

namespace credvault::access {

struct InvitationSettings {
    std::int64_t life_ms = 7LL * 86'400'000;
    std::size_t max_open = 1'000;  ///< Per workspace.
    std::string public_url;        ///< Of the dashboard, for links.
};

struct NewInvitation {
    std::string email;
    Role role = Role::Viewer;
    std::optional<std::int64_t> days;  ///< 1 to 30; by the configuration where it is left out.
};

/// An invitation that was made. The token is set where no mail goes out.
struct Invited {
    std::string id;
    std::string text;  ///< Canonical.
    std::string token, link;
};

/// What somebody accepts with. Without a session `password` and `name` make his account.
struct Acceptance {
    std::string token, password, name;
};

/// Who accepted, and where he is a member now.
struct Accepted {
    User user;
    Membership membership;
};

/// The services that invitations are made of. References; they outlive them.
struct InvitationParts {
    SystemRecords& records;
    Users& users;
    Sessions& sessions;
    PasswordHashing& passwords;
    Outbox& outbox;
    Throttle& addresses;
    Allotments* allotments = nullptr;  ///< How many members a workspace may have; null: any number.
};

class Invitations {
public:
    Invitations(InvitationParts parts, InvitationSettings settings);

    /// Who says how many members a workspace may have; before the first is added, and outlives the service.
    void limit_by(Allotments& allotments) { allotments_ = &allotments; }
    Reply<void> open();

    /// Fails with INVALID_PARAMETER, FORBIDDEN where the caller has less than the role, ALREADY_EXISTS where the email
    /// is a member's or invited, LIMIT_EXCEEDED.
    Reply<Invited> create(Principal caller, NewInvitation invitation);
    Reply<storage::Listing> list(std::string workspace, storage::ListQuery query);
    /// Fails with INVITATION_NOT_FOUND.
    Reply<std::string> get(std::string workspace, std::string id);
    /// Its token is worth nothing from then on. Fails with INVITATION_NOT_FOUND, also where it is not open.
    Reply<void> revoke(Principal caller, std::string id);
    /// `caller` is null where nobody is signed in. Fails with INVALID_CODE, FORBIDDEN where another user is signed in,
    /// UNAUTHENTICATED where the email has an account and nobody is signed in, WEAK_PASSWORD, MISSING_PARAMETER,
    /// ALREADY_EXISTS where he is a member, QUOTA_EXCEEDED, RATE_LIMITED.
    Reply<Accepted> accept(const Principal* caller, Acceptance acceptance, std::string address);

private:
    Reply<void> check_new(const Principal& caller, const NewInvitation& invitation);
    Reply<json::Value> open_invitation(std::string token);
    Reply<User> join(json::Value invitation, std::optional<User> user, Acceptance acceptance);
    Mail mail_of(const std::string& workspace_name, const std::string& email, const std::string& link) const;

    InvitationParts parts_;
    Allotments* allotments_ = nullptr;  ///< Null: any number.
    const InvitationSettings settings_;
};

}  // namespace credvault::access
