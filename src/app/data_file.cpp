#include "app/data_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace credvault::app {
namespace {

constexpr std::size_t read_bytes = 256 * 1024;
/// One's own file may be as repetitive as it likes.
constexpr http::DecodeLimits no_bound{1'000'000'000};

Error unreadable(const std::string& path) {
    return Error(ErrorCode::INVALID_PARAMETER, "Can't read " + path + ": " + std::strerror(errno));
}

bool take_ending(std::string_view& name, std::string_view ending) {
    if (!name.ends_with(ending)) return false;
    name.remove_suffix(ending.size());
    return true;
}

}  // namespace

Result<FileKind> kind_of_file(std::string_view name, std::string_view format) {
    FileKind kind;
    if (take_ending(name, ".gz")) kind.coding = http::Coding::Gzip;
    if (kind.coding == http::Coding::Identity && take_ending(name, ".zst")) kind.coding = http::Coding::Zstd;
    const bool named = format.empty();
    if (format == "ndjson" || (named && (name.ends_with(".ndjson") || name.ends_with(".jsonl")))) return kind;
    if (format == "json" || (named && name.ends_with(".json"))) {
        kind.format = documents::DataFormat::Json;
        return kind;
    }
    if (format == "csv" || (named && (name.ends_with(".csv") || name.ends_with(".tsv")))) {
        kind.format = documents::DataFormat::Csv;
        return kind;
    }
    return Error(ErrorCode::INVALID_PARAMETER,
                 "The file's name ends in none of .ndjson, .jsonl, .json, .csv, .tsv; say --format ndjson, "
                 "json or csv");
}

DataFile::DataFile(int descriptor, http::Coding coding)
    : descriptor_(descriptor), buffer_(read_bytes), decoder_(http::make_decoder(coding, no_bound)) {}

DataFile::~DataFile() { ::close(descriptor_); }

Result<std::unique_ptr<DataFile>> DataFile::open(const std::string& path, http::Coding coding) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return unreadable(path);
    std::unique_ptr<DataFile> file(new DataFile(descriptor, coding));
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0) return unreadable(path);
    if (!S_ISREG(facts.st_mode)) return Error(ErrorCode::INVALID_PARAMETER, path + " is no file");
    file->bytes_ = static_cast<std::uint64_t>(facts.st_size);
    file->modified_ns_ = facts.st_mtim.tv_sec * std::int64_t{1'000'000'000} + facts.st_mtim.tv_nsec;
    return file;
}

Result<std::string_view> DataFile::read() {
    while (true) {
        if (feeding_) {
            TRY(const std::string_view decoded, decoder_->next());
            if (!decoded.empty()) return decoded;
            feeding_ = false;
        }
        ssize_t got = -1;
        do {
            got = ::read(descriptor_, buffer_.data(), buffer_.size());
        } while (got < 0 && errno == EINTR);
        if (got < 0)
            return Error(ErrorCode::INVALID_DATA,
                         std::string("The file can't be read on: ") + std::strerror(errno));
        read_ += static_cast<std::uint64_t>(got);
        const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
        if (!decoder_) return bytes;
        if (bytes.empty()) {
            TRY_VOID(decoder_->end());
            return bytes;
        }
        decoder_->feed(bytes);
        feeding_ = true;
    }
}

}  // namespace credvault::app
