// Where a webhook stands in one log: how far it was read, and what of it is settled. Messages settle in any order; the
// position that is kept moves over all that are, and those beyond it are kept beside it. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "webhooks/delivery_store.h"

namespace credvault::webhooks {

class LogCursor {
public:
    explicit LogCursor(std::string log) : log_(std::move(log)) {}

    const std::string& log() const { return log_; }

    /// Whether it is known where to go on; else begin() says so.
    bool has_begun() const { return begun_; }
    void begin(const Progress& progress);
    std::uint64_t read_to() const { return read_to_; }
    /// Everything up to here is settled.
    std::uint64_t position() const { return position_; }
    /// Settled ones beyond the position.
    std::size_t ahead() const { return ahead_; }

    /// Whether the message was settled before a restart.
    bool is_settled(std::uint64_t sequence) const { return settled_before_.contains(sequence); }
    /// A message of this sequence is to be settled; several may have the same one.
    void expect(std::uint64_t sequence) {
        const bool was_settled = !pending_.emplace(sequence, 0).second && pending_[sequence] == 0;
        if (was_settled) --ahead_;
        ++pending_[sequence];
    }
    void settle(std::uint64_t sequence);
    /// Everything up to here was looked at.
    void read(std::uint64_t to);
    /// Events up to there are lost.
    void skip(std::uint64_t to);

    /// Whether the progress is another than at the last call of progress().
    bool changed() const { return changed_; }
    Progress progress();

    // The dispatcher's.
    bool woken = true;         ///< There may be more to read.
    bool under_way = false;    ///< It is being read.
    std::int64_t from_ms = 0;  ///< What happened before is not for the webhook.

private:
    void move();

    const std::string log_;
    bool begun_ = false;
    std::uint64_t read_to_ = 0;
    std::uint64_t position_ = 0;
    std::map<std::uint64_t, unsigned> pending_;  ///< Sequences beyond the position; 0: settled.
    std::size_t ahead_ = 0;
    std::set<std::uint64_t> settled_before_;
    bool changed_ = false;
};

}  // namespace credvault::webhooks
