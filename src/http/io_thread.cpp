#include "http/io_thread.h"

#include <time.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/clock.h"
#include "http/channel.h"
#include "http/exchange.h"

namespace credvault::http {
namespace {

constexpr std::size_t kept_exchanges = 32;
constexpr std::size_t kept_text = 256 * 1024;
/// After the shutdown limit, handlers that still run get so long before they are left behind.
constexpr std::int64_t last_grace_ns = 2'000'000'000;

/// A fraction of the shortest limit, within what is neither felt nor costs.
std::chrono::milliseconds sweep_period(const Limits& limits) {
    const std::int64_t shortest = std::min(
        {limits.header_ms, limits.idle_ms, limits.body_grace_ms, limits.write_ms, limits.shutdown_ms});
    return std::chrono::milliseconds(std::clamp<std::int64_t>(shortest / 8, 10, 500));
}

}  // namespace

IoThread::IoThread(const Limits& limits, MemoryBudget& body_memory, Handler& handler)
    : limits_(limits),
      body_memory_(body_memory),
      handler_(handler),
      work_(boost::asio::make_work_guard(context_)),
      poller_(context_),
      sweep_timer_(context_) {}

IoThread::~IoThread() = default;

Status IoThread::open() { return poller_.start(); }

void IoThread::run() {
    const ExecutorScope scope(*this);
    schedule_sweep();
    context_.run();
}

void IoThread::post(std::function<void()> work) { boost::asio::post(context_, std::move(work)); }

void IoThread::begin_stop() {
    stop_deadline_ns_ = monotonic_ns() + limits_.shutdown_ms * 1'000'000;
    for (std::size_t i = channels_.size(); i-- > 0;) {
        if (i < channels_.size()) channels_[i]->stop();
    }
    sweep();
}

void IoThread::add(Channel& channel) {
    channel.index_ = channels_.size();
    channels_.push_back(&channel);
}

void IoThread::remove(Channel& channel) {
    channels_.back()->index_ = channel.index_;
    std::swap(channels_[channel.index_], channels_.back());
    channels_.pop_back();
    if (stopping() && channels_.empty()) context_.stop();
}

std::unique_ptr<Exchange> IoThread::take_exchange() {
    if (exchanges_.empty()) return std::make_unique<Exchange>(limits_, body_memory_);
    auto exchange = std::move(exchanges_.back());
    exchanges_.pop_back();
    return exchange;
}

void IoThread::give_back(std::unique_ptr<Exchange> exchange) {
    exchange->end();
    if (exchanges_.size() < kept_exchanges) exchanges_.push_back(std::move(exchange));
}

std::int64_t IoThread::coarse_now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::string_view IoThread::date_line() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != date_second_) {
        date_second_ = now.tv_sec;
        tm utc{};
        ::gmtime_r(&now.tv_sec, &utc);
        char text[64];
        const std::size_t size = ::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
        date_.assign(text, size);
    }
    return date_;
}

void IoThread::schedule_sweep() {
    sweep_timer_.expires_after(sweep_period(limits_));
    sweep_timer_.async_wait([this](const boost::system::error_code& failed) {
        if (failed) return;
        sweep();
        if (!context_.stopped()) schedule_sweep();
    });
}

void IoThread::sweep() {
    const std::int64_t now = monotonic_ns();
    const bool break_off = stopping() && now >= stop_deadline_ns_;
    // Backwards, since a channel that ends is replaced by the last one, which was looked at before.
    for (std::size_t i = channels_.size(); i-- > 0;) {
        if (i >= channels_.size()) continue;
        if (break_off) {
            channels_[i]->break_off();
        } else {
            channels_[i]->expire(now);
        }
    }
    if (out_.capacity() > kept_text) out_.shrink_to_fit();
    const bool over = channels_.empty() || now >= stop_deadline_ns_ + last_grace_ns;
    if (stopping() && over) context_.stop();
}

}  // namespace credvault::http
