// Collects the distinct values of a field: an array's elements count one by one, values that are equal in the order of
// values (1 and 1.0) count once. Used by one question at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "query/path.h"
#include "storage/read.h"

namespace credvault::documents {

class DistinctSink final : public storage::RowSink {
public:
    DistinctSink(const query::Path& path, std::size_t max_bytes) : path_(path), max_bytes_(max_bytes) {}

    bool row(const storage::Row& row) override;
    void restart() override;

    bool too_large() const { return bytes_ > max_bytes_; }
    std::uint64_t size() const { return values_.size(); }
    /// The values in their order, as a canonical array.
    std::string values() const;

private:
    void walk(const json::View& value, std::size_t part, bool from_array);
    void add(const json::View& value);

    const query::Path& path_;
    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    std::map<std::string, std::string> values_;  ///< By encoded key, so in order.
};

}  // namespace credvault::documents
