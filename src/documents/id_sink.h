// Keeps the ids of rows. One query, one thread at a time.
#pragma once

#include <string>
#include <vector>

#include "json/writer.h"
#include "storage/read.h"
#include "storage/record.h"

namespace credvault::documents {

class IdSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        json::append_decoded(ids.emplace_back(), storage::record_id_escaped(row.record));
        return true;
    }
    void restart() override { ids.clear(); }

    std::vector<std::string> ids;
};

}  // namespace credvault::documents
