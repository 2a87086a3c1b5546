// For tests: users, sessions and workspaces over the engine of memory, with cheap password hashes. One thread.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "access/identity.h"
#include "access/system.h"
#include "base/run_loop.h"
#include "storage/memory/memory_engine.h"

namespace credvault::access {

inline constexpr const char* good_password = "correct horse battery";

class IdentityTest : public testing::Test {
protected:
    IdentityTest() {
        workspace = *loop.wait(open_system(engine));
        EXPECT_TRUE(loop.wait(keys.load()).ok());
        open();
    }
    static IdentitySettings cheap() {
        IdentitySettings settings;
        settings.passwords = {8, 1, 1, 64};
        settings.sign_in.accounts.free_attempts = 1'000;
        settings.sign_in.address_attempts = 1'000;
        return settings;
    }
    /// As a start of the server does.
    void open(const IdentitySettings& settings = cheap()) {
        identity.reset();
        identity = std::make_unique<Identity>(engine, keys, key, settings);
        const auto opened = loop.wait(identity->open(workspace));
        EXPECT_TRUE(opened.ok());
        setup_code = opened.ok() && *opened ? **opened : std::string();
    }
    SignedIn set_up() {
        auto made = loop.wait(
            identity->sign_in.set_up({setup_code, "owner@example.com", good_password, "Olga"}, client));
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    /// A member of the owner's workspace, by invitation.
    SignedIn member(const Principal& inviter, const std::string& email, Role role) {
        auto invited = loop.wait(identity->invitations.create(inviter, {email, role, {}}));
        EXPECT_TRUE(invited.ok()) << invited.error().message;
        auto joined = loop.wait(
            identity->invitations.accept(nullptr, {invited->token, good_password, "Member"}, "127.0.0.1"));
        EXPECT_TRUE(joined.ok());
        return sign_in(email);
    }
    Result<SignedIn> try_sign_in(const std::string& email, const std::string& password = good_password,
                                 const std::string& code = {}, const std::string& recovery = {}) {
        return loop.wait(identity->sign_in.sign_in({email, password, {code, recovery}}, client));
    }
    SignedIn sign_in(const std::string& email) {
        auto made = try_sign_in(email);
        EXPECT_TRUE(made.ok());
        return std::move(made).value();
    }
    PrincipalRef who(const Tokens& tokens, std::string_view in = {}) {
        return identity->sessions.authenticate(tokens.access, in);
    }
    std::string member_id(const std::string& user) {
        SystemRecords records(engine);
        const auto found = loop.wait(records.first(members_collection, filter_text("user", user)));
        return found.ok() && *found ? text_of(**found, "id") : std::string();
    }

    RunLoop loop;
    storage::MemoryEngine engine;
    ApiKeys keys{engine};
    const ServerKey key = ServerKey::of_this_process();
    std::string workspace, setup_code;
    Client client{"127.0.0.1", "a test", false};
    std::unique_ptr<Identity> identity;
};

}  // namespace credvault::access
