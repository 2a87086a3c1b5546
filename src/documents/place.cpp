#include "documents/place.h"

#include <algorithm>

namespace credvault::documents {

Status check_name(std::string_view name, std::string_view field) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    if (!name.empty() && name.size() <= 64 && letter(name[0]) &&
        std::all_of(name.begin(), name.end(), allowed)) {
        return {};
    }
    return Error(ErrorCode::INVALID_PARAMETER,
                 "A name has 1 to 64 characters (letters, digits, '_' and '-') and starts with a letter",
                 std::string(field));
}

}  // namespace credvault::documents
