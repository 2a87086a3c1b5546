// What an engine knows of databases, collections and indexes. Value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/key.h"

namespace credvault::storage {

enum class IndexState : std::uint8_t { Building, Ready, Failed };

struct IndexSpec {
    std::string name;
    query::IndexFields keys;
    bool unique = false;
    /// Records are removed so long after the time in the index's only field (a string of RFC 3339).
    std::optional<std::int64_t> ttl_seconds = {};
};

struct IndexInfo {
    IndexSpec spec;
    IndexState state = IndexState::Ready;
    std::string failure;  ///< Public; where the state is Failed.
    std::int64_t created_ms = 0;
    std::uint64_t records_done = 0;   ///< While building.
    std::uint64_t records_total = 0;  ///< While building.
    std::uint64_t entries = 0;        ///< May lag behind by what is being written.
    bool multikey = false;
    bool cut = false;
};

struct CollectionInfo {
    std::string name;
    std::string options = "{}";  ///< Canonical JSON object; the engine keeps it and doesn't read it.
    std::int64_t created_ms = 0;
    std::uint64_t records = 0;
    std::uint64_t record_bytes = 0;  ///< Sum of the records' canonical texts.
    std::vector<IndexInfo> indexes;  ///< By name.
};

struct DatabaseInfo {
    std::uint64_t collections = 0;
    std::uint64_t records = 0;
    std::uint64_t record_bytes = 0;
    std::uint64_t bytes_on_disk = 0;
};

}  // namespace credvault::storage
