// Several top-level fields of a document, found in one pass over its text. Internal to query/pipeline/. One step's.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "json/view.h"
#include "json/writer.h"
#include "query/expression/expression.h"
#include "query/expression/item.h"

namespace credvault::query {

class DocumentFields {
public:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// The place of the field that the expression is and nothing else, or none.
    std::size_t place_of(const Expression& expression) {
        const std::string* const path = expression.field();
        if (path == nullptr || path->find('.') != std::string::npos) return none;
        std::string name = json::escape_key(*path);
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i] == name) return i;
        }
        names_.push_back(std::move(name));
        values_.resize(names_.size());
        return names_.size() - 1;
    }

    void read(const json::View& document) {
        if (names_.empty()) return;
        for (std::string_view& value : values_) value = {};
        const char* at = document.text().data() + 1;
        const char* const limit = document.text().data() + document.text().size() - 1;
        std::size_t missing = names_.size();
        while (at < limit) {
            const char* const colon = json::skip_value(at, limit);
            if (colon - at < 2 || limit - colon < 2) break;
            const std::size_t place = place_named(at + 1, static_cast<std::size_t>(colon - at) - 2);
            const char* const end = json::skip_value(colon + 1, limit);
            at = end + 1;
            if (place == none) continue;
            values_[place] = {colon + 1, static_cast<std::size_t>(end - colon - 1)};
            if (--missing == 0) break;
        }
    }

    /// Empty where the field is missing.
    std::string_view text(std::size_t place) const { return values_[place]; }
    Item item(std::size_t place) const {
        return values_[place].empty() ? Item() : Item(json::View(values_[place]));
    }

private:
    std::size_t place_named(const char* name, std::size_t size) const {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i].size() == size && std::memcmp(names_[i].data(), name, size) == 0) return i;
        }
        return none;
    }

    std::vector<std::string> names_;  ///< Escaped.
    std::vector<std::string_view> values_;
};

}  // namespace credvault::query
