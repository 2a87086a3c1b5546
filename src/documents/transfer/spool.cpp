#include "documents/transfer/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/ids.h"

namespace credvault::documents {
namespace {

namespace fs = std::filesystem;

Error failed(std::string_view what, int code) {
    std::string cause = std::string(what) + ": " + std::strerror(code);
    if (code == ENOSPC || code == EDQUOT) return Error(ErrorCode::STORAGE_FULL, {}, {}, std::move(cause));
    return Error(ErrorCode::STORAGE_UNAVAILABLE, {}, {}, std::move(cause));
}

Error no_room(std::uint64_t max_bytes) {
    return Error(ErrorCode::LIMIT_EXCEEDED, "The data of imports that wait may take " +
                                                std::to_string(max_bytes) +
                                                " bytes in all; try again when some have ended");
}

/// Names that we made hold nothing else.
bool is_name(std::string_view name) {
    return name.starts_with("spool_") && name.find('/') == std::string_view::npos;
}

std::uint64_t used_bytes(const std::string& directory) {
    std::uint64_t used = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
        const std::uint64_t size = entry.file_size(ignored);
        if (!ignored) used += size;
    }
    return used;
}

}  // namespace

Result<std::unique_ptr<SpoolFile>> SpoolFile::create(const std::string& directory, std::uint64_t max_bytes) {
    std::error_code made;
    fs::create_directories(directory, made);
    if (made) return failed("making the directory of waiting imports", made.value());
    const std::uint64_t used = used_bytes(directory);
    if (used >= max_bytes) return no_room(max_bytes);
    std::string name = make_id("spool");
    const int descriptor =
        ::open((directory + "/" + name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return failed("making a file for an import", errno);
    return std::unique_ptr<SpoolFile>(
        new SpoolFile(directory, std::move(name), descriptor, max_bytes - used));
}

SpoolFile::SpoolFile(std::string directory, std::string name, int descriptor, std::uint64_t room)
    : directory_(std::move(directory)), name_(std::move(name)), descriptor_(descriptor), room_(room) {}

SpoolFile::~SpoolFile() {
    ::close(descriptor_);
    if (!kept_) remove_spooled(directory_, name_);
}

Status SpoolFile::write(std::string_view bytes) {
    if (bytes.size() > room_ - size_) return no_room(room_);
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("writing the data of an import", errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
        size_ += static_cast<std::uint64_t>(written);
    }
    return {};
}

Status SpoolFile::sync() {
    if (::fsync(descriptor_) != 0) return failed("syncing the data of an import", errno);
    const int directory = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return failed("syncing the directory of waiting imports", errno);
    const int synced = ::fsync(directory);
    const int code = errno;
    ::close(directory);
    return synced == 0 ? Status() : Status(failed("syncing the directory of waiting imports", code));
}

void remove_spooled(const std::string& directory, std::string_view name) {
    if (is_name(name)) ::unlink((directory + "/" + std::string(name)).c_str());
}

void remove_spooled_but(const std::string& directory, const std::set<std::string>& names) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!names.contains(name)) remove_spooled(directory, name);
    }
}

}  // namespace credvault::documents
