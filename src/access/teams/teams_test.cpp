#include <thread>

#include "access/identity_fixture.h"

namespace credvault::access {
namespace {

ErrorCode code_of(const auto& result) { return result.ok() ? ErrorCode::INTERNAL : result.error().code; }

class Teams : public IdentityTest {
protected:
    Teams() : owner(set_up()) {}

    Principal of(const Tokens& tokens) {
        const auto principal = who(tokens);
        return principal ? *principal : Principal{};
    }
    Result<std::string> change(const Tokens& by, const std::string& user, Role role) {
        return loop.wait(identity->members.change_role(of(by), member_id(user), role));
    }
    Result<void> remove(const Tokens& by, const std::string& user) {
        return loop.wait(identity->members.remove(of(by), member_id(user)));
    }
    Result<Invited> invite(const Tokens& by, const std::string& email, Role role) {
        return loop.wait(identity->invitations.create(of(by), {email, role, {}}));
    }
    Result<Accepted> accept(const std::string& token, const Principal* as = nullptr,
                            const std::string& password = good_password) {
        return loop.wait(identity->invitations.accept(as, {token, password, "Bob"}, "127.0.0.1"));
    }

    SignedIn owner;
};

TEST_F(Teams, AnInvitationMakesAMember) {
    const auto invited = invite(owner.tokens, "Bob@Example.com", Role::Developer);
    ASSERT_TRUE(invited.ok());
    EXPECT_NE(invited->link.find(invited->token), std::string::npos);
    EXPECT_EQ(invited->text.find(invited->token), std::string::npos);
    EXPECT_EQ(code_of(invite(owner.tokens, "bob@example.com", Role::Viewer)), ErrorCode::ALREADY_EXISTS);
    EXPECT_EQ(code_of(accept(invited->token, nullptr, "")), ErrorCode::MISSING_PARAMETER);
    EXPECT_EQ(code_of(accept(invited->token, nullptr, "short")), ErrorCode::WEAK_PASSWORD);
    const auto joined = accept(invited->token);
    ASSERT_TRUE(joined.ok());
    EXPECT_EQ(joined->membership.role, Role::Developer);
    EXPECT_EQ(code_of(accept(invited->token)), ErrorCode::INVALID_CODE);
    EXPECT_EQ(code_of(invite(owner.tokens, "bob@example.com", Role::Viewer)), ErrorCode::ALREADY_EXISTS);
    const Principal bob = of(sign_in("bob@example.com").tokens);
    EXPECT_EQ(bob.workspace, workspace);
    EXPECT_EQ(bob.scopes, scopes_of(Role::Developer));
}

TEST_F(Teams, AnInvitationIsForItsEmailAlone) {
    const SignedIn bob = member(of(owner.tokens), "bob@example.com", Role::Viewer);
    const std::string other =
        loop.wait(identity->workspaces.create(owner.user.id, "Other", {}))->operations.front().id;
    const Principal in_other = *who(owner.tokens, other);
    const auto invited =
        loop.wait(identity->invitations.create(in_other, {"bob@example.com", Role::Admin, {}}));
    ASSERT_TRUE(invited.ok());
    EXPECT_EQ(code_of(accept(invited->token)), ErrorCode::UNAUTHENTICATED) << "he has an account";
    EXPECT_EQ(code_of(accept(invited->token, &in_other)), ErrorCode::FORBIDDEN);
    const Principal as_bob = of(bob.tokens);
    ASSERT_TRUE(accept(invited->token, &as_bob).ok());
    EXPECT_EQ(who(bob.tokens, other)->role, Role::Admin);
    EXPECT_EQ(who(bob.tokens)->role, Role::Viewer);
}

TEST_F(Teams, ARevokedOrExpiredInvitationIsWorthNothing) {
    const auto revoked = invite(owner.tokens, "bob@example.com", Role::Viewer);
    ASSERT_TRUE(loop.wait(identity->invitations.revoke(of(owner.tokens), revoked->id)).ok());
    EXPECT_EQ(code_of(accept(revoked->token)), ErrorCode::INVALID_CODE);
    EXPECT_EQ(code_of(loop.wait(identity->invitations.revoke(of(owner.tokens), revoked->id))),
              ErrorCode::INVITATION_NOT_FOUND);
    IdentitySettings settings = cheap();
    settings.invitation_ms = 1;
    open(settings);
    const auto expired = invite(owner.tokens, "bob@example.com", Role::Viewer);
    ASSERT_TRUE(expired.ok()) << "the revoked one is in nobody's way";
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(code_of(accept(expired->token)), ErrorCode::INVALID_CODE);
    EXPECT_TRUE(invite(owner.tokens, "bob@example.com", Role::Viewer).ok());
}

TEST_F(Teams, NobodyGivesMoreThanHeHas) {
    const SignedIn admin = member(of(owner.tokens), "admin@example.com", Role::Admin);
    const SignedIn viewer = member(of(admin.tokens), "viewer@example.com", Role::Viewer);
    EXPECT_EQ(code_of(invite(admin.tokens, "eve@example.com", Role::Owner)), ErrorCode::FORBIDDEN);
    EXPECT_EQ(code_of(change(admin.tokens, viewer.user.id, Role::Owner)), ErrorCode::FORBIDDEN);
    EXPECT_EQ(code_of(change(admin.tokens, owner.user.id, Role::Viewer)), ErrorCode::FORBIDDEN);
    EXPECT_EQ(code_of(remove(admin.tokens, owner.user.id)), ErrorCode::FORBIDDEN);
    EXPECT_TRUE(change(admin.tokens, viewer.user.id, Role::Developer).ok());
    EXPECT_EQ(who(viewer.tokens)->scopes, scopes_of(Role::Developer)) << "at once";
    const Principal before = of(admin.tokens);
    ASSERT_TRUE(change(owner.tokens, admin.user.id, Role::Viewer).ok());
    const auto late =
        loop.wait(identity->members.change_role(before, member_id(viewer.user.id), Role::Admin));
    EXPECT_EQ(code_of(late), ErrorCode::FORBIDDEN) << "his role changed while he asked";
    Principal narrow;
    narrow.id = "key_1";
    narrow.workspace = workspace;
    narrow.scopes = {Scope::TeamManage, Scope::DatabaseRead};
    EXPECT_EQ(code_of(loop.wait(identity->invitations.create(narrow, {"x@example.com", Role::Viewer, {}}))),
              ErrorCode::FORBIDDEN);
}

TEST_F(Teams, TheLastOwnerStays) {
    const SignedIn bob = member(of(owner.tokens), "bob@example.com", Role::Developer);
    EXPECT_EQ(code_of(change(owner.tokens, owner.user.id, Role::Admin)), ErrorCode::LAST_OWNER);
    EXPECT_EQ(code_of(remove(owner.tokens, owner.user.id)), ErrorCode::LAST_OWNER);
    EXPECT_EQ(code_of(loop.wait(identity->members.leave(owner.user.id, workspace))), ErrorCode::LAST_OWNER);
    ASSERT_TRUE(change(owner.tokens, bob.user.id, Role::Owner).ok());
    EXPECT_TRUE(loop.wait(identity->members.leave(owner.user.id, workspace)).ok());
    ASSERT_TRUE(who(owner.tokens));
    EXPECT_EQ(who(owner.tokens)->workspace, "");
    EXPECT_EQ(who(owner.tokens)->scopes, ScopeSet());
    EXPECT_EQ(code_of(loop.wait(identity->members.leave(bob.user.id, workspace))), ErrorCode::LAST_OWNER);
    EXPECT_EQ(code_of(loop.wait(identity->members.leave(owner.user.id, workspace))),
              ErrorCode::WORKSPACE_NOT_FOUND);
}

TEST_F(Teams, OfTwoOwnersWhoLeaveAtOnceOneStays) {
    for (int round = 0; round < 20; ++round) {
        const std::string name = "owner" + std::to_string(round) + "@example.com";
        const SignedIn second = member(of(owner.tokens), name, Role::Owner);
        auto first_leaves = identity->members.leave(owner.user.id, workspace);
        auto second_leaves = identity->members.leave(second.user.id, workspace);
        const bool first_left = loop.wait(std::move(first_leaves)).ok();
        const bool second_left = loop.wait(std::move(second_leaves)).ok();
        ASSERT_NE(first_left, second_left);
        if (first_left) owner = second;
    }
}

TEST_F(Teams, WorkspacesShareNothing) {
    const SignedIn bob = member(of(owner.tokens), "bob@example.com", Role::Viewer);
    const std::string text =
        Workspaces::text_of_created(*loop.wait(identity->workspaces.create(bob.user.id, "Bob's", {})));
    const std::string other = json::View(text).find("id")->as_string();
    EXPECT_EQ(who(bob.tokens, other)->role, Role::Owner);
    EXPECT_FALSE(who(owner.tokens, other));
    const Principal stranger = of(owner.tokens);
    EXPECT_EQ(code_of(loop.wait(identity->workspaces.get(stranger, other))), ErrorCode::WORKSPACE_NOT_FOUND);
    EXPECT_EQ(code_of(loop.wait(identity->workspaces.get(stranger, "ws_none"))),
              ErrorCode::WORKSPACE_NOT_FOUND);
    EXPECT_EQ(code_of(loop.wait(identity->workspaces.change(stranger, other, {}))),
              ErrorCode::WORKSPACE_NOT_FOUND);
    EXPECT_EQ(code_of(loop.wait(identity->sessions.choose(stranger.id, stranger.session, other))),
              ErrorCode::WORKSPACE_NOT_FOUND);
    const std::string foreign = member_id(owner.user.id);
    EXPECT_EQ(code_of(loop.wait(identity->members.get(other, foreign))), ErrorCode::MEMBER_NOT_FOUND);
    EXPECT_EQ(code_of(loop.wait(identity->members.remove(*who(bob.tokens, other), foreign))),
              ErrorCode::MEMBER_NOT_FOUND);
    storage::ListQuery query;
    query.filter = R"({"workspace":")" + workspace + R"("})";
    EXPECT_EQ(loop.wait(identity->members.list(other, query))->rows, "[]");
    ASSERT_TRUE(loop.wait(identity->sessions.choose(bob.user.id, bob.tokens.session, other)).ok());
    EXPECT_EQ(who(bob.tokens)->workspace, other);
}

TEST_F(Teams, ADeletedWorkspaceIsClosedAtOnce) {
    const SignedIn bob = member(of(owner.tokens), "bob@example.com", Role::Admin);
    const auto invited = invite(owner.tokens, "eve@example.com", Role::Viewer);
    ASSERT_TRUE(loop.wait(keys.ensure_admin_key(workspace, {})).ok());
    EXPECT_EQ(keys.count(), 1U);
    const auto deletion = [&](const Tokens& by, const std::string& name) {
        return loop.wait(identity->workspaces.begin_deletion(of(by), workspace, name));
    };
    EXPECT_EQ(code_of(deletion(owner.tokens, "Default")), ErrorCode::INVALID_PARAMETER);
    ASSERT_TRUE(deletion(owner.tokens, "default").ok());
    EXPECT_EQ(who(owner.tokens)->workspace, "");
    EXPECT_EQ(who(bob.tokens)->workspace, "");
    EXPECT_EQ(keys.count(), 0U);
    EXPECT_EQ(code_of(accept(invited->token)), ErrorCode::INVALID_CODE);
    EXPECT_EQ(loop.wait(identity->workspaces.deleting())->size(), 1U);
    open();
    EXPECT_EQ(who(bob.tokens)->workspace, "") << "also after a restart that comes between";
    ASSERT_TRUE(loop.wait(identity->workspaces.remove_records(workspace, {}, "job_1")).ok());
    ASSERT_TRUE(loop.wait(identity->workspaces.finish_deletion(workspace)).ok());
    ASSERT_TRUE(loop.wait(identity->workspaces.finish_deletion(workspace)).ok());
    EXPECT_EQ(loop.wait(identity->workspaces.deleting())->size(), 0U);
    EXPECT_EQ(member_id(bob.user.id), "");
    EXPECT_NE(*loop.wait(open_system(engine)), workspace) << "a new server's workspace, not somebody else's";
}

TEST_F(Teams, AResetSetsANewPasswordAndEndsTheSessions) {
    ASSERT_TRUE(loop.wait(identity->password_reset.request("owner@example.com", "127.0.0.1")).ok());
    ASSERT_TRUE(loop.wait(identity->password_reset.request("nobody@example.com", "127.0.0.1")).ok());
    SystemRecords records(engine);
    EXPECT_EQ(loop.wait(records.all(password_resets_collection, "{}"))->size(), 2U) << "both cost the same";
    EXPECT_EQ(loop.wait(records.all(outbox_collection, "{}"))->size(), 2U);
    const std::string code = "cvp_" + std::string(44, 'a');
    const std::string record = reset_record(owner.user.id, code, INT64_C(4'000'000'000'000));
    storage::WriteBatch batch = system_batch();
    batch.operations.push_back(storage::InsertRecord{password_resets_collection, record});
    ASSERT_TRUE(loop.wait(records.write(batch)).ok());
    const auto confirm = [&](const std::string& with, const std::string& password) {
        return loop.wait(identity->password_reset.confirm(with, password, "127.0.0.1"));
    };
    EXPECT_EQ(code_of(confirm("cvp_nonsense", "another good one")), ErrorCode::INVALID_CODE);
    EXPECT_EQ(code_of(confirm("cvp_" + std::string(44, 'b'), "another good one")), ErrorCode::INVALID_CODE);
    EXPECT_EQ(code_of(confirm(code, "short")), ErrorCode::WEAK_PASSWORD);
    ASSERT_TRUE(confirm(code, "another good one").ok());
    EXPECT_EQ(code_of(confirm(code, "another good one")), ErrorCode::INVALID_CODE);
    EXPECT_FALSE(who(owner.tokens));
    EXPECT_TRUE(try_sign_in("owner@example.com", "another good one").ok());
}

}  // namespace
}  // namespace credvault::access
