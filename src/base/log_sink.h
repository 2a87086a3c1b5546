// Where spdlog puts the log's lines: a bounded buffer, and a thread that hands what has gathered to the output. Writing
// takes a short lock and wakes the thread only where it sleeps without anything to do. Thread-safe.
#pragma once

#include <spdlog/sinks/sink.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "base/log.h"

namespace credvault::log {

class GatheringSink final : public spdlog::sinks::sink {
public:
    GatheringSink();
    /// Writes what is left.
    ~GatheringSink() override;

    /// Takes the output, the format and the bound on the buffer. What was logged before goes to the old output.
    void configure(Options options);
    void log(const spdlog::details::log_msg& message) override;
    /// Returns when everything logged before has been given to the output.
    void flush() override;
    // Lines come formatted.
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

private:
    void run();
    /// Takes the buffered lines. The lock is held.
    std::string take();
    void wait_until_written(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    Options options_;
    std::condition_variable wake_;
    std::condition_variable written_;
    std::string buffer_;
    std::uint64_t dropped_ = 0;  ///< Lines, since the last one that found room.
    bool idle_ = false;          ///< The thread sleeps until it is woken.
    bool writing_ = false;
    bool urgent_ = false;  ///< Write now instead of waiting for more.
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace credvault::log
