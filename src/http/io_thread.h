// One I/O thread: its io_context, its sockets, its connections and what they share (read buffers, the text being sent,
// the Date line). The thread is an Executor: posted work runs after the handlers that are already queued. Everything
// but post(), stop requests and counters belongs to the thread itself.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/executor.h"
#include "http/memory_budget.h"
#include "http/poller.h"
#include "http/server.h"

namespace credvault::http {

class Channel;
class Exchange;

/// A thread's part of ServerStats; one thread writes, any thread reads.
struct Counters {
    using Count = std::atomic<std::uint64_t>;
    static void add(Count& count, std::uint64_t amount) {
        count.store(count.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }
    Count accepted = 0, open = 0, refused = 0, requests = 0, rejected = 0, bytes_in = 0, bytes_out = 0;
};

class IoThread final : public Executor {
public:
    /// All of them are shared by the threads and outlive them.
    IoThread(const Limits& limits, MemoryBudget& body_memory, Handler& handler);
    ~IoThread() override;

    /// Fails where the system refuses an epoll set.
    Status open();
    /// Serves until stopping and no connection is left, or until the time for that is over.
    void run();
    void post(std::function<void()> work) override;

    /// Finish what is in flight; what takes longer than the limit is broken off. On the thread.
    void begin_stop();
    bool stopping() const { return stop_deadline_ns_ != 0; }
    /// Whether connections were left when run() returned: their handlers may still answer, so this must live on.
    bool abandoned() const { return !channels_.empty(); }

    void add(Channel& channel);
    void remove(Channel& channel);
    std::unique_ptr<Exchange> take_exchange();
    void give_back(std::unique_ptr<Exchange> exchange);

    /// Connections over the limits that are being told so.
    unsigned refusing = 0;

    /// What the connection that runs now wants to send. Empty whenever none runs.
    std::string& out() { return out_; }
    /// monotonic_ns() to within a few milliseconds, for a quarter of its price: good enough for deadlines.
    static std::int64_t coarse_now_ns();
    /// "Date: …\r\n" for now.
    std::string_view date_line();

    boost::asio::io_context& context() { return context_; }
    Poller& poller() { return poller_; }
    const Limits& limits() const { return limits_; }
    Handler& handler() { return handler_; }
    Counters& counters() { return counters_; }

private:
    void schedule_sweep();
    void sweep();

    const Limits& limits_;
    MemoryBudget& body_memory_;
    Handler& handler_;
    Counters counters_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    Poller poller_;
    boost::asio::steady_timer sweep_timer_;
    std::int64_t stop_deadline_ns_ = 0;
    std::vector<Channel*> channels_;
    std::vector<std::unique_ptr<Exchange>> exchanges_;
    std::string out_;
    std::string date_;
    std::int64_t date_second_ = 0;
};

}  // namespace credvault::http
