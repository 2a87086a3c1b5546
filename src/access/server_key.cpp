#include "access/server_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace credvault::access {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Error failed(std::string_view what) {
    return Error(ErrorCode::STORAGE_UNAVAILABLE, "The server's key can't be used", {},
                 std::string(what) + ": " + std::strerror(errno));
}

std::string hex_text(std::string_view bytes) {
    std::string hex(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes_of(bytes), bytes.size());
    hex.pop_back();
    return hex;
}

class File {
public:
    File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

/// Whole or not at all: written beside and renamed.
Status write_key(const std::string& path, std::string_view text) {
    const std::string fresh = path + ".new";
    {
        const File file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        if (file.descriptor() < 0) return failed("open");
        if (::write(file.descriptor(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            return failed("write");
        if (::fsync(file.descriptor()) != 0) return failed("fsync");
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) return failed("rename");
    const File directory(path.substr(0, path.rfind('/') + 1), O_RDONLY | O_DIRECTORY);
    if (directory.descriptor() < 0 || ::fsync(directory.descriptor()) != 0) return failed("fsync");
    return {};
}

}  // namespace

ServerKey ServerKey::of_this_process() {
    ServerKey key;
    if (sodium_init() >= 0) randombytes_buf(key.key_.data(), key.key_.size());
    return key;
}

Result<ServerKey> ServerKey::open(const std::string& path) {
    const File file(path, O_RDONLY);
    if (file.descriptor() < 0) {
        if (errno != ENOENT) return failed("open");
        ServerKey made = of_this_process();
        const std::string_view bytes(reinterpret_cast<const char*>(made.key_.data()), made.key_.size());
        TRY_VOID(write_key(path, hex_text(bytes) + "\n"));
        return made;
    }
    struct stat about {};
    if (::fstat(file.descriptor(), &about) != 0) return failed("stat");
    if ((about.st_mode & 077) != 0) {
        return Error(ErrorCode::STORAGE_UNAVAILABLE,
                     "Others may read the server's key: chmod 600 server.key in the data directory");
    }
    std::array<char, 65> text{};
    const ssize_t size = ::read(file.descriptor(), text.data(), text.size());
    ServerKey key;
    std::size_t decoded = 0;
    if (size < 64 ||
        sodium_hex2bin(key.key_.data(), key.key_.size(), text.data(), 64, nullptr, &decoded, nullptr) != 0 ||
        decoded != key.key_.size()) {
        return Error(ErrorCode::STORAGE_UNAVAILABLE, "server.key in the data directory holds no key");
    }
    return key;
}

std::string ServerKey::seal(std::string_view text, std::string_view about) const {
    std::string sealed(nonce_bytes + text.size() + tag_bytes, '\0');
    randombytes_buf(sealed.data(), nonce_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + nonce_bytes, nullptr, bytes_of(text),
                                               text.size(), bytes_of(about), about.size(), nullptr,
                                               bytes_of(sealed), key_.data());
    return hex_text(sealed);
}

std::optional<std::string> ServerKey::unseal(std::string_view sealed, std::string_view about) const {
    std::string bytes(sealed.size() / 2, '\0');
    std::size_t size = 0;
    if (sodium_hex2bin(bytes_of(bytes), bytes.size(), sealed.data(), sealed.size(), nullptr, &size,
                       nullptr) != 0 ||
        size != bytes.size() || size < nonce_bytes + tag_bytes) {
        return {};
    }
    std::string text(size - nonce_bytes - tag_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            bytes_of(text), nullptr, nullptr, bytes_of(bytes) + nonce_bytes, size - nonce_bytes,
            bytes_of(about), about.size(), bytes_of(bytes), key_.data()) != 0) {
        return {};
    }
    return text;
}

}  // namespace credvault::access
