#include "json/view.h"

#include <charconv>

#include "json/writer.h"

namespace credvault::json {

namespace detail {
namespace {

/// What a walk over nested arrays and objects knows.
struct Nesting {
    std::size_t depth = 0;
    std::uint32_t in_string = 0;  ///< All ones inside a string.
};

/// Bit n of the answer is the parity of bits 0 to n: all places from an opening quote to before the closing one.
std::uint32_t prefix_parity(std::uint32_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    return bits ^ (bits << 8);
}

/// Walks up to `until`, character by character, an escape as a whole. Returns where it stopped; the outermost bracket
/// has been closed if the depth is 0.
const char* step(const char* at, const char* until, Nesting& nesting) {
    for (; at < until; ++at) {
        if (*at == '"') {
            nesting.in_string = ~nesting.in_string;
        } else if (nesting.in_string != 0) {
            if (*at == '\\') ++at;
        } else if (*at == '{' || *at == '[') {
            ++nesting.depth;
        } else if ((*at == '}' || *at == ']') && --nesting.depth == 0) {
            return at + 1;
        }
    }
    return at;
}

}  // namespace

const char* skip_container(const char* at, const char* limit) {
    Nesting nesting{1, 0};
    ++at;
    while (limit - at >= block_size) {
        const Block block = Block::load(at);
        if (block.backslashes() != 0) {
            at = step(at, at + block_size, nesting);
            if (nesting.depth == 0) return at;
            continue;
        }
        const std::uint32_t strings = prefix_parity(block.quotes()) ^ nesting.in_string;
        const std::uint32_t closings = block.closings();
        for (std::uint32_t brackets = (block.openings() | closings) & ~strings; brackets != 0;) {
            const int place = std::countr_zero(brackets);
            if ((closings >> place & 1) == 0) {
                ++nesting.depth;
            } else if (--nesting.depth == 0) {
                return at + place + 1;
            }
            brackets &= brackets - 1;
        }
        nesting.in_string = (strings >> (block_size - 1) & 1) != 0 ? ~0U : 0U;
        at += block_size;
    }
    at = step(at, limit, nesting);
    return at < limit ? at : limit;
}

}  // namespace detail

Type View::type() const {
    switch (text_[0]) {
        case 'n': return Type::Null;
        case 't':
        case 'f': return Type::Bool;
        case '"': return Type::String;
        case '[': return Type::Array;
        case '{': return Type::Object;
        default:
            for (const char c : text_) {
                if (c == '.' || c == 'e' || c == 'E') return Type::Double;
            }
            return Type::Int;
    }
}

std::int64_t View::as_int() const {
    std::int64_t value = 0;
    std::from_chars(text_.data(), text_.data() + text_.size(), value);
    return value;
}

double View::as_double() const {
    double value = 0;
    std::from_chars(text_.data(), text_.data() + text_.size(), value);
    return value;
}

std::string View::as_string() const {
    std::string decoded;
    append_decoded(decoded, escaped());
    return decoded;
}

std::string_view View::decoded(std::string& scratch) const {
    const std::string_view inner = escaped();
    if (inner.find('\\') == std::string_view::npos) return inner;
    scratch.clear();
    append_decoded(scratch, inner);
    return scratch;
}

std::optional<View> View::find(std::string_view escaped_name) const {
    if (!is_object() || empty()) return std::nullopt;
    const char* at = text_.data() + 1;
    const char* limit = text_.data() + text_.size() - 1;
    const auto length = static_cast<std::ptrdiff_t>(escaped_name.size());
    while (limit - at > length + 2) {
        const char* name = at + 1;
        // A quote after an equal name can't be an escaped one: the name would end in an open escape.
        if (name[length] == '"' && std::memcmp(name, escaped_name.data(), escaped_name.size()) == 0) {
            const char* value = name + length + 2;
            return View({value, static_cast<std::size_t>(skip_value(value, limit) - value)});
        }
        at = skip_value(detail::string_end(name, limit) + 2, limit) + 1;
    }
    return std::nullopt;
}

std::size_t View::size() const {
    std::size_t count = 0;
    if (is_array()) {
        for (auto it = elements().begin(); it != std::default_sentinel; ++it) ++count;
    } else if (is_object()) {
        for (auto it = members().begin(); it != std::default_sentinel; ++it) ++count;
    }
    return count;
}

}  // namespace credvault::json
