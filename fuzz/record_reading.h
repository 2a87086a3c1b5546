// What fuzz targets of data to import share: everything that a reader makes of it, fed in pieces of a size. Each record
// must be a canonical object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "documents/transfer/record_reader.h"
#include "json/canonical.h"

namespace credvault::fuzz {

using Step = documents::RecordReader::Step;

inline void require(bool holds) {
    if (!holds) std::abort();
}

inline std::vector<std::string> read(documents::RecordReader& reader, std::string_view data,
                                     std::size_t piece) {
    std::vector<std::string> found;
    while (true) {
        std::string record;
        switch (reader.next(record)) {
            case Step::Record: {
                const auto canonical = json::canonicalize(record);
                require(canonical.ok() && *canonical == record && record.front() == '{');
                found.push_back(record);
                break;
            }
            case Step::Refused: found.push_back(reader.take_error().message); break;
            case Step::Hungry:
                if (data.empty()) {
                    reader.end();
                } else {
                    reader.feed(data.substr(0, piece));
                    data.remove_prefix(std::min(piece, data.size()));
                }
                break;
            case Step::Done: return found;
            case Step::Broken: found.push_back(reader.take_error().message); return found;
        }
    }
}

}  // namespace credvault::fuzz
