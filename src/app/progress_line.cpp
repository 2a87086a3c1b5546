#include "app/progress_line.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/clock.h"

namespace credvault::app {

ProgressLine::ProgressLine(std::string name)
    : name_(std::move(name)), terminal_(::isatty(STDERR_FILENO) == 1), started_ns_(monotonic_ns()) {}

ProgressLine::~ProgressLine() {
    if (terminal_ && shown_ns_ != 0) fmt::print(stderr, "\r\x1b[K");
}

void ProgressLine::show(std::uint64_t done, std::uint64_t total, std::uint64_t records) {
    constexpr std::int64_t between_ns = 100'000'000;
    constexpr std::size_t width = 30;
    const std::int64_t now = monotonic_ns();
    if (!terminal_ || now - shown_ns_ < between_ns) return;
    shown_ns_ = now;
    const double seconds = static_cast<double>(std::max<std::int64_t>(now - started_ns_, 1)) / 1e9;
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(records) / seconds);
    if (total == 0) {
        fmt::print(stderr, "\r\x1b[K{}  {} records, {}/s", name_, records, rate);
    } else {
        const std::size_t filled = static_cast<std::size_t>(std::min(done, total) * width / total);
        fmt::print(stderr, "\r\x1b[K{} [{:<{}}] {}%  {} records, {}/s", name_, std::string(filled, '#'),
                   width, std::min(done, total) * 100 / total, records, rate);
    }
    std::fflush(stderr);
}

}  // namespace credvault::app
