#include "storage/sqlite/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "storage/sqlite/failure.h"

namespace credvault::storage {
namespace {

constexpr std::string_view file_suffix = ".db";

Error unusable(const std::string& path, std::string_view why, int number) {
    Error error = system_error(number, path);
    error.message = "The data directory " + path + " " + std::string(why);
    error.retry_after_seconds = 0;
    return error;
}

Status make_directory(const std::string& path) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed) return unusable(path, "can't be made: " + failed.message(), failed.value());
    return {};
}

bool is_database_id(std::string_view name) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed);
}

void remove_unfinished(const std::string& directory) {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
        const std::string name = entry.path().filename().string();
        if (name.find(std::string(file_suffix) + std::string(unfinished_suffix)) != std::string::npos) {
            std::filesystem::remove(entry.path(), failed);
        }
    }
}

}  // namespace

Result<std::unique_ptr<DataDirectory>> DataDirectory::open(const std::string& path) {
    TRY_VOID(make_directory(path + "/db"));
    const std::string lock_path = path + "/lock";
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return unusable(path, "can't be written to", errno);
    std::unique_ptr<DataDirectory> directory(new DataDirectory(path, lock));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        return unusable(path, "is in use by another process; stop it or choose another directory", errno);
    }
    TRY_VOID(sync_path(path));
    remove_unfinished(path);
    remove_unfinished(path + "/db");
    return directory;
}

DataDirectory::~DataDirectory() { ::close(lock_); }

std::string DataDirectory::file_of(std::string_view database) const {
    std::string path = path_;
    path += database == system_database ? "/" : "/db/";
    path += database;
    path += file_suffix;
    return path;
}

bool DataDirectory::has(std::string_view database) const {
    struct stat found {};
    return is_database_id(database) && ::stat(file_of(database).c_str(), &found) == 0;
}

Result<std::vector<std::string>> DataDirectory::databases() const {
    std::vector<std::string> ids;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(path_ + "/db", failed)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(file_suffix)) continue;
        std::string id = name.substr(0, name.size() - file_suffix.size());
        if (is_database_id(id)) ids.push_back(std::move(id));
    }
    if (failed) return system_error(failed.value(), "listing " + path_ + "/db");
    return ids;
}

Status sync_path(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return system_error(errno, "opening " + path);
    const int failed = ::fsync(file) == 0 ? 0 : errno;
    ::close(file);
    if (failed != 0) return system_error(failed, "flushing " + path);
    return {};
}

Status sync_directory_of(const std::string& path) {
    return sync_path(std::filesystem::path(path).parent_path().string());
}

void remove_files(const std::string& path) {
    ::unlink(path.c_str());
    ::unlink((path + "-wal").c_str());
    ::unlink((path + "-shm").c_str());
    ::unlink((path + "-journal").c_str());
}

std::uint64_t bytes_on_disk(const std::string& path) {
    std::uint64_t bytes = 0;
    for (const char* suffix : {"", "-wal"}) {
        struct stat found {};
        if (::stat((path + suffix).c_str(), &found) == 0) bytes += static_cast<std::uint64_t>(found.st_size);
    }
    return bytes;
}

}  // namespace credvault::storage
