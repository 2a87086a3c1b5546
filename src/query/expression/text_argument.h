// How the functions of operators read their arguments where several families do so alike. Internal to
// query/expression/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "query/expression/item.h"
#include "query/expression/operator.h"

namespace credvault::query {

/// A string argument's characters. The text lasts as long as this and the Item.
class TextArgument {
public:
    /// Precondition: a string.
    explicit TextArgument(const Item& item) : text_(item.string(scratch_)) {}
    TextArgument(const TextArgument&) = delete;
    TextArgument& operator=(const TextArgument&) = delete;

    std::string_view operator*() const { return text_; }
    const std::string_view* operator->() const { return &text_; }

private:
    std::string scratch_;
    std::string_view text_;
};

/// Where `part` begins in the text, not before `from`, in bytes; npos where it does not. Takes linear time, whatever
/// the texts (std::string_view::find does not).
std::size_t find_text(std::string_view text, std::string_view part, std::size_t from);
/// A whole number of 32 bits, given as an integer or as a double without a fraction.
std::optional<std::int64_t> whole_32(const Item& item);
/// A whole number of 64 bits.
std::optional<std::int64_t> whole_64(const Item& item);
/// What the string operators that take other values make of them: null and missing become the empty string, numbers
/// their digits (doubles with six significant ones). Fails, naming the argument as `what`, for everything else.
Result<std::string> lenient_text(const Call& call, std::string_view what, const Item& item);

}  // namespace credvault::query
