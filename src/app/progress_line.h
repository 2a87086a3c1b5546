// How far a command is: a bar that is rewritten on a terminal, nothing elsewhere. Standard error, so that standard
// output may be data. For one thread.
#pragma once

#include <cstdint>
#include <string>

namespace credvault::app {

class ProgressLine {
public:
    explicit ProgressLine(std::string name);
    /// Removes the bar.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// Shown ten times a second at most. `total` 0: not known.
    void show(std::uint64_t done, std::uint64_t total, std::uint64_t records);

private:
    std::string name_;
    bool terminal_;
    std::int64_t started_ns_;
    std::int64_t shown_ns_ = 0;
};

}  // namespace credvault::app
