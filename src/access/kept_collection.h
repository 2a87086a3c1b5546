// A collection of the events database whose records go by age: what is written at a high rate and kept for a time.
#pragma once

#include <cstdint>
#include <string>

#include "base/reply.h"
#include "storage/engine.h"

namespace credvault::access {

struct KeptCollection {
    std::string name;
    std::string time_field;  ///< A time's text; records go when it is `keep_seconds` ago.
    std::int64_t keep_seconds = 0;
    std::string index_name;    ///< Of one more index, where it is not empty.
    std::string index_fields;  ///< As a sort: "workspace,day".
};

/// Makes it and its indexes, or gives one that is there the age that is asked for: another figure takes another index.
/// Fails as Engine::write does.
Reply<void> open_kept(storage::Engine& engine, KeptCollection wanted);

}  // namespace credvault::access
