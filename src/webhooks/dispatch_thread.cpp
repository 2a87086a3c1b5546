#include "webhooks/dispatch_thread.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <utility>

#include "base/clock.h"

namespace credvault::webhooks {
namespace {

constexpr int below_io_threads = 5;
constexpr int most_at_once = 512;
constexpr std::int64_t longest_end_ns = std::int64_t{10} * 1'000'000'000;

}  // namespace

void DispatchThread::start() {
    std::promise<RunLoop*> started;
    std::future<RunLoop*> loop = started.get_future();
    thread_ = std::thread([this, promise = std::move(started)]() mutable {
        pthread_setname_np(pthread_self(), "webhooks");
        // Failing to lower it is no error.
        (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), below_io_threads);
        RunLoop own;
        promise.set_value(&own);
        run(own);
    });
    {
        const std::lock_guard lock(mutex_);
        loop_ = loop.get();
    }
    dispatcher_.set_waker([this] { post([] {}); });
    post([] {});
}

void DispatchThread::post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (loop_ != nullptr) loop_->post(std::move(work));
}

void DispatchThread::run(RunLoop& loop) {
    bool stopping = false;
    std::int64_t end_ns = 0;
    for (;;) {
        dispatcher_.turn();
        if (stopping && (dispatcher_.wind_up() || monotonic_ns() > end_ns)) break;
        const std::int64_t wait = stopping ? 10 : dispatcher_.wait_ms();
        if (!loop.run_one_for(std::chrono::milliseconds(wait))) continue;
        for (int i = 0; i < most_at_once && loop.run_one_for(std::chrono::milliseconds(0)); ++i) {
        }
        const std::lock_guard lock(mutex_);
        if (stopping_ && !std::exchange(stopping, true)) end_ns = monotonic_ns() + longest_end_ns;
    }
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
}

void DispatchThread::stop() {
    if (!thread_.joinable()) return;
    dispatcher_.set_waker({});
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        if (loop_ != nullptr) loop_->post([] {});
    }
    thread_.join();
}

}  // namespace credvault::webhooks
