// cv_load: an open-loop load generator for one HTTP request template. It sends at a fixed rate whatever the answers do,
// so that a slow server shows as latency and not as a lower rate (wrk can't). One thread, epoll, loopback only.
//
//   cv_load --port P --rate R --seconds S --connections C [--header "Name: value"]… [--method M] [--body FILE] PATH…
//
// A path may hold %N with N a number: replaced by a random number in [0, N), seven digits wide. Prints one JSON line:
// {"sent":…,"answered":…,"errors":…,"p50_us":…,"p90_us":…,"p99_us":…,"max_us":…}. Latency counts from the moment at
// which the request was due.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "base/scheduling.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    int port = 0;
    double rate = 1000;
    double seconds = 5;
    int connections = 64;
    std::string method = "GET";
    std::string headers;
    std::string body;
    std::string path;
};

std::int64_t now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (!name.starts_with("--")) {
            options.path = name;
            continue;
        }
        if (++i == argc) fail("an option lacks its value");
        const std::string value = argv[i];
        if (name == "--port") options.port = std::atoi(value.c_str());
        if (name == "--rate") options.rate = std::atof(value.c_str());
        if (name == "--seconds") options.seconds = std::atof(value.c_str());
        if (name == "--connections") options.connections = std::atoi(value.c_str());
        if (name == "--method") options.method = value;
        if (name == "--header") options.headers += value + "\r\n";
        if (name == "--body") {
            std::ifstream file(value, std::ios::binary);
            options.body.assign(std::istreambuf_iterator<char>(file), {});
        }
    }
    return options;
}

/// One connection with the due times of the requests it has sent and not seen answered.
struct Connection {
    int fd = -1;
    std::string in;
    std::deque<std::int64_t> due;
};

class Load {
public:
    explicit Load(Options options) : options_(std::move(options)), random_(12345) {}

    void run() {
        epoll_ = ::epoll_create1(0);
        for (int i = 0; i < options_.connections; ++i) connect();
        const std::int64_t start = now_us();
        const std::int64_t end = start + static_cast<std::int64_t>(options_.seconds * 1e6);
        const double gap = 1e6 / options_.rate;
        const auto all = static_cast<std::uint64_t>(options_.rate * options_.seconds);
        while (now_us() < end || (answered_ + errors_ < sent_ && now_us() < end + 2'000'000)) {
            const std::int64_t now = std::min(now_us(), end);
            // The first one is due at once: sent a gap later, each would seem to have taken a gap longer.
            const auto wanted =
                std::min(static_cast<std::uint64_t>(static_cast<double>(now - start) / gap) + 1, all);
            while (sent_ < wanted) send(start + static_cast<std::int64_t>(static_cast<double>(sent_) * gap));
            poll();
        }
        report();
    }

private:
    void connect() {
        Connection connection;
        connection.fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            fail("connect");
        const int one = 1;
        ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = static_cast<std::uint32_t>(connections_.size());
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
        connections_.push_back(std::move(connection));
    }

    std::string request() {
        std::string path = options_.path;
        if (const auto at = path.find('%'); at != std::string::npos) {
            char* after = nullptr;
            const auto bound = std::strtoull(path.c_str() + at + 1, &after, 10);
            char digits[24];
            std::snprintf(digits, sizeof digits, "%07llu",
                          static_cast<unsigned long long>(random_() % bound));
            path = path.substr(0, at) + digits + after;
        }
        std::string text =
            options_.method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + options_.headers;
        if (!options_.body.empty())
            text += "Content-Length: " + std::to_string(options_.body.size()) + "\r\n";
        return text + "\r\n" + options_.body;
    }

    /// Takes the connection with the least to wait for among two random ones.
    void send(std::int64_t due) {
        Connection& a = connections_[random_() % connections_.size()];
        Connection& b = connections_[random_() % connections_.size()];
        Connection& chosen = a.due.size() <= b.due.size() ? a : b;
        const std::string text = request();
        ++sent_;
        if (::send(chosen.fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
            ++errors_;
            return;
        }
        chosen.due.push_back(due);
    }

    void poll() {
        epoll_event events[64];
        timespec wait{0, 200'000};
        const int ready = ::epoll_pwait2(epoll_, events, 64, &wait, nullptr);
        for (int i = 0; i < ready; ++i) receive(connections_[events[i].data.u32]);
    }

    void receive(Connection& connection) {
        char buffer[65536];
        const ssize_t got = ::recv(connection.fd, buffer, sizeof buffer, MSG_DONTWAIT);
        if (got <= 0) {
            errors_ += connection.due.size();
            connection.due.clear();
            ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.fd, nullptr);
            return;
        }
        connection.in.append(buffer, static_cast<std::size_t>(got));
        while (take_answer(connection)) {
        }
    }

    /// Answers carry a Content-Length here: the generator asks for no stream.
    bool take_answer(Connection& connection) {
        const auto head_end = connection.in.find("\r\n\r\n");
        if (head_end == std::string::npos || connection.due.empty()) return false;
        const auto at = connection.in.find("Content-Length: ");
        if (at == std::string::npos || at > head_end) fail("an answer without Content-Length");
        const auto length =
            static_cast<std::size_t>(std::strtoull(connection.in.c_str() + at + 16, nullptr, 10));
        if (connection.in.size() < head_end + 4 + length) return false;
        if (connection.in.compare(9, 1, "2") != 0)
            ++errors_;
        else
            ++answered_;
        latencies_.push_back(now_us() - connection.due.front());
        connection.due.pop_front();
        connection.in.erase(0, head_end + 4 + length);
        return true;
    }

    void report() {
        std::sort(latencies_.begin(), latencies_.end());
        const auto at = [&](double share) -> long long {
            if (latencies_.empty()) return -1;
            const auto i = static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1));
            return static_cast<long long>(latencies_[i]);
        };
        std::printf(
            "{\"sent\":%llu,\"answered\":%llu,\"errors\":%llu,\"p50_us\":%lld,\"p90_us\":%lld,"
            "\"p99_us\":%lld,\"max_us\":%lld}\n",
            static_cast<unsigned long long>(sent_), static_cast<unsigned long long>(answered_),
            static_cast<unsigned long long>(errors_), at(0.5), at(0.9), at(0.99), at(1.0));
    }

    Options options_;
    std::mt19937_64 random_;
    int epoll_ = -1;
    std::vector<Connection> connections_;
    std::vector<std::int64_t> latencies_;
    std::uint64_t sent_ = 0;
    std::uint64_t answered_ = 0;
    std::uint64_t errors_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    Options options = parse(argc, argv);
    if (options.port == 0 || options.path.empty() || options.rate <= 0 || options.connections < 1) {
        std::fprintf(stderr,
                     "usage: cv_load --port P --rate R --seconds S --connections C [--header H] PATH\n");
        return 2;
    }
    // Whoever asks would be on another machine: how long this thread waits for a processor is not the server's doing.
    credvault::be_nice(-10);
    credvault::ask_for_short_slices();
    Load(std::move(options)).run();
}
