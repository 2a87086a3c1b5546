// The least a server can do: an epoll loop per thread that parses nothing and answers every read with a canned 300-byte
// body. What CredVault needs beyond this is its own. Usage: epoll_floor PORT [THREADS [REQUESTS]]; after so many
// requests, or on SIGTERM, it prints the CPU time a request took.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<std::uint64_t> answered{0};
std::atomic<bool> stop{false};

const std::string& canned() {
    static const std::string text =
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n"
        "Content-Length: 300\r\n\r\n" +
        std::string(300, 'x');
    return text;
}

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

int listen_on(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
    if (::listen(descriptor, 4096) != 0) fail("listen");
    return descriptor;
}

void watch(int set, int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    ::epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}

void accept_all(int set, int listener) {
    for (int peer; (peer = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
        const int on = 1;
        ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(set, peer);
    }
}

/// Returns whether the peer was answered.
bool answer(int peer) {
    std::array<char, 16 * 1024> request;
    if (::recv(peer, request.data(), request.size(), 0) <= 0) {
        ::close(peer);
        return false;
    }
    return ::send(peer, canned().data(), canned().size(), MSG_NOSIGNAL) > 0;
}

void serve(std::uint16_t port) {
    const int listener = listen_on(port);
    const int set = ::epoll_create1(0);
    watch(set, listener);
    std::array<epoll_event, 256> events;
    while (!stop) {
        const int ready = ::epoll_wait(set, events.data(), static_cast<int>(events.size()), 100);
        std::uint64_t served = 0;
        for (int i = 0; i < ready; ++i) {
            const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
            if (descriptor == listener) {
                accept_all(set, listener);
            } else {
                served += answer(descriptor) ? 1 : 0;
            }
        }
        answered += served;
    }
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + time.tv_usec / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int count, char** arguments) {
    const int port = count > 1 ? std::atoi(arguments[1]) : 0;
    const int threads = count > 2 ? std::atoi(arguments[2]) : 1;
    const std::uint64_t requests = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 0;
    if (port <= 0 || port > 65535 || threads <= 0) {
        std::fputs("usage: epoll_floor PORT [THREADS [REQUESTS]]\n", stderr);
        return 2;
    }
    std::signal(SIGTERM, [](int) { stop = true; });
    std::signal(SIGINT, [](int) { stop = true; });
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) workers.emplace_back(serve, static_cast<std::uint16_t>(port));
    while (!stop && (requests == 0 || answered < requests)) ::usleep(10'000);
    stop = true;
    for (std::thread& worker : workers) worker.join();
    const std::uint64_t total = answered;
    std::printf("%llu requests, %.3f us of CPU each\n", static_cast<unsigned long long>(total),
                total > 0 ? cpu_seconds() * 1e6 / static_cast<double>(total) : 0.0);
    return 0;
}
