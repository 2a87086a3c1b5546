// URLs as they are given: what is none, what hides an address, and how odd spellings of addresses are read.
#include "outgoing/url.h"

#include <gtest/gtest.h>

namespace credvault::outgoing {
namespace {

std::string code_of(std::string_view text) {
    const Result<Url> url = checked_url(text, AddressGuard());
    return url.ok() ? "ok" : std::string(error_name(url.error().code));
}

TEST(Url, IsRead) {
    const Url url = parse_url("https://Example.com/a/b?c=d#e").value();
    EXPECT_EQ(url.text, "https://Example.com/a/b?c=d");
    EXPECT_EQ(url.host, "Example.com");
    EXPECT_EQ(url.port, 443);
    EXPECT_TRUE(url.secure);
    EXPECT_FALSE(url.address);
    EXPECT_EQ(parse_url("http://example.com:8080").value().port, 8080);
    EXPECT_EQ(parse_url("http://[2001:4860::1]/").value().host, "2001:4860::1");
}

TEST(Url, OthersAreNone) {
    for (const char* text :
         {"", "example.com", "//example.com", "ftp://example.com/", "file:///etc/passwd",
          "gopher://example.com/", "http://", "http:///path", "http://exa mple.com/",
          "http://example.com/\r\nHost: x", "http://ex\xc3\xa4mple.com/", "http://example.com:0/",
          "http://example.com:65536/", "http://example.com:x/", "http://[::1/", "http://[x]/",
          "http://example.com\\@127.0.0.1/", "javascript:alert(1)", "http:/example.com",
          // Hosts that become others on their way: decoded, mapped, read as a number after all.
          "http://%c3%a4mple.com/", "http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/", "http://127%E3%80%820.0.1/",
          "http://loc%C2%ADalhost/", "http://a%00b.com/", "http://a%0d%0ab.com/", "http://a%2fb.com/",
          "http://a%252eb.com/", "http://a%40127.0.0.1/", "http://127.0.0.1%2f.example.com/",
          "http://127.0.0.1%23.example.com/", "http://127.0.0.1%3a80/", "http://a|b.com/",
          "http://ex*mple.com/", "http://256.256.256.256/", "http://0x100000000/", "http://4294967297/",
          "http://127.0.0.08/", "http://0x7f.1./", "http://127.0.0.1../", "http://1.2.3.4.5/",
          "http://example.0x7f/", "http://../", "http://.example.com/", "http://example..com/",
          "http://[1.2.3.4]/", "http://[::1].example.com/", "http://[::ffff:127.0.0.1%25lo]/",
          "http://example.com:80:81/", "dict://127.0.0.1:11211/"}) {
        EXPECT_EQ(code_of(text), "INVALID_PARAMETER") << text;
    }
    EXPECT_EQ(code_of("http://example.com/" + std::string(max_url_bytes, 'a')), "INVALID_PARAMETER");
    const std::string longest = "http://example.com/" + std::string(max_url_bytes - 19, 'a');
    EXPECT_EQ(code_of(longest), "ok");
    EXPECT_EQ(code_of(longest + "a"), "INVALID_PARAMETER");
}

TEST(Url, HasNoCredentials) {
    for (const char* text :
         {"http://user:secret@example.com/", "http://user@example.com/", "http://@example.com/",
          "http://:@example.com/", "https://example.com@127.0.0.1/"}) {
        EXPECT_EQ(code_of(text), "INVALID_PARAMETER") << text;
    }
    EXPECT_EQ(code_of("http://example.com/@home?to=a@b"), "ok");
}

constexpr const char* inner_hosts[] = {"127.0.0.1",
                                       "127.1",
                                       "127.0.1",
                                       "2130706433",
                                       "0x7f000001",
                                       "0x7f.0.0.1",
                                       "0x7F.1",
                                       "0177.0.0.1",
                                       "017700000001",
                                       "0177.1",
                                       "127.0.0.1.",
                                       "10.0.0.1",
                                       "012.0.0.1",
                                       "0xa.0.0.1",
                                       "167772161",
                                       "0",
                                       "0.0.0.0",
                                       "00",
                                       "0x0",
                                       "169.254.169.254",
                                       "0xa9fea9fe",
                                       "2852039166",
                                       "0251.0376.0251.0376",
                                       "192.168.0.1",
                                       "192.168.1",
                                       "172.16.0.1",
                                       "100.64.0.1",
                                       "224.0.0.1",
                                       "255.255.255.255",
                                       "198.18.0.1",
                                       "192.0.0.1",
                                       "[::1]",
                                       "[0:0:0:0:0:0:0:1]",
                                       "[::]",
                                       "[::ffff:127.0.0.1]",
                                       "[::ffff:7f00:1]",
                                       "[::ffff:8.8.8.8]",
                                       "[0:0:0:0:0:ffff:808:808]",
                                       "[::127.0.0.1]",
                                       "[64:ff9b::127.0.0.1]",
                                       "[64:ff9b::8.8.8.8]",
                                       "[2002:7f00:1::]",
                                       "[2002:808:808::1]",
                                       "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
                                       "[fe80::1]",
                                       "[fc00::1]",
                                       "[fd00::1]",
                                       "[ff02::1]",
                                       "localhost",
                                       "LOCALHOST",
                                       "localhost.",
                                       "api.localhost",
                                       "127.0.0.0x1",
                                       "loc%61lhost",
                                       "127.0.0.1#@example.com",
                                       "127.0.0.1?@example.com",
                                       "%31%32%37.0.0.1"};

TEST(Url, AddressesInAnySpelling) {
    for (const char* host : inner_hosts) {
        const std::string text = "http://" + std::string(host) + "/";
        EXPECT_EQ(code_of(text), "ADDRESS_NOT_ALLOWED") << text;
    }
    EXPECT_EQ(code_of("http://[fe80::1%25eth0]/"), "INVALID_PARAMETER");
    for (const char* host :
         {"8.8.8.8", "134744072", "0x08080808", "010.8.8.8", "[2001:4860:4860::8888]", "example.com",
          "localhost.example.com", "127.0.0.1.example.com", "notlocalhost", "example.com.", "xn--n3h.com",
          "a_b.example.com", "1.2.3.4.example", "example.com?@127.0.0.1", "3com.example"}) {
        const std::string text = "http://" + std::string(host) + "/";
        EXPECT_EQ(code_of(text), "ok") << text;
    }
}

TEST(Url, ASpellingIsCalledAsItWasChecked) {
    EXPECT_EQ(parse_url("http://0x08080808/x").value().text, "http://8.8.8.8/x");
    EXPECT_EQ(parse_url("http://134744072/").value().host, "8.8.8.8");
}

}  // namespace
}  // namespace credvault::outgoing
