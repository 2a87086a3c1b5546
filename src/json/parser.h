// One pass over JSON text that somebody sent: checks it by RFC 8259 and by the platform's own rules (canonical.h) and
// writes its canonical form while going. Iterative, so that no nesting can exhaust the stack. Internal to json/; one
// parser, one text, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/names.h"

namespace credvault::json {

/// Why a text was refused.
struct Fault {
    const char* at = nullptr;  ///< The first character that is wrong, possibly the end of the text.
    std::string what;          ///< For the user: what is wrong or what would be right.
    bool refused = false;      ///< Whether it breaks a rule of ours, not of JSON's; then there is a pointer.
    std::string pointer;       ///< To the value or member concerned (RFC 6901), cut where it is very long.
};

class Parser {
public:
    static constexpr std::size_t max_text_bytes = std::size_t{1} << 29;

    /// Preconditions: `text` is valid UTF-8 of at most max_text_bytes. Appends to `out`.
    Parser(std::string& out, std::string_view text, std::size_t max_depth);

    /// Parses the text, once. Returns false where it is refused; `out` then ends in something incomplete.
    bool run();
    const Fault& fault() const { return fault_; }

private:
    enum class Step : std::uint8_t { Value, End, Failed };
    /// An array or object that is open.
    struct Frame {
        char closing;              ///< `]` or `}`.
        std::uint32_t position;    ///< Of an array's current element.
        std::uint32_t first_name;  ///< Of an object, among the names.
        std::uint64_t seen;        ///< A bit for the upper 6 bits of each hash of an object's names.
    };
    /// What is kept from one text to the next, so that parsing allocates nothing.
    struct Scratch;

    Step value();
    Step follow();
    Step open(char bracket);
    bool close();
    bool literal(std::string_view word);
    bool number();
    bool string(std::size_t frames);
    bool name();
    bool check_name();

    void skip_space();
    void put(char c) { *to_++ = c; }
    /// Makes room for so many bytes and for all that is left of the text.
    void make_room(std::size_t bytes);

    bool fail(const char* at, std::string what);
    /// The same for JSON that breaks a rule of ours. The pointer leads to the innermost of the first `frames` frames'
    /// current members.
    bool refuse(const char* at, std::string what, std::size_t frames);
    bool refuse_name(const Name& name);
    std::string described() const;
    std::string pointer(std::size_t frames) const;

    std::string& out_;
    const char* begin_;
    const char* at_;
    const char* end_;
    char* to_;  ///< Into out_, which has room for all that is left of the text.
    std::size_t max_depth_;
    Scratch& scratch_;
    Fault fault_;
};

}  // namespace credvault::json
