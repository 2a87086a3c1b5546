#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>

namespace credvault::http {
namespace {

// A BIO on our Socket: OpenSSL's own would write without MSG_NOSIGNAL and not tell the socket that it would block.

Socket& socket_of(BIO* bio) { return *static_cast<Socket*>(BIO_get_data(bio)); }

int socket_read(BIO* bio, char* data, std::size_t size, std::size_t* bytes) {
    BIO_clear_retry_flags(bio);
    const IoResult result = socket_of(bio).receive(data, size);
    *bytes = result.bytes;
    if (result.state == IoState::WantRead) BIO_set_retry_read(bio);
    return result.state == IoState::Done ? 1 : 0;
}

int socket_write(BIO* bio, const char* data, std::size_t size, std::size_t* bytes) {
    BIO_clear_retry_flags(bio);
    const IoResult result = socket_of(bio).send({data, size}, {});
    *bytes = result.bytes;
    if (result.state == IoState::WantWrite) BIO_set_retry_write(bio);
    return result.state == IoState::Done ? 1 : 0;
}

long socket_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* socket_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "credvault socket");
        BIO_meth_set_read_ex(made, socket_read);
        BIO_meth_set_write_ex(made, socket_write);
        BIO_meth_set_ctrl(made, socket_control);
        return made;
    }();
    return method;
}

int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    const int found = SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, offered, offered_size);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Error unreadable(std::string_view what, const std::string& file) {
    char text[256] = "unknown";
    ERR_error_string_n(ERR_peek_last_error(), text, sizeof text);
    ERR_clear_error();
    return Error(ErrorCode::INVALID_PARAMETER,
                 "The TLS " + std::string(what) + " '" + file +
                     "' can't be used: it must be a readable PEM file, " +
                     "and key and certificate must belong together",
                 "tls", text);
}

}  // namespace

TlsSession::TlsSession(ssl_ctx_st& context) : ssl_(SSL_new(&context)) {}

TlsSession::~TlsSession() { SSL_free(ssl_); }

void TlsSession::attach(Socket& socket) {
    BIO* bio = BIO_new(socket_method());
    BIO_set_data(bio, &socket);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_, bio, bio);
    SSL_set_accept_state(ssl_);
}

IoResult TlsSession::outcome(int returned) {
    switch (SSL_get_error(ssl_, returned)) {
        case SSL_ERROR_WANT_READ: return {IoState::WantRead, 0};
        case SSL_ERROR_WANT_WRITE: return {IoState::WantWrite, 0};
        default: broken_ = true; return {IoState::Closed, 0};
    }
}

IoResult TlsSession::handshake() {
    ERR_clear_error();
    const int returned = SSL_do_handshake(ssl_);
    return returned == 1 ? IoResult{} : outcome(returned);
}

IoResult TlsSession::receive(char* data, std::size_t size) {
    ERR_clear_error();
    const int returned = SSL_read(ssl_, data, static_cast<int>(std::min<std::size_t>(size, INT_MAX)));
    if (returned <= 0) return outcome(returned);
    return {IoState::Done, static_cast<std::size_t>(returned)};
}

IoResult TlsSession::send(std::string_view data) {
    if (data.empty()) return {};
    ERR_clear_error();
    const int returned =
        SSL_write(ssl_, data.data(), static_cast<int>(std::min<std::size_t>(data.size(), INT_MAX)));
    if (returned <= 0) return outcome(returned);
    return {IoState::Done, static_cast<std::size_t>(returned)};
}

void TlsSession::close_notify() {
    if (broken_ || !SSL_is_init_finished(ssl_)) return;
    ERR_clear_error();
    SSL_shutdown(ssl_);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
    std::shared_ptr<const TlsContext> loaded(new TlsContext(SSL_CTX_new(TLS_server_method())));
    SSL_CTX* context = loaded->context_;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(context,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate_chain.c_str()) != 1) {
        return unreadable("certificate", files.certificate_chain);
    }
    if (SSL_CTX_use_PrivateKey_file(context, files.private_key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return unreadable("private key", files.private_key);
    }
    return loaded;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

std::unique_ptr<TlsSession> TlsContext::new_session() const {
    return std::make_unique<TlsSession>(*context_);
}

}  // namespace credvault::http
