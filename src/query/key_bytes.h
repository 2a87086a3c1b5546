// The bytes that encoded values are made of (key.h), for the code that builds ranges of them. Internal to query/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace credvault::query {

/// The first byte of an encoded value, in the order across types. What lies between two tags belongs to none. All are
/// above string_end, which also ends objects and arrays.
enum KeyTag : unsigned char {
    tag_empty_array = 0x04,  ///< In a position where an array's elements are meant.
    tag_null = 0x08,
    tag_negative = 0x0c,
    tag_positive = 0x10,  ///< And zero.
    tag_string = 0x20,
    tag_object = 0x30,
    tag_array = 0x40,
    tag_false = 0x50,
    tag_true = 0x51,
    tag_beyond = 0x60,  ///< Above all values.
};

constexpr char string_end = 0x00;
constexpr char member_begin = 0x01;
/// Stands before a byte below first_plain, which is raised by one.
constexpr char string_escape = 0x01;
constexpr unsigned char first_plain = 0x02;

/// Of an index entry's values: so many bytes stay as they are, longer ones are cut there and a hash follows.
constexpr std::size_t whole_key_bytes = 1024 - 16;

/// Appends a string's characters, escaped, without an end: a prefix of the encoding of each string that begins so.
void append_key_text(std::string& out, std::string_view text);
/// Inverts the bytes from `begin` on.
void invert_key(std::string& bytes, std::size_t begin = 0);
/// The least text that is greater than everything that begins with `prefix`. Precondition: not only bytes of 0xff.
std::string key_after(std::string_view prefix);

}  // namespace credvault::query
