#include "http/chunked.h"

#include <algorithm>

#include "http/syntax.h"

namespace credvault::http {
namespace {

Error bad(const char* message) { return Error(ErrorCode::MALFORMED_REQUEST, message); }

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

Result<std::string_view> ChunkDecoder::next(std::string_view& input) {
    while (!input.empty() && state_ != State::Done) {
        if (state_ == State::Data) {
            const std::string_view data = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
            input.remove_prefix(data.size());
            left_ -= data.size();
            if (left_ == 0) state_ = State::DataCr;
            return data;
        }
        TRY_VOID(step(input.front()));
        input.remove_prefix(1);
    }
    return std::string_view();
}

Status ChunkDecoder::step(char c) {
    switch (state_) {
        case State::SizeStart:
        case State::Size: return size_step(c);
        case State::Extension: return extension_step(c);
        case State::SizeLf:
            if (c != '\n') return bad("A chunk's size must end in CR LF");
            state_ = left_ > 0 ? State::Data : State::TrailerStart;
            digits_ = 0;
            return {};
        case State::DataCr:
            if (c != '\r') return bad("A chunk's data must end in CR LF where its size says");
            state_ = State::DataLf;
            return {};
        case State::DataLf:
            if (c != '\n') return bad("A chunk's data must end in CR LF where its size says");
            state_ = State::SizeStart;
            return {};
        default: return trailer_step(c);
    }
}

Status ChunkDecoder::size_step(char c) {
    const int digit = hex_digit(c);
    if (digit >= 0) {
        if (++digits_ > 15) return bad("A chunk's size is too large");
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
        state_ = State::Size;
        return {};
    }
    if (state_ == State::SizeStart) return bad("A chunk must begin with its size in hexadecimal");
    if (c == '\r') {
        state_ = State::SizeLf;
    } else if (c == ';') {
        state_ = State::Extension;
    } else {
        return bad("A chunk's size must be hexadecimal and end in CR LF");
    }
    return {};
}

Status ChunkDecoder::extension_step(char c) {
    if (c == '\r') {
        state_ = State::SizeLf;
        return {};
    }
    if (is_control(c)) return bad("A chunk extension has a control character");
    if (++extension_bytes_ > bounds_.extension_bytes) return bad("The chunk extensions are too long");
    return {};
}

Status ChunkDecoder::trailer_step(char c) {
    if (++trailer_bytes_ > bounds_.trailer_bytes) return bad("The trailer is too long");
    switch (state_) {
        case State::TrailerStart:
            if (c == '\r') {
                state_ = State::EndLf;
                return {};
            }
            if (++trailer_fields_ > bounds_.trailer_fields) return bad("The trailer has too many fields");
            [[fallthrough]];
        case State::TrailerName:
            if (c == ':' && state_ == State::TrailerName) {
                state_ = State::TrailerValue;
            } else if (is_token_char(c)) {
                state_ = State::TrailerName;
            } else {
                return bad("A trailer field has no valid name followed by a colon");
            }
            return {};
        case State::TrailerValue:
            if (c == '\r') {
                state_ = State::TrailerLf;
            } else if (is_control(c)) {
                return bad("A trailer field has a control character");
            }
            return {};
        case State::TrailerLf:
            if (c != '\n') return bad("A trailer field must end in CR LF");
            state_ = State::TrailerStart;
            return {};
        default:
            if (c != '\n') return bad("The body must end in CR LF");
            state_ = State::Done;
            return {};
    }
}

}  // namespace credvault::http
