#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "access/mail/message.h"
#include "access/server_key.h"

namespace credvault::access {
namespace {

TEST(Message, IsWellFormed) {
    const Mail mail{"ada@example.com", "Hello", "A line.\nÄnother one.\n"};
    EXPECT_EQ(message_text(mail, "vault@example.org", "mail_1", 1'700'000'000'000),
              "From: CredVault <vault@example.org>\r\nTo: <ada@example.com>\r\nSubject: Hello\r\n"
              "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nMessage-ID: <mail_1@example.org>\r\n"
              "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
              "QSBsaW5lLgrDhG5vdGhlciBvbmUuCg==\r\n");
}

TEST(Message, ASubjectCantAddFields) {
    const Mail mail{"ada@example.com", "Hi\r\nBcc: eve@example.com", ""};
    EXPECT_NE(message_text(mail, "v@example.org", "m", 0).find("Subject: Hi  Bcc: eve@example.com\r\n"),
              std::string::npos);
    const Mail far{"ada@example.com", std::string(100, 'x') + "ä", ""};
    const std::string text = message_text(far, "v@example.org", "m", 0);
    std::size_t line = 0;
    for (std::size_t end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n", line)) {
        EXPECT_LE(end - line, 100U);
        line = end + 2;
    }
}

TEST(Message, IsKeptAndReadBack) {
    const Mail mail{"a@example.com", "\"quoted\"", "two\nlines"};
    const auto back = mail_of(kept_text(mail));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->to, mail.to);
    EXPECT_EQ(back->subject, mail.subject);
    EXPECT_EQ(back->text, mail.text);
    EXPECT_FALSE(mail_of("{}"));
    EXPECT_FALSE(mail_of("nonsense"));
}

class KeyFile : public testing::Test {
protected:
    KeyFile() {
        std::filesystem::remove_all(directory);
        std::filesystem::create_directories(directory);
    }
    ~KeyFile() override { std::filesystem::remove_all(directory); }
    const std::string directory = testing::TempDir() + "cv_key_" + std::to_string(::getpid()) + "_" +
                                  testing::UnitTest::GetInstance()->current_test_info()->name();
    const std::string path = directory + "/server.key";
};

TEST_F(KeyFile, IsMadeOnceAndOnlyItsUserReadsIt) {
    const auto first = ServerKey::open(path);
    ASSERT_TRUE(first.ok());
    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600U);
    const auto second = ServerKey::open(path);
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(second->unseal(first->seal("secret", "user"), "user"), "secret");
}

TEST_F(KeyFile, IsRefusedWhereOthersReadItOrItHoldsNoKey) {
    ASSERT_TRUE(ServerKey::open(path).ok());
    ::chmod(path.c_str(), 0640);
    EXPECT_FALSE(ServerKey::open(path).ok());
    ::chmod(path.c_str(), 0600);
    std::ofstream(path) << "not a key\n";
    EXPECT_FALSE(ServerKey::open(path).ok());
    EXPECT_FALSE(ServerKey::open(directory + "/none/server.key").ok());
}

TEST(Seal, OpensOnlyWithItsKeyForItsPurpose) {
    const ServerKey key = ServerKey::of_this_process(), other = ServerKey::of_this_process();
    const std::string sealed = key.seal("secret", "totp/usr_1");
    EXPECT_EQ(sealed.find("secret"), std::string::npos);
    EXPECT_NE(key.seal("secret", "totp/usr_1"), sealed);
    EXPECT_EQ(key.unseal(sealed, "totp/usr_1"), "secret");
    EXPECT_EQ(key.unseal(sealed, "totp/usr_2"), std::nullopt);
    EXPECT_EQ(other.unseal(sealed, "totp/usr_1"), std::nullopt);
    std::string changed = sealed;
    changed.back() = changed.back() == '0' ? '1' : '0';
    EXPECT_EQ(key.unseal(changed, "totp/usr_1"), std::nullopt);
    for (const char* text : {"", "00", "zz", "0"}) EXPECT_EQ(key.unseal(text, "totp/usr_1"), std::nullopt);
    EXPECT_EQ(key.unseal(key.seal("", ""), ""), "");
}

}  // namespace
}  // namespace credvault::access
