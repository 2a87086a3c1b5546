#include "access/identity.h"

#include <utility>

namespace credvault::access {

Identity::Identity(storage::Engine& engine, ApiKeys& keys, ServerKey key, const IdentitySettings& settings,
                   Allotments* allotments)
    : records_(engine),
      key_(key),
      public_url_(settings.public_url),
      passwords(settings.passwords),
      users(records_),
      sessions(records_, users, settings.sessions),
      second_factor(records_, users, key_),
      outbox(records_, key_, settings.outbox),
      sign_in({records_, users, sessions, second_factor, passwords}, settings.sign_in),
      password_reset({records_, users, sessions, passwords, outbox, sign_in.addresses(), sign_in.accounts()},
                     {settings.reset_ms, settings.public_url}),
      workspaces(records_, users, sessions, keys, settings.max_workspaces),
      members(records_, sessions),
      invitations({records_, users, sessions, passwords, outbox, sign_in.addresses(), allotments},
                  {settings.invitation_ms, settings.max_invitations, settings.public_url}) {}

Reply<std::optional<std::string>> Identity::open(std::string workspace) {
    CO_TRY_VOID(co_await users.open());
    CO_TRY_VOID(co_await members.open());
    CO_TRY_VOID(co_await invitations.open());
    CO_TRY_VOID(co_await password_reset.open());
    CO_TRY_VOID(co_await outbox.open());
    CO_TRY_VOID(co_await sessions.open());
    co_return co_await sign_in.open(std::move(workspace));
}

}  // namespace credvault::access
