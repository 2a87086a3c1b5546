#include "app/config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace credvault::app {
namespace {

TEST(ConfigTest, WhatIsPrintedReadsBackToTheSame) {
    const std::string printed = config_text({});
    const auto read = parse_config(printed, "printed");
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(config_text(*read), printed);
}

TEST(ConfigTest, ReadsEveryKindOfValue) {
    const auto read = parse_config(R"(
        [server]
        listen = "[::1]:9000"
        cors_origins = ["https://a.example", "https://b.example"]
        [limits]
        body_bytes = 2048
        [storage]
        secure_delete = true
        inline_rows = 7
    )",
                                   "test.toml");
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->listen, "[::1]:9000");
    EXPECT_EQ(read->pipeline.cors_origins.size(), 2U);
    EXPECT_EQ(read->limits.body_bytes, 2048U);
    EXPECT_TRUE(read->storage.secure_delete);
    EXPECT_EQ(read->storage.inline_rows, 7U);
    EXPECT_EQ(read->limits.header_fields, http::Limits().header_fields);
}

struct Wrong {
    const char* text;
    const char* says;
};

class WrongConfigs : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongConfigs, AreRefusedWithTheLine) {
    const auto read = parse_config(GetParam().text, "test.toml");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::INVALID_PARAMETER);
    EXPECT_NE(read.error().message.find(GetParam().says), std::string::npos) << read.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongConfigs,
    ::testing::Values(Wrong{"[server\n", "test.toml, line 1"},
                      Wrong{"\n[sever]\nlisten = \"x\"\n", "line 2: sever is no section"},
                      Wrong{"listen = \"x\"\n", "listen is no section"},
                      Wrong{"[server]\nlisen = \"x\"\n", "line 2: server.lisen is no key"},
                      Wrong{"[server]\nthreads = \"2\"\n",
                            "server.threads must be an integer from 0 to 1024"},
                      Wrong{"[server]\nthreads = 2000\n", "must be an integer from 0 to 1024"},
                      Wrong{"[log]\nlevel = \"loud\"\n", "must be one of \"debug\", \"info\""},
                      Wrong{"[api]\nservers = [\"eu.example.com\"]\n", "no origin"},
                      Wrong{"[api]\nservers = [\"https://eu.example.com/v1\"]\n", "no origin"},
                      Wrong{"[api]\nservers = [\"https://a; script-src *\"]\n", "no origin"},
                      Wrong{"[api]\nservers = [\"https://\"]\n", "no origin"},
                      Wrong{"[server]\ncors_origins = [1]\n", "must be an array of strings"},
                      Wrong{"[server]\ntrusted_proxies = [\"10.0.0.1/8\"]\n", "server.trusted_proxies"},
                      Wrong{"[server]\nforwarded_header = \"X-Real-IP\"\n", "server.forwarded_header"},
                      Wrong{"[storage]\nsecure_delete = 1\n", "must be true or false"},
                      Wrong{"[tiers.gold]\nrequests = 1\n", "tiers.gold is no key"},
                      Wrong{"[tiers]\nfree = 1\n", "tiers.free is no key"},
                      Wrong{"[tiers.free]\nrequest = 1\n", "tiers.free.request is no key"},
                      Wrong{"[tiers.free]\nburst = 0\n", "must be an integer from 1"},
                      Wrong{"[access]\ndefault_tier = \"gold\"\n", "must be one of \"free\""},
                      Wrong{"[tiers.pro]\nwindow_s = 1\nrequests = 2000000\n", "at most a million a second"},
                      Wrong{"[tls]\nprivate_key = \"k.pem\"\n", "needs both"}));

TEST(ConfigTest, TheDocumentNamesEveryKey) {
    std::ifstream file(CREDVAULT_SOURCE_DIR "/docs/configuration.md");
    ASSERT_TRUE(file) << "docs/configuration.md is missing";
    std::ostringstream text;
    text << file.rdbuf();
    Config config;
    for (const ConfigKey& key : config_keys(config)) {
        if (key.section.starts_with("tiers.")) continue;
        EXPECT_NE(text.str().find("`" + key.section + "." + key.name + "`"), std::string::npos)
            << "docs/configuration.md does not name " << key.section << "." << key.name;
    }
}

/// One row a key, with the figures of all tiers.
TEST(ConfigTest, TheDocumentHasEveryFigureOfEveryTier) {
    std::ifstream file(CREDVAULT_SOURCE_DIR "/docs/configuration.md");
    std::ostringstream text;
    text << file.rdbuf();
    Config config;
    std::map<std::string, std::string> rows;
    for (const ConfigKey& key : config_keys(config)) {
        if (!key.section.starts_with("tiers.")) continue;
        std::string& row = rows[key.name];
        if (row.empty()) row = "| `tiers.*." + key.name + "` |";
        row += " `" + std::to_string(*std::get<std::int64_t*>(key.target)) + "` |";
    }
    EXPECT_EQ(rows.size(), 19U);
    for (const auto& [name, row] : rows) EXPECT_NE(text.str().find(row), std::string::npos) << row;
}

TEST(ConfigTest, ReadsTiers) {
    const auto read = parse_config(R"(
        [access]
        default_tier = "free"
        [tiers.free]
        requests = 7
        workspace_scan_burst = 9
        [tiers.pro]
        records = 5
    )",
                                   "test.toml");
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->tiers.default_tier, "free");
    EXPECT_EQ(read->tiers.tiers[0].requests[0].requests, 7);
    EXPECT_EQ(read->tiers.tiers[0].requests[1].workspace_burst, 9);
    EXPECT_EQ(read->tiers.tiers[2].records, 5);
    EXPECT_EQ(read->tiers.tiers[0].window_s, 60);
}

TEST(AddressTest, HostsAndPorts) {
    EXPECT_EQ(parse_address("0.0.0.0:80", "x")->port, 80);
    EXPECT_EQ(parse_address("[::1]:8080", "x")->host, "::1");
    EXPECT_EQ(parse_address("localhost:0", "x")->host, "127.0.0.1");
    for (const char* bad :
         {"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "::1:80", "[]:80"}) {
        EXPECT_FALSE(parse_address(bad, "x").ok()) << bad;
    }
}

}  // namespace
}  // namespace credvault::app
