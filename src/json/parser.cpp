#include "json/parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "json/number.h"
#include "json/place.h"
#include "json/quoted.h"
#include "json/writer.h"

namespace credvault::json {
namespace {

/// Room for numbers that grow, so that few texts need more than one allocation.
constexpr std::size_t room_to_grow = 64;

}  // namespace

struct Parser::Scratch {
    std::vector<Frame> frames;
    std::vector<Name> names;
    std::vector<std::uint32_t> table;

    static Scratch& of_thread() {
        thread_local Scratch scratch;
        constexpr std::size_t kept = 16 * 1024;  // What one exceptional text needed is given back.
        if (scratch.names.capacity() > kept || scratch.frames.capacity() > kept) scratch = {};
        scratch.frames.clear();
        scratch.names.clear();
        return scratch;
    }
};

Parser::Parser(std::string& out, std::string_view text, std::size_t max_depth)
    : out_(out),
      begin_(text.data()),
      at_(text.data()),
      end_(text.data() + text.size()),
      to_(nullptr),
      max_depth_(max_depth),
      scratch_(Scratch::of_thread()) {
    const std::size_t before = out.size();
    out.resize(before + text.size() + room_to_grow);
    to_ = out.data() + before;
}

bool Parser::run() {
    Step step = Step::Value;
    while (step == Step::Value) step = value();
    out_.resize(static_cast<std::size_t>(to_ - out_.data()));
    return step == Step::End;
}

void Parser::skip_space() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
}

Parser::Step Parser::value() {
    skip_space();
    const char first = at_ < end_ ? *at_ : '\0';
    bool complete = false;
    switch (first) {
        case '{':
        case '[': return open(first);
        case '"': complete = string(scratch_.frames.size()); break;
        case 't': complete = literal("true"); break;
        case 'f': complete = literal("false"); break;
        case 'n': complete = literal("null"); break;
        default:
            complete = first == '-' || (first >= '0' && first <= '9')
                           ? number()
                           : fail(at_, described() + " where a value is expected");
    }
    return complete ? follow() : Step::Failed;
}

/// What comes after a value: the next one, or the end.
Parser::Step Parser::follow() {
    for (;;) {
        skip_space();
        if (scratch_.frames.empty()) break;
        Frame& frame = scratch_.frames.back();
        const char next = at_ < end_ ? *at_ : '\0';
        if (next == ',') {
            put(*at_++);
            ++frame.position;
            return frame.closing == ']' || name() ? Step::Value : Step::Failed;
        }
        if (next != frame.closing) {
            fail(at_, described() + " where ',' or '" + frame.closing + "' is expected");
            return Step::Failed;
        }
        if (!close()) return Step::Failed;
    }
    if (at_ == end_) return Step::End;
    fail(at_, described() + " after the end of the value");
    return Step::Failed;
}

Parser::Step Parser::open(char bracket) {
    if (scratch_.frames.size() >= max_depth_) {
        refuse(at_,
               "arrays and objects must not be nested deeper than " + std::to_string(max_depth_) + " levels",
               scratch_.frames.size());
        return Step::Failed;
    }
    const char closing = bracket == '{' ? '}' : ']';
    scratch_.frames.push_back({closing, 0, static_cast<std::uint32_t>(scratch_.names.size()), 0});
    put(bracket);
    ++at_;
    skip_space();
    if (at_ < end_ && *at_ == closing) return close() ? follow() : Step::Failed;
    return closing == ']' || name() ? Step::Value : Step::Failed;
}

bool Parser::close() {
    const Frame& frame = scratch_.frames.back();
    const std::size_t count = scratch_.names.size() - frame.first_name;
    if (count > few_names) {
        const Name* names = scratch_.names.data() + frame.first_name;
        if (const Name* twice = find_duplicate(names, count, out_.data(), scratch_.table))
            return refuse_name(*twice);
    }
    put(*at_++);
    scratch_.names.resize(frame.first_name);
    scratch_.frames.pop_back();
    return true;
}

bool Parser::literal(std::string_view word) {
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (std::string_view(at_, std::min(left, word.size())) != word) {
        return fail(at_, "a value must be an object, an array, a string, a number, true, false or null");
    }
    std::memcpy(to_, word.data(), word.size());
    to_ += word.size();
    at_ += word.size();
    return true;
}

bool Parser::number() {
    const NumberScan scan = scan_number(at_, end_);
    if (!scan.wrong.empty()) return fail(scan.end, std::string(scan.wrong));
    std::string_view number(at_, scan.end);
    char converted[max_double_bytes];
    if (!scan.verbatim) {
        const char* end = put_canonical_number(converted, number);
        if (end == nullptr) {
            return refuse(at_, "a number must be within the range of a double", scratch_.frames.size());
        }
        number = {converted, end};
    }
    make_room(number.size());
    std::memcpy(to_, number.data(), number.size());
    at_ = scan.end;
    to_ += number.size();
    return true;
}

/// Copies a string; what is refused in it concerns the innermost of so many frames.
bool Parser::string(std::size_t frames) {
    if (const std::ptrdiff_t size = copy_short(at_, end_, to_); size != 0) {
        at_ += size;
        to_ += size;
        return true;
    }
    const QuotedCopy copy = copy_quoted(at_, end_, to_);
    at_ = copy.at;
    to_ = copy.to;
    if (copy.wrong.empty()) return true;
    return copy.refused ? refuse(at_, std::string(copy.wrong), frames) : fail(at_, std::string(copy.wrong));
}

/// A member's name and the colon.
bool Parser::name() {
    skip_space();
    if (at_ == end_ || *at_ != '"') {
        return fail(at_, described() + " where a member's name in quotes is expected");
    }
    const char* sent = at_;
    const char* written = to_ + 1;
    if (!string(scratch_.frames.size() - 1)) return false;
    const std::string_view text(written, to_ - 1);
    scratch_.names.emplace_back(static_cast<std::uint32_t>(sent - begin_),
                                static_cast<std::uint32_t>(written - out_.data()),
                                static_cast<std::uint32_t>(text.size()), hash_name(text));
    if (!check_name()) return false;
    skip_space();
    if (at_ == end_ || *at_ != ':') {
        return fail(at_, described() + " where ':' is expected after a member's name");
    }
    put(*at_++);
    return true;
}

/// Compares the last name with those before in its object, while they are few.
bool Parser::check_name() {
    Frame& frame = scratch_.frames.back();
    const std::vector<Name>& names = scratch_.names;
    const Name& name = names.back();
    const std::uint64_t bit = std::uint64_t{1} << (name.hash >> 26);
    if ((frame.seen & bit) != 0 && names.size() - frame.first_name <= few_names) {
        for (std::size_t i = frame.first_name; i + 1 < names.size(); ++i) {
            const bool same = names[i].hash == name.hash && names[i].in(out_.data()) == name.in(out_.data());
            if (same) return refuse_name(name);
        }
    }
    frame.seen |= bit;
    return true;
}

void Parser::make_room(std::size_t bytes) {
    const auto written = static_cast<std::size_t>(to_ - out_.data());
    const std::size_t needed = written + bytes + static_cast<std::size_t>(end_ - at_);
    if (out_.size() >= needed) return;
    out_.resize(needed + needed / 2);
    to_ = out_.data() + written;
}

bool Parser::fail(const char* at, std::string what) {
    fault_ = {at, std::move(what), false, {}};
    return false;
}

bool Parser::refuse(const char* at, std::string what, std::size_t frames) {
    fault_ = {at, std::move(what), true, pointer(frames)};
    return false;
}

bool Parser::refuse_name(const Name& name) {
    refuse(begin_ + name.sent, "a member's name must not come twice in one object",
           scratch_.frames.size() - 1);
    append_pointer(fault_.pointer, name.in(out_.data()));
    return false;
}

std::string Parser::described() const {
    if (at_ == end_) return "the text ends";
    if (static_cast<unsigned char>(*at_) <= 0x20 || static_cast<unsigned char>(*at_) >= 0x7f) {
        return "there is an unexpected character";
    }
    return std::string("there is a '") + *at_ + "'";
}

std::string Parser::pointer(std::size_t frames) const {
    std::string pointer;
    for (std::size_t i = 0; i < frames; ++i) {
        const Frame& frame = scratch_.frames[i];
        if (frame.closing == ']') {
            append_pointer(pointer, std::to_string(frame.position));
            continue;
        }
        const bool last = i + 1 == scratch_.frames.size();
        const std::size_t past = last ? scratch_.names.size() : scratch_.frames[i + 1].first_name;
        append_pointer(pointer, scratch_.names[past - 1].in(out_.data()));
    }
    return pointer;
}

}  // namespace credvault::json
