#include "query/pipeline/spill.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace credvault::query {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t read_bytes = 64 * 1024;

struct RecordHead {
    std::uint32_t first;
    std::uint32_t second;
};

Error disk_error(int code) {
    const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    Error error(full ? ErrorCode::STORAGE_FULL : ErrorCode::STORAGE_UNAVAILABLE,
                full ? "There is no room on the disk for what the query can't hold in memory"
                     : "The temporary file of the query can't be used",
                {}, std::string("temporary file: ") + std::strerror(code));
    error.retry_after_seconds = 5;
    return error;
}

/// A file without a name; where the file system has none of these, one whose name is removed at once.
int open_nameless(const std::string& directory) {
    const int descriptor = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return descriptor;
    std::string name = directory + "/query-XXXXXX";
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0) ::unlink(name.c_str());
    return named;
}

}  // namespace

Result<std::unique_ptr<SpillFile>> SpillFile::create(Work& work, const std::string& where) {
    if (work.bounds().spill_directory.empty()) return work.too_large(where);
    const int descriptor = open_nameless(work.bounds().spill_directory);
    if (descriptor < 0) return disk_error(errno);
    return std::unique_ptr<SpillFile>(new SpillFile(descriptor, work, where));
}

SpillFile::~SpillFile() {
    ::close(descriptor_);
    work_.give_back_disk(size());
}

Status SpillFile::append(std::string_view first, std::string_view second) {
    const RecordHead head{static_cast<std::uint32_t>(first.size()),
                          static_cast<std::uint32_t>(second.size())};
    const std::size_t bytes = sizeof head + first.size() + second.size();
    char raw[sizeof head];
    std::memcpy(raw, &head, sizeof head);
    buffer_.append(raw, sizeof head);
    buffer_ += first;
    buffer_ += second;
    if (!work_.take_disk(bytes)) {
        return Error(ErrorCode::QUERY_TOO_LARGE,
                     "The stage needs more than the " + std::to_string(work_.bounds().spill_bytes) +
                         " bytes on disk that a query may use; match or limit before it",
                     where_);
    }
    return buffer_.size() < buffer_bytes ? Status() : flush();
}

Status SpillFile::flush() {
    std::string_view left = buffer_;
    while (!left.empty()) {
        const ssize_t wrote = ::pwrite(descriptor_, left.data(), left.size(), static_cast<off_t>(written_));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return disk_error(errno);
        left.remove_prefix(static_cast<std::size_t>(wrote));
        written_ += static_cast<std::uint64_t>(wrote);
    }
    buffer_.clear();
    return {};
}

Result<std::size_t> SpillFile::read(std::uint64_t at, char* to, std::size_t size) {
    if (!buffer_.empty()) TRY_VOID(flush());
    for (;;) {
        const ssize_t got = ::pread(descriptor_, to, size, static_cast<off_t>(at));
        if (got > 0) return static_cast<std::size_t>(got);
        if (got == 0 || errno != EINTR) return disk_error(got == 0 ? EIO : errno);
    }
}

Status SpillReader::need(std::size_t bytes) {
    if (buffer_.size() - used_ >= bytes) return {};
    buffer_.erase(0, used_);
    used_ = 0;
    while (buffer_.size() < bytes) {
        const std::size_t have = buffer_.size();
        const std::size_t want = std::min<std::uint64_t>(std::max(bytes - have, read_bytes), end_ - at_);
        buffer_.resize(have + want);
        TRY(const std::size_t got, file_->read(at_, buffer_.data() + have, want));
        buffer_.resize(have + got);
        at_ += got;
    }
    return {};
}

Result<bool> SpillReader::next() {
    if (used_ == buffer_.size() && at_ == end_) return false;
    RecordHead head;
    TRY_VOID(need(sizeof head));
    std::memcpy(&head, buffer_.data() + used_, sizeof head);
    const std::size_t whole = sizeof head + head.first + head.second;
    TRY_VOID(need(whole));
    const std::string_view record = std::string_view(buffer_).substr(used_, whole);
    first_ = record.substr(sizeof head, head.first);
    second_ = record.substr(sizeof head + head.first);
    used_ += whole;
    return true;
}

}  // namespace credvault::query
