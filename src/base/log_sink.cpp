#include "base/log_sink.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/log_line.h"

namespace credvault::log {
namespace {
/// How long lines gather: a busy server then writes fifty times a second instead of once for each request.
constexpr std::chrono::milliseconds gathering_time{20};

void write(const std::function<void(std::string_view)>& output, std::string_view lines) {
    if (output) return output(lines);
    while (!lines.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

GatheringSink::GatheringSink() : thread_([this] { run(); }) {}

GatheringSink::~GatheringSink() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_one();
    }
    thread_.join();
}

void GatheringSink::configure(Options options) {
    std::unique_lock lock(mutex_);
    wait_until_written(lock);
    options_ = std::move(options);
}

void GatheringSink::log(const spdlog::details::log_msg& message) {
    std::lock_guard lock(mutex_);
    const std::string_view line(message.payload.data(), message.payload.size());
    if (buffer_.size() + line.size() >= options_.max_buffered_bytes) {
        ++dropped_;
        return;
    }
    buffer_ += line;
    buffer_ += '\n';
    const bool urgent = message.level >= spdlog::level::warn;
    if (urgent) urgent_ = true;
    if (idle_ || urgent) wake_.notify_one();
}

void GatheringSink::flush() {
    std::unique_lock lock(mutex_);
    wait_until_written(lock);
}

void GatheringSink::wait_until_written(std::unique_lock<std::mutex>& lock) {
    urgent_ = true;
    wake_.notify_one();
    written_.wait(lock, [this] { return buffer_.empty() && dropped_ == 0 && !writing_; });
}

std::string GatheringSink::take() {
    if (dropped_ > 0) {
        const Fields fields{{"lines", dropped_}};
        append_line(buffer_, options_.format, {now_ms(), Level::Warning, "log lines were dropped", fields});
        buffer_ += '\n';
        dropped_ = 0;
    }
    return std::exchange(buffer_, {});
}

void GatheringSink::run() {
    pthread_setname_np(pthread_self(), "log");
    std::unique_lock lock(mutex_);
    for (;;) {
        idle_ = true;
        wake_.wait(lock, [this] { return stopping_ || urgent_ || !buffer_.empty(); });
        idle_ = false;
        wake_.wait_for(lock, gathering_time, [this] { return stopping_ || urgent_; });
        urgent_ = false;
        const std::string lines = take();
        writing_ = true;
        lock.unlock();
        // configure() waits while this thread writes, so that the output stays.
        if (!lines.empty()) write(options_.output, lines);
        lock.lock();
        writing_ = false;
        written_.notify_all();
        if (stopping_ && buffer_.empty()) return;
    }
}

}  // namespace credvault::log
