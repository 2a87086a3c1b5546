#include "api/call.h"

#include <sodium.h>

#include "api/operation.h"

namespace credvault::api {
namespace {

const access::Principal nobody{};

}  // namespace

void Call::begin(Services& services, http::Request& request) {
    services_ = &services;
    http_ = &request;
    started_ns = request.started_ns;
    if (const auto sent = request.field("X-Request-Id"); !sent || !id_.accept(*sent)) id_.generate();
}

void Call::end() {
    request_.reset();
    context_.reset();
    route = {};
    limits = {};
    principal.reset();
    subject = {};
    audited = false;
    media_type.clear();
    if (body.capacity() > 64 * 1024) body = {};
    body.clear();
    scratch.clear();
}

Context& Call::context() {
    if (!context_) {
        context_.emplace(Context{*services_, *http_, route.endpoint->info(), principal ? *principal : nobody,
                                 request_id(), body, scratch, subject});
    }
    return *context_;
}

std::string Context::fingerprint() const {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, 16);
    const auto add = [&](std::string_view text) {
        const std::uint64_t size = text.size();
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    };
    add(http::method_name(http.method));
    add(http.target);
    add(body);
    std::string digest(16, '\0');
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
    return digest;
}

}  // namespace credvault::api
