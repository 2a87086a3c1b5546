// Appends canonical JSON text to a string that the caller owns; puts commas by itself. Used on the request path, so it
// allocates nothing but what the string needs. One writer, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "json/view.h"

namespace credvault::json {

/// Appends the string, quoted and escaped. Precondition: valid UTF-8.
void append_string(std::string& out, std::string_view decoded);
/// Appends what stands between the quotes: the escaped form.
void append_escaped(std::string& out, std::string_view decoded);
void append_int(std::string& out, std::int64_t value);
/// Appends the shortest text that reads back as this double, always with a point or an exponent: "100000.0", "0.0001",
/// from 1e16 on and below 1e-4 "1e+16", "1.5e-05" (the form of Python's repr). Precondition: finite.
void append_double(std::string& out, double value);
constexpr std::size_t max_double_bytes = 32;
/// The same into a buffer of max_double_bytes. Returns the end.
char* put_double(char* to, double value);
/// The escaped form of a member's name, as View::find wants it.
std::string escape_key(std::string_view decoded);
/// Decodes escaped text into `out`, appending.
void append_decoded(std::string& out, std::string_view escaped);

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    Writer& begin_object() { return open('{'); }
    Writer& end_object() { return close('}'); }
    Writer& begin_array() { return open('['); }
    Writer& end_array() { return close(']'); }
    /// A member's name, decoded; its value follows.
    Writer& key(std::string_view name);
    Writer& string(std::string_view value);
    Writer& number(std::int64_t value);
    Writer& number(double value);
    Writer& boolean(bool value);
    Writer& null();
    /// Canonical text as it is.
    Writer& raw(std::string_view canonical);

private:
    Writer& open(char bracket);
    Writer& close(char bracket);
    void separate();

    std::string& out_;
    bool needs_comma_ = false;
};

}  // namespace credvault::json
