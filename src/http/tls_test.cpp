// HTTPS: handshake, versions, ALPN, reload, and clients that misbehave below HTTP. Certificates are made on the spot.
#include "http/tls.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>

#include "http/loopback_fixture.h"

namespace credvault::http {
namespace {

/// A directory with a self-signed certificate, removed at the end.
class Certificate {
public:
    explicit Certificate(const std::string& name) {
        char pattern[] = "/tmp/credvault-tls-XXXXXX";
        directory_ = ::mkdtemp(pattern);
        write(name);
    }
    ~Certificate() { std::filesystem::remove_all(directory_); }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    TlsFiles files() const { return {directory_ + "/chain.pem", directory_ + "/key.pem"}; }
    /// Replaces key and certificate by new ones for this name.
    void write(const std::string& name) const {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* certificate = X509_new();
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        X509_NAME* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(certificate, subject);
        X509_sign(certificate, key, EVP_sha256());
        FILE* chain = std::fopen(files().certificate_chain.c_str(), "w");
        PEM_write_X509(chain, certificate);
        std::fclose(chain);
        FILE* secret = std::fopen(files().private_key.c_str(), "w");
        PEM_write_PrivateKey(secret, key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(secret);
        X509_free(certificate);
        EVP_PKEY_free(key);
    }

private:
    std::string directory_;
};

class TlsClient {
public:
    explicit TlsClient(std::uint16_t port, int max_version = TLS1_3_VERSION, std::string_view protocol = "")
        : socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_, max_version);
        SSL_CTX_set_security_level(context_, 0);
        ssl_ = SSL_new(context_);
        if (!protocol.empty()) {
            const std::string list = static_cast<char>(protocol.size()) + std::string(protocol);
            SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(list.data()),
                                static_cast<unsigned>(list.size()));
        }
        SSL_set_fd(ssl_, socket_.descriptor());
        connected_ = SSL_connect(ssl_) == 1;
    }
    ~TlsClient() {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
    }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool connected() const { return connected_; }
    std::string version() const { return SSL_get_version(ssl_); }
    std::string protocol() const {
        const unsigned char* text = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl_, &text, &size);
        return {reinterpret_cast<const char*>(text), size};
    }
    std::string peer_name() const {
        char name[256] = "";
        X509* certificate = SSL_get1_peer_certificate(ssl_);
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
        X509_free(certificate);
        return name;
    }
    bool send(std::string_view text) {
        return SSL_write(ssl_, text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size());
    }
    /// Reads until so many bytes have come, or the end.
    std::string read(std::size_t size) {
        std::string text;
        char bytes[16384];
        while (text.size() < size) {
            const int got =
                SSL_read(ssl_, bytes, static_cast<int>(std::min(sizeof bytes, size - text.size())));
            if (got <= 0) break;
            text.append(bytes, static_cast<std::size_t>(got));
        }
        return text;
    }
    /// A whole response with Content-Length; its body.
    std::string body() {
        std::string head;
        while (!head.ends_with("\r\n\r\n")) {
            const std::string byte = read(1);
            if (byte.empty()) return "no head";
            head += byte;
        }
        const std::size_t at = head.find("Content-Length: ");
        return at == std::string::npos ? "no length" : read(std::stoul(head.substr(at + 16)));
    }
    /// Reads to the end; whether it came with TLS's own notification, which nobody else could send.
    bool notified() {
        read(SIZE_MAX);
        return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
    }
    std::string ask(std::string_view text) { return send(text) ? body() : "not sent"; }
    RawClient& socket() { return socket_; }

private:
    RawClient socket_;
    SSL_CTX* context_;
    SSL* ssl_ = nullptr;
    bool connected_ = false;
};

ServerOptions with_tls(const Certificate& certificate) {
    ServerOptions options;
    options.tls = certificate.files();
    return options;
}

TEST(Tls, ServesRequests) {
    const Certificate certificate("first");
    LoopbackServer server(describe, with_tls(certificate));
    ASSERT_TRUE(server.started.ok()) << server.started.error().message;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClient client(server.port(), version, "http/1.1");
        ASSERT_TRUE(client.connected());
        EXPECT_EQ(client.version(), version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
        EXPECT_EQ(client.protocol(), "http/1.1");
        EXPECT_EQ(client.ask(get("/a")), "GET /a ");
        EXPECT_TRUE(client.send(get("/b") + post("/c", "x") + get("/d")));
        EXPECT_EQ(client.body(), "GET /b ");
        EXPECT_EQ(client.body(), "POST /c x");
        EXPECT_EQ(client.body(), "GET /d ");
    }
}

TEST(Tls, MarksRequestsAsSecure) {
    const Certificate certificate("first");
    LoopbackServer server(
        [](Request& request) -> Reply<Response> {
            return text_response(request.secure ? "secure" : "plain");
        },
        with_tls(certificate));
    EXPECT_EQ(TlsClient(server.port()).ask(get("/")), "secure");
}

TEST(Tls, CarriesLargeBodiesBothWays) {
    const Certificate certificate("first");
    LoopbackServer server(
        [](Request& request) -> Reply<Response> {
            auto body = co_await request.body(8'000'000);
            if (!body.ok()) co_return std::move(body).error();
            co_return text_response(std::string(*body));
        },
        with_tls(certificate));
    TlsClient client(server.port());
    std::string large;
    for (int i = 0; large.size() < 3'000'000; ++i) large += std::to_string(i);
    EXPECT_TRUE(client.ask(post("/", large)) == large);
    EXPECT_TRUE(client.ask(post("/", large)) == large);
    EXPECT_EQ(client.ask(post("/", "small")), "small");
}

TEST(Tls, RefusesOldVersionsAndOtherProtocols) {
    const Certificate certificate("first");
    LoopbackServer server(describe, with_tls(certificate));
    EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION).connected());
    EXPECT_FALSE(TlsClient(server.port(), TLS1_3_VERSION, "h2").connected());
    EXPECT_TRUE(TlsClient(server.port()).connected());
}

TEST(Tls, ReloadsTheCertificateForNewConnections) {
    const Certificate certificate("first");
    LoopbackServer server(describe, with_tls(certificate));
    TlsClient before(server.port());
    EXPECT_EQ(before.peer_name(), "first");
    certificate.write("second");
    ASSERT_TRUE(server.server().reload_tls().ok());
    TlsClient after(server.port());
    EXPECT_EQ(after.peer_name(), "second");
    EXPECT_EQ(before.ask(get("/old")), "GET /old ");
    EXPECT_EQ(after.ask(get("/new")), "GET /new ");
}

TEST(Tls, KeepsWhatItHasWhereReloadingFails) {
    const Certificate certificate("first");
    LoopbackServer server(describe, with_tls(certificate));
    std::filesystem::remove(certificate.files().private_key);
    const Status reloaded = server.server().reload_tls();
    ASSERT_FALSE(reloaded.ok());
    EXPECT_NE(reloaded.error().message.find("key.pem"), std::string::npos);
    EXPECT_EQ(TlsClient(server.port()).ask(get("/")), "GET / ");
}

TEST(Tls, DoesNotStartWithoutAMatchingKey) {
    const Certificate certificate("first");
    const Certificate other("other");
    TlsFiles files = certificate.files();
    files.private_key = other.files().private_key;
    EXPECT_FALSE(TlsContext::load(files).ok());
    files.certificate_chain = "/nowhere/chain.pem";
    EXPECT_FALSE(TlsContext::load(files).ok());
    ServerOptions options;
    options.tls = files;
    LoopbackServer server(describe, options);
    EXPECT_FALSE(server.started.ok());
}

TEST(Tls, TheHandshakeHasADeadline) {
    const Certificate certificate("first");
    ServerOptions options = with_tls(certificate);
    options.limits.header_ms = 100;
    LoopbackServer server(describe, options);
    RawClient silent = server.connect();
    RawClient half = server.connect();
    half.send("\x16\x03\x01");
    EXPECT_TRUE(silent.closed());
    EXPECT_TRUE(half.closed());
}

TEST(Tls, SurvivesWhatIsNoHandshake) {
    const Certificate certificate("first");
    LoopbackServer server(describe, with_tls(certificate));
    RawClient plain = server.connect();
    plain.send(get("/"));
    EXPECT_TRUE(plain.closed());
    TlsClient broken(server.port());
    broken.socket().send("this is no record");
    EXPECT_TRUE(eventually([&] { return server.server().stats().open == 0; }));
    EXPECT_EQ(TlsClient(server.port()).ask(get("/")), "GET / ");
}

TEST(Tls, ClosesWithANotification) {
    const Certificate certificate("first");
    ServerOptions options = with_tls(certificate);
    options.limits.idle_ms = 100;
    LoopbackServer server(describe, options);
    TlsClient asked(server.port());
    EXPECT_EQ(asked.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), "GET / ");
    EXPECT_TRUE(asked.notified());
    TlsClient idle(server.port());
    EXPECT_EQ(idle.ask(get("/")), "GET / ");
    EXPECT_TRUE(idle.notified());
}

}  // namespace
}  // namespace credvault::http
