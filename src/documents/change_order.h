// What a job is asked to update or delete: the parameters that are kept with it. A value type.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "json/view.h"

namespace credvault::documents {

struct ChangeOrder {
    std::string database;  ///< The engine's id.
    std::string collection;
    std::int64_t collection_ms = 0;  ///< When it was made: one of the same name made later is another.
    std::string filter = "{}";       ///< Canonical text, as of the rest.
    std::string update;              ///< Empty: the records are removed.
    std::string array_filters;       ///< Or empty.
    std::int64_t now_ms = 0;         ///< For $currentDate: one time for all.

    std::string text() const;
    /// Fails with INVALID_DATA on what text() did not make.
    static Result<ChangeOrder> parse(const json::View& text);
};

}  // namespace credvault::documents
