// What the records of databases may take together, counted where they are written, so that no way of writing gets round
// it. The engine asks before it stores a record and tells what a transaction came to; who counts, and for whom, is
// decided above storage/. Thread-safe where it says so.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace credvault::storage {

/// Records and the bytes of their canonical texts; a difference may be negative.
struct Stock {
    std::int64_t records = 0;
    std::int64_t bytes = 0;

    Stock& operator+=(const Stock& other) {
        records += other.records;
        bytes += other.bytes;
        return *this;
    }
    friend Stock operator-(const Stock& a) { return {-a.records, -a.bytes}; }
    friend bool operator==(const Stock&, const Stock&) = default;
};

/// Of one database. Thread-safe.
class Allowance {
public:
    virtual ~Allowance() = default;
    /// Claims what a transaction wants to add before it is committed; neither part is negative. Fails with
    /// QUOTA_EXCEEDED, and nothing is claimed.
    virtual Status claim(const Stock& more) = 0;
    /// A transaction has ended: what it added in all (nothing where it was undone), and what it had claimed for that.
    virtual void settle(const Stock& added, const Stock& claimed) = 0;
    /// What is in the database, as it was read.
    virtual void set(const Stock& total) = 0;
};

/// Thread-safe.
class Quotas {
public:
    virtual ~Quotas() = default;
    /// Of a database that is opened or made; never null. Called before the first write to it.
    virtual std::shared_ptr<Allowance> allowance(std::string_view database) = 0;
    /// Whose database it is; before its first record is written.
    virtual void place(std::string_view database, std::string_view workspace) = 0;
    /// The database is gone.
    virtual void forget(std::string_view database) = 0;
};

/// What one write transaction takes of an allowance; where it ends without keep(), it has taken nothing. One thread.
class Claim {
public:
    explicit Claim(std::shared_ptr<Allowance> of) : of_(std::move(of)) {}
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim() {
        if (of_ && claimed_ != Stock()) of_->settle({}, claimed_);
    }

    /// Fails with QUOTA_EXCEEDED, with nothing changed, where the transaction would grow beyond what is free. What it
    /// removed itself is free to it.
    Status add(const Stock& more) {
        if (!of_) return {};
        Stock after = net_;
        after += more;
        const Stock missing{
            after.records > claimed_.records && more.records > 0 ? after.records - claimed_.records : 0,
            after.bytes > claimed_.bytes && more.bytes > 0 ? after.bytes - claimed_.bytes : 0};
        if (missing != Stock()) {
            TRY_VOID(of_->claim(missing));
            claimed_ += missing;
        }
        net_ = after;
        return {};
    }
    const Stock& net() const { return net_; }
    /// As it was at an earlier time; what was claimed since stays claimed until the end.
    void return_to(const Stock& net) { net_ = net; }
    /// The transaction is committed.
    void keep() {
        if (of_ && (net_ != Stock() || claimed_ != Stock())) of_->settle(net_, claimed_);
        net_ = claimed_ = {};
    }

private:
    std::shared_ptr<Allowance> of_;
    Stock net_;
    Stock claimed_;
};

}  // namespace credvault::storage
