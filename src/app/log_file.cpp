#include "app/log_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace credvault::app {

LogFile::~LogFile() {
    if (file_ > STDERR_FILENO) ::close(file_);
}

Status LogFile::open() {
    int next = STDOUT_FILENO;
    if (target_ != "stdout") {
        next = ::open(target_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (next < 0) {
            return Error(ErrorCode::STORAGE_UNAVAILABLE,
                         "The access log " + target_ + " can't be opened: " + std::strerror(errno),
                         "log.access");
        }
    }
    std::lock_guard lock(mutex_);
    const int before = std::exchange(file_, next);
    if (before > STDERR_FILENO) ::close(before);
    return {};
}

void LogFile::write(std::string_view lines) {
    std::lock_guard lock(mutex_);
    while (!lines.empty()) {
        const ssize_t written = ::write(file_, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace credvault::app
