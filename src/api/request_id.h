// X-Request-Id: made for every request, or taken from the client where it is sane. A plain value.
#pragma once

#include <array>
#include <string_view>

namespace credvault::api {

class RequestId {
public:
    static constexpr std::size_t max_bytes = 64;

    /// "req_" and 20 random characters, from a generator of the thread's own. Unique, not secret.
    void generate();
    /// Takes a client's id of 8 to 64 letters, digits, '-', '_' and '.'. Returns false, changing nothing, for others.
    bool accept(std::string_view text);
    std::string_view text() const { return {text_.data(), size_}; }

private:
    std::array<char, max_bytes> text_{};
    std::size_t size_ = 0;
};

}  // namespace credvault::api
