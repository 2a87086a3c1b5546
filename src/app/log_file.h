// Where lines of the access log go: standard output, or a file that can be opened anew after it was moved away.
// Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::app {

class LogFile {
public:
    /// "stdout" or a path. Nothing is opened yet.
    explicit LogFile(std::string target) : target_(std::move(target)) {}
    ~LogFile();
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    /// Opens the file, or opens it again. Fails where it can't be written; what was open stays.
    Status open();
    /// Lines that can't be written are lost: a full disk must not stop requests.
    void write(std::string_view lines);

private:
    std::string target_;
    std::mutex mutex_;
    int file_ = -1;
};

}  // namespace credvault::app
