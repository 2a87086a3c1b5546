// The inline part of view.h: finding and walking, which a filter does on every record that it examines. All of it
// stays below the limit it is given, whatever the text. Include view.h instead.
#pragma once

#include <bit>
#include <cstring>

#include "json/block.h"
#include "json/view.h"

namespace credvault::json {

namespace detail {

/// The end of the array or object that begins at `at`.
const char* skip_container(const char* at, const char* limit);

/// The closing quote of the string whose text begins at `at`.
inline const char* string_end(const char* at, const char* limit) {
    while (limit - at >= block_size) {
        const std::uint32_t stops = Block::load(at).string_stops();
        if (stops == 0) {
            at += block_size;
            continue;
        }
        at += std::countr_zero(stops);
        if (*at == '"') return at;
        at += 2;
    }
    while (at < limit && *at != '"') at += *at == '\\' ? 2 : 1;
    return at < limit ? at : limit;
}

/// The end of the number, `true`, `false` or `null` at `at`.
inline const char* scalar_end(const char* at, const char* limit) {
    while (limit - at >= block_size) {
        const std::uint32_t ends = Block::load(at).value_ends();
        if (ends != 0) return at + std::countr_zero(ends);
        at += block_size;
    }
    while (at < limit && *at != ',' && *at != ']' && *at != '}') ++at;
    return at;
}

}  // namespace detail

inline const char* skip_value(const char* at, const char* limit) {
    if (at >= limit) return limit;
    if (*at == '"') {
        const char* quote = detail::string_end(at + 1, limit);
        return quote < limit ? quote + 1 : limit;
    }
    if (*at == '{' || *at == '[') return detail::skip_container(at, limit);
    return detail::scalar_end(at, limit);
}

inline Elements::Iterator::Iterator(const char* at, const char* limit)
    : begin_(at), end_(skip_value(at, limit)), limit_(limit) {}

inline Elements::Iterator& Elements::Iterator::operator++() {
    if (end_ < limit_ && *end_ == ',') {
        begin_ = end_ + 1;
        end_ = skip_value(begin_, limit_);
    } else {
        begin_ = nullptr;
    }
    return *this;
}

inline Elements::Iterator Elements::begin() const {
    if (text_.size() <= 2) return {};
    return {text_.data() + 1, text_.data() + text_.size() - 1};
}

inline void Members::Iterator::load() {
    const char* name = at_ + 1;
    const char* quote = detail::string_end(name, limit_);
    const char* value = limit_ - quote > 2 ? quote + 2 : limit_;
    const char* end = skip_value(value, limit_);
    member_.name = {name, static_cast<std::size_t>(quote - name)};
    member_.value = View({value, static_cast<std::size_t>(end - value)});
}

inline Members::Iterator& Members::Iterator::operator++() {
    const std::string_view value = member_.value.text();
    const char* end = value.data() + value.size();
    if (end < limit_ && *end == ',' && limit_ - end > 2) {
        at_ = end + 1;
        load();
    } else {
        at_ = nullptr;
    }
    return *this;
}

inline Members::Iterator Members::begin() const {
    if (text_.size() <= 2) return {};
    return {text_.data() + 1, text_.data() + text_.size() - 1};
}

inline Elements View::elements() const { return Elements(text_); }
inline Members View::members() const { return Members(text_); }

}  // namespace credvault::json
