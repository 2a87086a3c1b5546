// A file that takes the data of an import until its job runs. It is removed unless it is kept. Blocking; for one thread
// at a time. The functions are for whoever runs and ends the jobs.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace credvault::documents {

class SpoolFile {
public:
    /// Fails with STORAGE_UNAVAILABLE where the directory can't be made, LIMIT_EXCEEDED where its files have reached
    /// `max_bytes` already.
    static Result<std::unique_ptr<SpoolFile>> create(const std::string& directory, std::uint64_t max_bytes);
    ~SpoolFile();
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    /// Fails with STORAGE_FULL, LIMIT_EXCEEDED.
    Status write(std::string_view bytes);
    /// Makes what was written durable.
    Status sync();
    void keep() { kept_ = true; }

    const std::string& name() const { return name_; }  ///< Within the directory.
    std::uint64_t size() const { return size_; }

private:
    SpoolFile(std::string directory, std::string name, int descriptor, std::uint64_t room);

    std::string directory_;
    std::string name_;
    int descriptor_;
    std::uint64_t room_;
    std::uint64_t size_ = 0;
    bool kept_ = false;
};

/// Removes a file of the directory; nothing where it is not there.
void remove_spooled(const std::string& directory, std::string_view name);
/// Removes all files of the directory but these: those of calls that were never answered.
void remove_spooled_but(const std::string& directory, const std::set<std::string>& names);

}  // namespace credvault::documents
