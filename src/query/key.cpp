#include "query/key.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <utility>

#include "json/canonical.h"
#include "json/writer.h"
#include "query/key_bytes.h"

namespace credvault::query {
namespace {

// Numbers: sign (by tag), then the magnitude as the bits of a double that was rounded towards zero, then what rounding
// took off. These 63 + 10 bits go out seven to a byte, whose lowest bit says that more follow; zeros at the end are
// left out, so that small integers take two to four bytes.

constexpr int group_bits = 7;
constexpr int double_groups = 9;  ///< Of the 63 bits of a double without its sign.
constexpr int residue_groups = 2;
constexpr int residue_shift = 2 * group_bits - 10;
constexpr unsigned group_mask = 0x7f;

void append_groups(std::string& out, KeyTag tag, std::uint64_t magnitude, unsigned residue) {
    char bytes[1 + double_groups + residue_groups];
    char* to = bytes;
    *to++ = static_cast<char>(tag);
    const int zeros = magnitude == 0 ? 63 : std::countr_zero(magnitude);
    const int groups = residue != 0 ? double_groups : std::max(1, double_groups - zeros / group_bits);
    for (int i = 0; i < groups; ++i) {
        const auto group =
            static_cast<unsigned>(magnitude >> (group_bits * (double_groups - 1 - i))) & group_mask;
        *to++ = static_cast<char>(group << 1 | 1);
    }
    if (residue != 0) {
        const unsigned bits = residue << residue_shift;
        *to++ = static_cast<char>((bits >> group_bits) << 1 | 1);
        if ((bits & group_mask) != 0) *to++ = static_cast<char>((bits & group_mask) << 1 | 1);
    }
    to[-1] = static_cast<char>(to[-1] & ~1);
    if (tag == tag_negative) {
        for (char* at = bytes + 1; at != to; ++at) *at = static_cast<char>(~*at);
    }
    out.append(bytes, to);
}

void append_int(std::string& out, std::int64_t value) {
    const bool negative = value < 0;
    const auto bits = static_cast<std::uint64_t>(value);
    const std::uint64_t magnitude = negative ? 0 - bits : bits;
    constexpr int mantissa_bits = 53;
    const int excess = std::max(0, static_cast<int>(std::bit_width(magnitude)) - mantissa_bits);
    const std::uint64_t rounded = magnitude >> excess << excess;
    const double as_double = static_cast<double>(rounded);
    append_groups(out, negative ? tag_negative : tag_positive, std::bit_cast<std::uint64_t>(as_double),
                  static_cast<unsigned>(magnitude - rounded));
}

void append_double(std::string& out, double value) {
    append_groups(out, value < 0 ? tag_negative : tag_positive,
                  std::bit_cast<std::uint64_t>(std::fabs(value)), 0);
}

void append_text_and_end(std::string& out, std::string_view text) {
    append_key_text(out, text);
    out.push_back(string_end);
}

/// The same from text in which JSON's escapes stand. Where there are none, no character needs the key's escape either.
void append_escaped_text_and_end(std::string& out, std::string_view escaped) {
    if (escaped.find('\\') == std::string_view::npos) {
        out.append(escaped).push_back(string_end);
        return;
    }
    std::string text;
    json::append_decoded(text, escaped);
    append_text_and_end(out, text);
}

void append_value(std::string& out, const json::View& value);
void append_value(std::string& out, const json::Value& value);

void append_string(std::string& out, const json::View& value) {
    append_escaped_text_and_end(out, value.escaped());
}
void append_string(std::string& out, const json::Value& value) {
    append_text_and_end(out, value.as_string());
}

void append_members(std::string& out, const json::View& object) {
    std::deque<std::string> decoded;
    std::vector<std::pair<std::string_view, json::View>> members;
    for (const json::Member& member : object.members()) {
        std::string_view name = member.name;
        if (name.find('\\') != std::string_view::npos) {
            json::append_decoded(decoded.emplace_back(), name);
            name = decoded.back();
        }
        members.emplace_back(name, member.value);
    }
    std::ranges::sort(members, {}, &std::pair<std::string_view, json::View>::first);
    for (const auto& [name, value] : members) {
        out.push_back(member_begin);
        append_text_and_end(out, name);
        append_value(out, value);
    }
}

void append_members(std::string& out, const json::Value& object) {
    std::vector<const std::pair<std::string, json::Value>*> members;
    for (const auto& member : object.as_object()) members.push_back(&member);
    std::ranges::sort(members, {}, [](const auto* member) { return std::string_view(member->first); });
    for (const auto* member : members) {
        out.push_back(member_begin);
        append_text_and_end(out, member->first);
        append_value(out, member->second);
    }
}

void append_elements(std::string& out, const json::View& array) {
    for (const json::View element : array.elements()) append_value(out, element);
}
void append_elements(std::string& out, const json::Value& array) {
    for (const json::Value& element : array.as_array()) append_value(out, element);
}

template <class V>
void append_any(std::string& out, const V& value) {
    const auto append_tag = [&out](KeyTag tag) { out.push_back(static_cast<char>(tag)); };
    switch (value.type()) {
        case json::Type::Null: return append_tag(tag_null);
        case json::Type::Bool: return append_tag(value.as_bool() ? tag_true : tag_false);
        case json::Type::Int: return append_int(out, value.as_int());
        case json::Type::Double: return append_double(out, value.as_double());
        case json::Type::String: append_tag(tag_string); return append_string(out, value);
        case json::Type::Array:
            append_tag(tag_array);
            append_elements(out, value);
            return out.push_back(string_end);
        case json::Type::Object:
            append_tag(tag_object);
            append_members(out, value);
            return out.push_back(string_end);
    }
}

void append_value(std::string& out, const json::View& value) { append_any(out, value); }
void append_value(std::string& out, const json::Value& value) { append_any(out, value); }

/// Reads encoded values again, as far as their structure goes.
class KeyScan {
public:
    KeyScan(std::string_view bytes, bool descending) : bytes_(bytes), inversion_(descending ? 0xff : 0) {}

    /// Each of these is false where the bytes are wrong.
    bool value(std::size_t depth = 0);
    bool text(std::string* out = nullptr);
    std::size_t at() const { return at_; }

private:
    bool take(unsigned& byte) {
        if (at_ >= bytes_.size()) return false;
        byte = static_cast<unsigned char>(bytes_[at_++]) ^ inversion_;
        return true;
    }
    bool number(bool negative);
    bool object(std::size_t depth);
    bool array(std::size_t depth);

    std::string_view bytes_;
    unsigned inversion_;
    std::size_t at_ = 0;
};

bool KeyScan::value(std::size_t depth) {
    unsigned tag = 0;
    if (!take(tag)) return false;
    switch (tag) {
        case tag_empty_array: return depth == 0;
        case tag_null:
        case tag_false:
        case tag_true: return true;
        case tag_negative:
        case tag_positive: return number(tag == tag_negative);
        case tag_string: return text();
        case tag_object: return object(depth + 1);
        case tag_array: return array(depth + 1);
        default: return false;
    }
}

bool KeyScan::number(bool negative) {
    const unsigned inversion = negative ? 0xff : 0;
    for (int i = 0; i < double_groups + residue_groups; ++i) {
        unsigned byte = 0;
        if (!take(byte)) return false;
        byte ^= inversion;
        if ((byte & 1) == 0) return i == 0 || byte != 0;
    }
    return false;
}

bool KeyScan::text(std::string* out) {
    unsigned byte = 0;
    while (take(byte)) {
        if (byte == static_cast<unsigned>(string_end)) return true;
        if (byte == static_cast<unsigned>(string_escape)) {
            if (!take(byte) || byte == 0 || byte > first_plain) return false;
            --byte;
        }
        if (out) out->push_back(static_cast<char>(byte));
    }
    return false;
}

bool KeyScan::object(std::size_t depth) {
    if (depth > json::ParseLimits{}.max_depth) return false;
    unsigned byte = 0;
    while (take(byte)) {
        if (byte == static_cast<unsigned>(string_end)) return true;
        if (byte != static_cast<unsigned>(member_begin) || !text() || !value(depth)) return false;
    }
    return false;
}

bool KeyScan::array(std::size_t depth) {
    if (depth > json::ParseLimits{}.max_depth) return false;
    while (at_ < bytes_.size()) {
        if ((static_cast<unsigned char>(bytes_[at_]) ^ inversion_) == static_cast<unsigned>(string_end)) {
            ++at_;
            return true;
        }
        if (!value(depth)) return false;
    }
    return false;
}

}  // namespace

void append_key_text(std::string& out, std::string_view text) {
    const auto needs_escape = [](char c) { return static_cast<unsigned char>(c) < first_plain; };
    if (std::ranges::none_of(text, needs_escape)) {
        out.append(text);
        return;
    }
    for (const char c : text) {
        if (needs_escape(c)) out.push_back(string_escape);
        out.push_back(static_cast<char>(needs_escape(c) ? c + 1 : c));
    }
}

void invert_key(std::string& bytes, std::size_t begin) {
    std::transform(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.end(),
                   bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                   [](char c) { return static_cast<char>(~c); });
}

std::string key_after(std::string_view prefix) {
    const std::size_t last = prefix.find_last_not_of('\xff');
    std::string after(prefix.substr(0, last + 1));
    after.back() = static_cast<char>(after.back() + 1);
    return after;
}

void append_key(std::string& out, const json::View& value, bool descending) {
    const std::size_t begin = out.size();
    append_value(out, value);
    if (descending) invert_key(out, begin);
}

void append_key(std::string& out, const json::Value& value, bool descending) {
    const std::size_t begin = out.size();
    append_value(out, value);
    if (descending) invert_key(out, begin);
}

void append_id_key(std::string& out, std::string_view id, bool descending) {
    const std::size_t begin = out.size();
    append_text_and_end(out, id);
    if (descending) invert_key(out, begin);
}

Result<std::string> decode_id_key(std::string_view bytes, bool descending) {
    KeyScan scan(bytes, descending);
    std::string id;
    if (!scan.text(&id) || scan.at() != bytes.size()) return Error(ErrorCode::INVALID_CURSOR);
    return id;
}

std::optional<std::string> string_in_key(std::string_view bytes, bool descending) {
    const unsigned inversion = descending ? 0xff : 0;
    if (bytes.empty() || (static_cast<unsigned char>(bytes[0]) ^ inversion) != tag_string) return {};
    KeyScan scan(bytes.substr(1), descending);
    std::string text;
    if (!scan.text(&text)) return {};
    return text;
}

Result<std::size_t> key_length(std::string_view bytes, bool descending) {
    KeyScan scan(bytes, descending);
    if (!scan.value()) return Error(ErrorCode::INVALID_CURSOR);
    return scan.at();
}

}  // namespace credvault::query
