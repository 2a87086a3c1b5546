// A sink between an engine and its caller's that checks the rows: canonical records, in the order asked for, none
// twice, no more than wanted, from one thread at a time, and none after the reply. Internal to contract_engine.cpp.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include "storage/read.h"

namespace credvault::storage {

class ContractSink final : public RowSink {
public:
    struct Expectation {
        const query::Sort* sort = nullptr;  ///< Null: rows may come in any order. Not used after close().
        std::string after;                  ///< Every position is greater.
        std::uint64_t limit = no_limit;
    };
    using Report = std::function<void(const std::string&)>;

    ContractSink(RowSink& inner, Expectation expected, Report report);

    bool row(const Row& row) override;
    void restart() override;

    /// The reply is there: whatever is called from now on is reported. The caller's sink is no longer touched.
    void close();
    /// What was wrong with the rows, the first of it; empty where nothing was.
    const std::string& wrong() const { return wrong_; }
    std::uint64_t rows() const { return rows_; }
    /// Of the last row. Empty with any order.
    const std::string& position() const { return position_; }

private:
    void note(std::string wrong);
    void check(const Row& row);

    RowSink& inner_;
    const Expectation expected_;
    const Report report_;
    std::atomic<bool> busy_{false};
    std::atomic<bool> closed_{false};
    std::string wrong_;
    std::uint64_t rows_ = 0;
    bool stopped_ = false;
    std::string position_;
    std::unordered_set<std::string> ids_;  ///< As far as they fit.
};

/// Keeps the last closed sinks alive, so that a late call is seen rather than a crash.
class ClosedSinks {
public:
    void keep(std::shared_ptr<ContractSink> sink);

private:
    std::mutex mutex_;
    std::deque<std::shared_ptr<ContractSink>> sinks_;
};

}  // namespace credvault::storage
