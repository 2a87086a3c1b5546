// What a job is asked to import: the parameters that are kept with it. A value type.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "documents/transfer/importer.h"
#include "json/view.h"

namespace credvault::documents {

struct ImportOrder {
    std::string file;    ///< In the spool directory.
    std::string coding;  ///< "gzip", "zstd" or empty.
    std::uint64_t bytes = 0;
    ImportTarget target;  ///< Without actor and key, which the job has.
    ImportRules rules;

    std::string text() const;
    /// Fails with INVALID_DATA on what text() did not make.
    static Result<ImportOrder> parse(const json::View& text);
};

}  // namespace credvault::documents
