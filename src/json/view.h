// A value inside canonical JSON text (canonical.h), read in place: no copy, no parse tree. Canonical text has been
// validated and has no white space, so reading it needs neither checks nor padding. A View is two pointers, valid as
// long as the text; copying is free; reading is thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "json/type.h"

namespace credvault::json {

class Elements;
class Members;

class View {
public:
    /// The value null.
    View() : text_("null") {}
    /// Precondition: exactly one canonical value, nothing around it.
    explicit View(std::string_view canonical) : text_(canonical) {}

    Type type() const;
    bool is_null() const { return text_[0] == 'n'; }
    bool is_string() const { return text_[0] == '"'; }
    bool is_array() const { return text_[0] == '['; }
    bool is_object() const { return text_[0] == '{'; }
    bool is_number() const { return text_[0] == '-' || (text_[0] >= '0' && text_[0] <= '9'); }

    /// Preconditions for these: the type fits. as_double() takes integers too.
    bool as_bool() const { return text_[0] == 't'; }
    std::int64_t as_int() const;
    double as_double() const;
    /// A string's characters, decoded.
    std::string as_string() const;
    /// The same without a copy where nothing is escaped; otherwise decodes into `scratch`.
    std::string_view decoded(std::string& scratch) const;
    /// What stands between a string's quotes, still escaped. Equal strings have equal escaped text.
    std::string_view escaped() const { return text_.substr(1, text_.size() - 2); }

    /// An array's elements, an object's members, in their order.
    Elements elements() const;
    Members members() const;
    /// An object's member by its escaped name (escape_key; most names are their own escaped form). Nothing where this
    /// is no object.
    std::optional<View> find(std::string_view escaped_name) const;
    /// The number of elements or members. Takes time: it walks them.
    std::size_t size() const;
    /// Whether an array, object or string has nothing in it.
    bool empty() const { return text_.size() == 2; }

    /// The canonical text of the value.
    std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

/// One member of an object. The name is in its escaped form.
struct Member {
    std::string_view name;
    View value;
};

/// Range over the elements of an array.
class Elements {
public:
    class Iterator {
    public:
        using value_type = View;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        Iterator() = default;
        /// `at` is the first element's place, `limit` that of the array's closing bracket.
        Iterator(const char* at, const char* limit);
        View operator*() const { return View({begin_, static_cast<std::size_t>(end_ - begin_)}); }
        Iterator& operator++();
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& it, std::default_sentinel_t) { return it.begin_ == nullptr; }

    private:
        const char* begin_ = nullptr;  ///< Null at the end.
        const char* end_ = nullptr;
        const char* limit_ = nullptr;
    };
    explicit Elements(std::string_view array) : text_(array) {}
    Iterator begin() const;
    std::default_sentinel_t end() const { return {}; }

private:
    std::string_view text_;
};

/// Range over the members of an object.
class Members {
public:
    class Iterator {
    public:
        using value_type = Member;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        Iterator() = default;
        /// `at` is the first name's quote, `limit` the place of the object's closing bracket.
        Iterator(const char* at, const char* limit) : at_(at), limit_(limit) { load(); }
        Member operator*() const { return member_; }
        const Member* operator->() const { return &member_; }
        Iterator& operator++();
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& it, std::default_sentinel_t) { return it.at_ == nullptr; }

    private:
        void load();
        const char* at_ = nullptr;  ///< The member's first quote; null at the end.
        const char* limit_ = nullptr;
        Member member_;
    };
    explicit Members(std::string_view object) : text_(object) {}
    Iterator begin() const;
    std::default_sentinel_t end() const { return {}; }

private:
    std::string_view text_;
};

/// The end of the canonical value that begins at `at`. Precondition: a whole canonical value stands there, followed by
/// one of `,` `]` `}` or by the end of the text, which for a bare number must be passed as `limit`. Nothing from
/// `limit` on is read.
const char* skip_value(const char* at, const char* limit);

}  // namespace credvault::json

#include "json/view_inline.h"
