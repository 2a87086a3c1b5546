// The data directory: the lock that keeps a second process out, and where its files are. DataDirectory owns the lock;
// the functions hold nothing. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/platform.h"

namespace credvault::storage {

constexpr std::string_view unfinished_suffix = ".new";  ///< Of a file that is being made.

class DataDirectory {
public:
    /// Makes the directory where it is missing, locks it and removes what unfinished creations left. Fails with
    /// STORAGE_UNAVAILABLE, its message naming the directory, where another process holds it or it can't be used.
    static Result<std::unique_ptr<DataDirectory>> open(const std::string& path);
    ~DataDirectory();
    DataDirectory(const DataDirectory&) = delete;
    DataDirectory& operator=(const DataDirectory&) = delete;

    /// The file of a database.
    std::string file_of(std::string_view database) const;
    bool has(std::string_view database) const;
    /// The ids of the databases that have a file, the system's left out; in no order.
    Result<std::vector<std::string>> databases() const;

private:
    DataDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::string path_;
    int lock_;  ///< A descriptor that holds the flock.
};

/// Flushes a file or directory to the disk.
Status sync_path(const std::string& path);
Status sync_directory_of(const std::string& path);
/// Removes a database file with its log, where they are there.
void remove_files(const std::string& path);
/// The size of a database file and its log.
std::uint64_t bytes_on_disk(const std::string& path);

}  // namespace credvault::storage
