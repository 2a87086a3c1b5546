#include "query/expression/number_text.h"

#include <array>
#include <charconv>

#include "json/writer.h"

namespace credvault::query {
namespace {

/// Takes a sign from the front; true for a minus.
bool take_sign(std::string_view& text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    return negative;
}

bool take_hex_prefix(std::string_view& text) {
    if (!text.starts_with("0x") && !text.starts_with("0X")) return false;
    text.remove_prefix(2);
    return true;
}

}  // namespace

std::optional<std::int64_t> read_whole(std::string_view text, int base) {
    const bool negative = take_sign(text);
    if (base == 16) take_hex_prefix(text);
    if (text.empty() || text[0] == '-') return {};
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, base);
    constexpr std::uint64_t limit = std::uint64_t{1} << 63U;
    if (error != std::errc() || end != text.data() + text.size()) return {};
    if (size > limit || (size == limit && !negative)) return {};
    return static_cast<std::int64_t>(negative ? 0 - size : size);
}

std::optional<double> read_real(std::string_view text) {
    const bool negative = take_sign(text);
    const bool hex = take_hex_prefix(text);
    // from_chars would take another sign, and words for what is not finite; in base 16 letters are digits, so that
    // "inf" and "nan" begin with none of either.
    constexpr std::string_view beginnings = "0123456789.abcdefABCDEF";
    if (text.empty() ||
        beginnings.substr(0, hex ? beginnings.size() : 11).find(text[0]) == std::string_view::npos)
        return {};
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value,
                                              hex ? std::chars_format::hex : std::chars_format::general);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return negative ? -value : value;
}

std::string write_whole(std::int64_t value, int base) {
    std::array<char, 66> text{};
    char* const end = std::to_chars(text.data(), text.data() + text.size(), value, base).ptr;
    std::string out(text.data(), end);
    if (base == 16) {
        for (char& c : out) {
            if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
        }
    }
    return out;
}

std::string write_real(double value) {
    std::string out;
    json::append_double(out, value);
    if (out.ends_with(".0")) out.resize(out.size() - 2);
    return out;
}

}  // namespace credvault::query
