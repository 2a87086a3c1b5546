// A sink around another that tells how much time that one took, apart from the finding. As thread-safe as the other.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "storage/read.h"

namespace credvault::documents {

class TimedSink final : public storage::RowSink {
public:
    explicit TimedSink(storage::RowSink& inner) : inner_(inner) {}

    bool row(const storage::Row& row) override {
        const std::int64_t before = monotonic_ns();
        const bool more = inner_.row(row);
        ns_ += monotonic_ns() - before;
        return more;
    }
    void restart() override { inner_.restart(); }

    std::int64_t ns() const { return ns_; }

private:
    storage::RowSink& inner_;
    std::int64_t ns_ = 0;
};

}  // namespace credvault::documents
