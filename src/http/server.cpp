#include "http/server.h"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/scheduling.h"
#include "http/address.h"
#include "http/io_thread.h"
#include "http/listener.h"
#include "http/memory_budget.h"
#include "http/tls.h"

namespace credvault::http {

/// The threads and what they share.
class Server::Impl {
public:
    Impl(ServerOptions options, Handler& handler)
        : options_(std::move(options)),
          handler_(handler),
          limiter_(options_.limits.connections, options_.limits.connections_per_address),
          body_memory_(options_.limits.body_memory_bytes) {}
    ~Impl();

    Status start();
    void stop();
    Status reload_tls();
    std::uint16_t port() const { return port_; }
    ServerStats stats() const;

private:
    struct Worker {
        std::unique_ptr<IoThread> io;
        std::unique_ptr<Listener> listener;
        std::thread thread;
    };

    Status listen();
    void run(unsigned index);
    std::shared_ptr<const TlsContext> tls() const;

    const ServerOptions options_;
    Handler& handler_;
    ConnectionLimiter limiter_;
    MemoryBudget body_memory_;
    std::vector<Worker> workers_;
    std::uint16_t port_ = 0;
    bool stopped_ = true;
    mutable std::mutex tls_mutex_;
    std::shared_ptr<const TlsContext> tls_;
};

std::shared_ptr<const TlsContext> Server::Impl::tls() const {
    const std::lock_guard lock(tls_mutex_);
    return tls_;
}

Status Server::Impl::reload_tls() {
    if (options_.tls.certificate_chain.empty()) return {};
    TRY(auto loaded, TlsContext::load(options_.tls));
    const std::lock_guard lock(tls_mutex_);
    tls_ = std::move(loaded);
    return {};
}

Status Server::Impl::start() {
    TRY_VOID(reload_tls());
    const unsigned wanted = options_.threads > 0 ? options_.threads : std::thread::hardware_concurrency();
    workers_.resize(std::max(1U, wanted));
    for (Worker& worker : workers_) {
        worker.io = std::make_unique<IoThread>(options_.limits, body_memory_, handler_);
        worker.listener = std::make_unique<Listener>(*worker.io, limiter_, [this] { return tls(); });
    }
    if (Status listening = listen(); !listening.ok()) {
        workers_.clear();
        return listening;
    }
    stopped_ = false;
    for (unsigned i = 0; i < workers_.size(); ++i) {
        workers_[i].thread = std::thread([this, i] { run(i); });
    }
    return {};
}

Status Server::Impl::listen() {
    boost::system::error_code failed;
    const std::string& text = options_.address;
    const auto address = boost::asio::ip::make_address(text == "localhost" ? "127.0.0.1" : text, failed);
    if (failed) {
        return Error(ErrorCode::INVALID_PARAMETER, "'" + text + "' is not an IP address to listen on",
                     "address");
    }
    boost::asio::ip::tcp::endpoint endpoint(address, options_.port);
    {
        // Sharing the port is for our own threads: where another program listens already, this fails.
        Listener probe(*workers_.front().io, limiter_, nullptr);
        TRY_VOID(probe.open(endpoint, false));
        endpoint = probe.endpoint();
        probe.close();
    }
    for (Worker& worker : workers_) {
        TRY_VOID(worker.io->open());
        TRY_VOID(worker.listener->open(endpoint, true));
    }
    port_ = endpoint.port();
    return {};
}

void Server::Impl::run(unsigned index) {
    ::pthread_setname_np(::pthread_self(), ("http-" + std::to_string(index)).c_str());
    ask_for_short_slices();
    Worker& worker = workers_[index];
    worker.io->post([&] {
        if (options_.on_thread_start) options_.on_thread_start(index);
        worker.listener->start();
    });
    worker.io->run();
    if (options_.on_thread_stop) options_.on_thread_stop(index);
}

void Server::Impl::stop() {
    if (std::exchange(stopped_, true)) return;
    for (Worker& worker : workers_) {
        worker.io->post([&worker] {
            worker.listener->close();
            worker.io->begin_stop();
        });
    }
    for (Worker& worker : workers_) worker.thread.join();
}

Server::Impl::~Impl() {
    stop();
    for (Worker& worker : workers_) {
        worker.listener.reset();
        if (!worker.io->abandoned()) continue;
        // Their handlers may still answer, and the answers would come here.
        log::warning("http: requests were still being handled when the time to shut down was over");
        static_cast<void>(worker.io.release());
    }
}

ServerStats Server::Impl::stats() const {
    ServerStats sum;
    sum.body_memory = body_memory_.used();
    for (const Worker& worker : workers_) {
        const Counters& counters = worker.io->counters();
        sum.accepted += counters.accepted;
        sum.open += counters.open;
        sum.refused += counters.refused;
        sum.requests += counters.requests;
        sum.rejected += counters.rejected;
        sum.bytes_in += counters.bytes_in;
        sum.bytes_out += counters.bytes_out;
    }
    return sum;
}

Server::Server(ServerOptions options, Handler& handler)
    : impl_(std::make_unique<Impl>(std::move(options), handler)) {}

Server::~Server() = default;

Status Server::start() { return impl_->start(); }

void Server::stop() { impl_->stop(); }

Status Server::reload_tls() { return impl_->reload_tls(); }

std::uint16_t Server::port() const { return impl_->port(); }

ServerStats Server::stats() const { return impl_->stats(); }

}  // namespace credvault::http
