// Rows of an engine's answer that are held in memory, within a query's budget. For one find at a time.
#pragma once

#include "query/pipeline/batch.h"
#include "query/pipeline/work.h"
#include "storage/read.h"

namespace credvault::documents {

class HeldRows final : public storage::RowSink {
public:
    HeldRows(query::Batch& batch, query::MemoryShare& memory)
        : batch_(batch), memory_(memory), before_(batch.size()) {}

    bool row(const storage::Row& row) override {
        batch_.add(row.record);
        const std::size_t bytes = row.record.text().size() + sizeof(std::size_t);
        taken_ += bytes;
        overflowed_ = !memory_.take(bytes) || overflowed_;
        return !overflowed_;
    }
    void restart() override {
        batch_.truncate(before_);
        memory_.give_back(std::exchange(taken_, 0));
        overflowed_ = false;
    }
    bool overflowed() const { return overflowed_; }

private:
    query::Batch& batch_;
    query::MemoryShare& memory_;
    std::size_t before_;
    std::size_t taken_ = 0;
    bool overflowed_ = false;
};

}  // namespace credvault::documents
